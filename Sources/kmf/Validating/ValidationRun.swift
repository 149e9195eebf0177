import Glibc
import InputFiles
import ManifestRules
import ManifestSchema
import ManifestSyntax

/// One run of `kmf validate`: find, survey, judge in parallel, report in order.
struct ValidationRun {
  private let settings: ValidateSettings
  private let start = ContinuousClock.now

  init(_ settings: ValidateSettings) { self.settings = settings }

  /// What the reports and the end of the run are made from.
  struct Progressing {
    var reports: Reports
    var merging = PartMerger()
    var progress: Progress
    var doneCount = 0
    var hasUnreadable = false
    let complainsOfFailures: Bool
    var fixes = FixTally()
    /// What standard output gets besides, and is not the report's.
    var standardOutput = Output()
    var comparison: Comparison?
  }

  /// Judges everything; the status says what was found.
  func run() throws(CommandFailure) -> ExitStatus {
    let requests = try Reports.requests(settings)
    let listing = settings.finder.find(settings.paths)
    let inputs = withoutReports(listing.inputs, requests)
    let threads = settings.jobs ?? Workers.suitableCount
    var context = try RunContext.make(settings)
    let comparison = try Comparison.begin(settings, &context)
    NeighbouringKustomizations.survey(inputs, into: &context)
    let survey = InputSurvey.survey(
      inputs, context: context, threads: threads)
    if settings.fixing == .show {
      return try DiffRun(settings: settings).run(
        survey, unreadable: listing.errors, threads: threads)
    }
    var state = Progressing(
      reports: try Reports(settings),
      progress: Progress(total: inputs.count, isQuiet: settings.isQuiet),
      complainsOfFailures: !Reports.showsFailures(requests))
    state.comparison = comparison
    for error in listing.errors { _ = state.take(FileResult(error)) }
    for other in listing.passedOver { _ = state.take(FileResult(other)) }
    if settings.fixing == .write {
      state = FixingRun.fix(
        survey, into: state, threads: threads, includesUnsafe: settings.fixesUnsafe)
    } else {
      state = Self.judge(survey, into: state, threads: threads)
    }
    return try finish(&state)
  }

  /// Without files that this run is about to write: a report is no manifest.
  private func withoutReports(_ inputs: [Input], _ requests: [OutputRequest]) -> [Input] {
    let reports = Set(requests.compactMap { $0.file.flatMap(Self.realPath) })
    guard !reports.isEmpty else { return inputs }
    return inputs.filter { input in
      guard case .file = input.place, input.origin != .named else { return true }
      return !(Self.realPath(input.path).map(reports.contains) ?? false)
    }
  }

  private static func realPath(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  private static func judge(
    _ survey: InputSurvey, into state: sending Progressing, threads: Int
  ) -> Progressing {
    var jobs: [(file: Int, part: Int)] = []
    jobs.reserveCapacity(survey.inputs.count)
    for file in survey.inputs.indices {
      for part in 0..<survey.inputs[file].parts { jobs.append((file, part)) }
    }
    let inputs = survey.inputs
    let context = survey.context
    let shared = SharedTexts(inputs)
    // The process ends with its only run: the system takes all memory back at once, which is
    // cheaper than giving back tens of thousands of inputs one by one.
    _ = Unmanaged.passRetained(shared)
    return OrderedWork.run(
      count: jobs.count, threads: threads, into: state,
      worker: { [jobs] in
        let validator = Validator(context)
        return { position in
          let job = jobs[position]
          return JudgedPart(inputs[job.file], part: job.part, validator) {
            shared.text(ofFile: job.file)
          }
        }
      },
      take: { state, part in
        guard let file = state.merging.add(part) else { return true }
        return state.take(file)
      })
  }

  private func finish(_ state: inout Progressing) throws(CommandFailure) -> ExitStatus {
    state.progress.clear()
    state.standardOutput.flush()
    if let text = state.standardOutput.failureText { throw CommandFailure(text) }
    try state.reports.end(after: start.duration(to: .now))
    if !settings.isQuiet {
      if settings.fixing == .write { Complaint.writeLine("kmf: \(state.fixes.sentence)") }
      for line in state.comparison?.summary ?? [] { Complaint.writeLine("kmf: \(line)") }
    }
    let summary = state.reports.summary
    if state.hasUnreadable { return .usage }
    switch settings.failOn {
    case .never: return .clean
    case .error: return summary.errors > 0 ? .findings : .clean
    case .warning: return summary.errors + summary.warnings > 0 ? .findings : .clean
    }
  }
}

extension ValidationRun.Progressing {
  /// Reports on a file; returns whether anybody still listens.
  mutating func take(_ file: FileResult) -> Bool {
    doneCount += 1
    comparison?.add(file)
    if let failure = file.failure {
      hasUnreadable = true
      if complainsOfFailures {
        CommandFailure(failure.message, help: failure.help).complain()
      }
    }
    progress.clear()
    let isHeard = reports.add(file)
    progress.update(doneCount)
    return isHeard
  }
}

/// What the validator is told before it sees the first input.
enum RunContext {
  static func make(_ settings: ValidateSettings) throws(CommandFailure) -> ValidationContext {
    var options = ValidationOptions()
    options.versions = settings.versions.versions
    options.unknownKinds =
      switch settings.unknownKinds {
      case .error: .error
      case .warn: .warn
      case .skip: .skip
      }
    options.allowsPlaceholders = settings.allowsPlaceholders
    options.substitutions = settings.substitutions
    options.skipsNonManifests = settings.skipsNonManifests
    var context = ValidationContext(options: options)
    try context.addDefinitions(settings.crds)
    context.schemaLocations = try settings.schemaLocations.map { text throws(CommandFailure) in
      do throws(SchemaLocationError) {
        return try SchemaLocation(text)
      } catch {
        throw CommandFailure(error.description)
      }
    }
    context.loadSchema = { path in try? SourceReader.read(Input(path: path)) }
    return context
  }
}

extension ValidationContext {
  /// Takes in the CustomResourceDefinitions that `paths` lead to; each file must hold one.
  mutating func addDefinitions(_ paths: [String]) throws(CommandFailure) {
    for source in try Reading.required(all: paths, purpose: "custom kinds") {
      guard let mistake = addDefinitions(source).first else { continue }
      throw CommandFailure(
        "custom kinds: '\(source.name)': \(mistake.message)", help: mistake.help)
    }
  }
}

extension FileResult {
  /// An input that could not be found or read.
  init(_ error: InputError) {
    self.init(file: error.path)
    if case .notText(let refusal) = error.cause {
      failure = refusal.diagnostic
    } else {
      failure = Diagnostic(
        "INP-01", .error, error.isMissing ? .notFound : .invalid, at: .root, error.message,
        help: error.remedy)
    }
  }

  /// Something in a folder that is not for reading.
  init(_ other: InputListing.PassedOver) {
    self.init(file: other.path)
    skipReason = "a \(other.kind.rawValue), not a file"
  }
}

extension InputError {
  fileprivate var isMissing: Bool {
    switch cause {
    case .notFound, .nothingFound, .vanished: true
    default: false
    }
  }
}
