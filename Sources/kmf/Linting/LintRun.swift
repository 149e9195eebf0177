import Glibc
import InputFiles
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// One run of `kmf lint`: find, read everything, judge what is to be reported, report in order.
struct LintRun {
  private let settings: LintSettings
  private let start = ContinuousClock.now

  init(_ settings: LintSettings) { self.settings = settings }

  /// Judges everything; the status says what was found.
  func run() throws(CommandFailure) -> ExitStatus {
    let requests = try Reports.requests(settings.common)
    let inputs = LintInputs(settings.common)
    let threads = settings.common.jobs ?? Workers.suitableCount
    var context = try RunContext.make(settings.common)
    context.workingFolder = Repository.workingFolder
    var session = LintSession(
      inputs.all, context: context, externals: settings.externals, threads: threads)
    var state = ValidationRun.Progressing(
      reports: try Reports(settings.common),
      progress: Progress(total: inputs.reported.count, isQuiet: settings.common.isQuiet),
      complainsOfFailures: !Reports.showsFailures(requests))
    for error in inputs.listing.errors { _ = state.take(FileResult(error)) }
    for other in inputs.listing.passedOver { _ = state.take(FileResult(other)) }
    let reported = session.files.indices.filter {
      inputs.reported.contains(session.files[$0].input.path)
    }
    let judge = LintJudge(session, settings)
    state = judge.report(reported, into: state, threads: threads)
    return try finish(&state)
  }

  private func finish(_ state: inout ValidationRun.Progressing) throws(CommandFailure) -> ExitStatus
  {
    state.progress.clear()
    state.standardOutput.flush()
    if let text = state.standardOutput.failureText { throw CommandFailure(text) }
    try state.reports.end(after: start.duration(to: .now))
    let summary = state.reports.summary
    if state.hasUnreadable { return .usage }
    return summary.status(settings.common.failOn)
  }
}

/// Judges files of a session: validation and lint in one result.
struct LintJudge: Sendable {
  private let files: [LintSession.File]
  private let context: ValidationContext
  private let universe: Universe
  private let selection: AdviceSelection
  private let policy: SuppressionPolicy

  init(_ session: LintSession, _ settings: LintSettings) {
    files = session.files
    context = session.context
    universe = session.universe
    selection = settings.selection
    policy = settings.policy
  }

  /// What one thread needs.
  private struct Worker {
    let validator: Validator
    let linter: Linter
  }

  private func worker() -> Worker {
    Worker(
      validator: Validator(context),
      linter: Linter(universe, selection: selection, versions: context.options.versions))
  }

  /// Reports on the files at `positions`, in their order.
  func report(
    _ positions: [Int], into state: sending ValidationRun.Progressing, threads: Int
  ) -> ValidationRun.Progressing {
    let judge = self
    return OrderedWork.run(
      count: positions.count, threads: threads, into: state,
      worker: {
        let worker = judge.worker()
        return { judge.result(positions[$0], worker) }
      },
      take: { state, file in state.take(file) })
  }

  private func result(_ position: Int, _ worker: Worker) -> FileResult {
    let file = files[position]
    switch file.text {
    case .failure(let error): return FileResult(error)
    case .success(let source):
      let settled = file.advice.map { worker.linter.advice(on: $0, under: policy) }
      var result = worker.validator.validate(
        source, isExplicit: file.input.origin == .named, advice: settled?.advice ?? [])
      result.suppressedCount = settled?.suppressed.count ?? 0
      return result
    }
  }
}

extension RunSummary {
  /// How a run with these counts ends.
  func status(_ failOn: FailOn) -> ExitStatus {
    switch failOn {
    case .never: .clean
    case .error: errors > 0 ? .findings : .clean
    case .warning: errors + warnings > 0 ? .findings : .clean
    }
  }
}
