import Glibc
import InputFiles
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// One run of `kmf render`: everything is read and rendered before anything is printed.
struct RenderRun {
  var settings: ValidateSettings
  var options: ManifestRenderer.Options

  fileprivate struct Progressing {
    var reports: Reports
    var objects: [Value] = []
    var hasUnreadable = false
  }

  /// The objects in the order of the inputs, and what was found on the way.
  func run() throws(CommandFailure) -> ([Value], ExitStatus) {
    let listing = settings.finder.find(settings.paths)
    let threads = settings.jobs ?? Workers.suitableCount
    var context = try RunContext.make(settings)
    NeighbouringKustomizations.survey(listing.inputs, into: &context)
    let survey = InputSurvey.survey(
      listing.inputs, context: context, threads: min(threads, listing.inputs.count))
    var state = Progressing(reports: try Reports(reportSettings))
    for error in listing.errors { state.take(FileResult(error)) }
    let inputs = survey.inputs
    let known = survey.context
    let options = options
    state = OrderedWork.run(
      count: inputs.count, threads: threads, into: state,
      worker: {
        let renderer = ManifestRenderer(known, options)
        return { Self.render(inputs[$0], renderer) }
      },
      take: { state, rendered in
        for what in rendered.passedOver {
          Complaint.writeLine("kmf: '\(rendered.report.file)' is left out: it is \(what)")
        }
        state.take(rendered.report)
        state.objects += rendered.objects
        return true
      })
    try state.reports.end(after: .zero)
    if state.hasUnreadable { return (state.objects, .usage) }
    return (state.objects, state.reports.summary.errors > 0 ? .findings : .clean)
  }

  private static func render(
    _ input: PreparedInput, _ renderer: ManifestRenderer
  ) -> ManifestRenderer.Rendered {
    switch input.read() {
    case .failure(let error): ManifestRenderer.Rendered(report: FileResult(error))
    case .success(let source):
      renderer.render(source, isExplicit: input.input.origin == .named)
    }
  }

  /// Findings go to standard error, without a summary.
  private var reportSettings: ValidateSettings {
    var settings = settings
    settings.outputs = []
    settings.isQuiet = true
    settings.reportDescriptor = STDERR_FILENO
    return settings
  }
}

extension RenderRun.Progressing {
  fileprivate mutating func take(_ file: FileResult) {
    if file.failure != nil { hasUnreadable = true }
    _ = reports.add(file)
  }
}
