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
    try run(LintInputs(settings.common))
  }

  func run(_ found: LintInputs) throws(CommandFailure) -> ExitStatus {
    var inputs = found
    if let revision = settings.changedSince {
      inputs.keep(try ChangedFiles.since(revision, root: inputs.root))
    }
    let threads = settings.common.jobs ?? Workers.suitableCount
    var context = try RunContext.make(settings.common)
    context.workingFolder = Repository.workingFolder
    var session = LintSession(
      inputs.all, context: context, externals: settings.externals, threads: threads)
    let reported = session.files.indices.filter {
      inputs.reported.contains(session.files[$0].input.path)
    }
    let cache = LintCache(settings, session.files, reported: reported, root: inputs.root)
    if let cache, let results = cache.results(session.files) {
      return try report(
        inputs, reported, threads, before: { _ in },
        judging: { _, state, _ in
          var state = state
          for result in results where !state.take(result) { break }
          return state
        })
    }
    session.settle(renders: settings.renders)
    // The process ends with its only run: the system takes all memory back at once, which is
    // quicker than letting go of every object.
    if !settings.watches { _ = Unmanaged.passRetained(session.universe) }
    if reported.contains(where: { session.files[$0].isTemplate(session.context) }) {
      session.charts.complain()
    }
    if let mode = settings.common.fixing {
      let fixing = LintFixing(settings, threads: threads)
      let fixed = fixing.fix(reported, in: &session)
      if mode == .show {
        return try fixing.show(fixed, unreadable: inputs.listing.errors, session)
      }
      return try report(
        inputs, reported, threads,
        before: { (state) throws(CommandFailure) in
          try fixing.write(fixed, session, into: &state.run)
        }, judging: LintJudge(session, settings).report)
    }
    return try report(
      inputs, reported, threads, keeping: cache, before: { _ in },
      judging: LintJudge(session, settings).report)
  }

  private func report(
    _ inputs: LintInputs, _ reported: [Int], _ threads: Int, keeping cache: LintCache? = nil,
    before: (inout LintProgress) throws(CommandFailure) -> Void,
    judging: ([Int], sending LintProgress, Int) -> LintProgress
  ) throws(CommandFailure) -> ExitStatus {
    let requests = try Reports.requests(settings.common)
    var common = settings.common
    // Counts take the place of the findings, unless a report was asked for besides.
    let isSilent = settings.showsStatistics && common.outputs.allSatisfy { $0.file != nil }
    if isSilent { common.reportDescriptor = open("/dev/null", O_WRONLY | O_CLOEXEC) }
    let known = try Self.baseline(settings.baseline)
    let folder = (settings.baseline ?? settings.writesBaseline).map(FilePaths.folder) ?? ""
    var state = LintProgress(
      run: ValidationRun.Progressing(
        reports: try Reports(common),
        progress: Progress(total: reported.count, isQuiet: settings.common.isQuiet),
        complainsOfFailures: isSilent || !Reports.showsFailures(requests)),
      baseline: known?.baseline, written: settings.writesBaseline.map { _ in Baseline() },
      statistics: settings.showsStatistics ? FindingStatistics() : nil,
      baselineFolder: FilePaths.normalized(
        FilePaths.join(Repository.workingFolder, folder.isEmpty ? "." : folder)))
    try before(&state)
    for error in inputs.listing.errors { _ = state.take(FileResult(error)) }
    for other in inputs.listing.passedOver { _ = state.take(FileResult(other)) }
    if cache != nil { state.results = [] }
    state = judging(reported, state, threads)
    if let cache, let results = state.results, results.count == reported.count {
      cache.keep(results)
    }
    if let path = settings.baseline {
      state.takeStale(path, known?.source, settings.selection)
    }
    let isMissing = state.run.hasUnreadable
    let isWhole = reported.count == inputs.all.count && !isMissing
    state.take(SuppressionRemarks(settings, isWhole: isWhole))
    return try finish(&state)
  }

  /// The baseline of the settings; a file that is not there yet is an empty one when it is also to
  /// be written.
  private static func baseline(
    _ path: String?
  ) throws(CommandFailure) -> (baseline: Baseline, source: SourceText)? {
    guard let path else { return nil }
    let source = try Reading.required(path, purpose: "baseline")
    do {
      return (try Baseline(source), source)
    } catch {
      throw CommandFailure(
        error.message, help: "write one with kmf lint --write-baseline \(path)")
    }
  }

  private func finish(_ state: inout LintProgress) throws(CommandFailure) -> ExitStatus {
    state.run.progress.clear()
    state.run.standardOutput.flush()
    if let text = state.run.standardOutput.failureText { throw CommandFailure(text) }
    try state.run.reports.end(after: start.duration(to: .now))
    if let statistics = state.statistics { Answer.print(statistics.text) }
    let summary = state.run.reports.summary
    if !settings.common.isQuiet, settings.common.fixing == .write {
      Complaint.writeLine("kmf: \(state.run.fixes.sentence)")
    }
    if let path = settings.writesBaseline, let written = state.written {
      try Self.write(written.text, to: path)
      if !settings.common.isQuiet {
        Complaint.writeLine("kmf: wrote \(written.entries.count) findings to '\(path)'")
      }
      return state.run.hasUnreadable ? .usage : .clean
    }
    if state.run.hasUnreadable { return .usage }
    return summary.status(settings.common.failOn)
  }

  private static func write(_ text: String, to path: String) throws(CommandFailure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw CommandFailure("cannot write '\(path)': \(String(cString: strerror(errno)))")
    }
    let output = Output(descriptor: descriptor)
    output.write(text)
    output.flush()
    if let failure = output.failureText { throw CommandFailure("'\(path)': \(failure)") }
    close(descriptor)
  }
}

/// Judges files of a session: validation and lint in one result.
struct LintJudge: Sendable {
  private let files: [LintSession.File]
  private let context: ValidationContext
  private let universe: Universe
  private let rendered: RenderedAdvice?
  private let charts: [String: RenderedTemplate]
  private let selection: AdviceSelection
  private let policy: SuppressionPolicy

  init(_ session: LintSession, _ settings: LintSettings) {
    files = session.files
    context = session.context
    universe = session.universe
    charts = session.charts.templates
    selection = settings.selection
    policy = settings.policy
    let (selection, versions) = (selection, context.options.versions)
    rendered =
      session.renderings.isEmpty
      ? nil
      : RenderedAdvice(session.renderings, in: universe) {
        Linter($0, selection: selection, versions: versions)
      }
  }

  /// One round of fixes to each of the files at `positions`; nil for those without any.
  func fixes(
    _ positions: [Int], includesUnsafe: Bool, threads: Int
  ) -> [FixRound?] {
    let judge = self
    return OrderedWork.run(
      count: positions.count, threads: threads, into: [],
      worker: {
        let worker = judge.worker()
        return { judge.fix(positions[$0], worker, includesUnsafe) }
      },
      take: { rounds, round in
        rounds.append(round)
        return true
      })
  }

  private func fix(_ position: Int, _ worker: Worker, _ includesUnsafe: Bool) -> FixRound? {
    let file = files[position]
    // A template has no text of its own to fix.
    guard case .success(let source) = file.text, file.rendered == nil else { return nil }
    let settled = file.advice.map { worker.linter.advice(on: $0, under: policy) }
    return worker.validator.fixOnce(
      source, isExplicit: file.input.origin == .named, includesUnsafe: includesUnsafe,
      advice: settled?.advice ?? [])
  }

  /// What one thread needs.
  private struct Worker {
    let validator: Validator
    let linter: Linter
  }

  private func worker() -> Worker {
    Worker(
      validator: Validator(context),
      linter: Linter(
        universe, selection: selection, versions: context.options.versions, rendered: rendered))
  }

  /// Reports on the files at `positions`, in their order.
  func report(
    _ positions: [Int], into state: sending LintProgress, threads: Int
  ) -> LintProgress {
    let judge = self
    return OrderedWork.run(
      count: positions.count, threads: threads, into: state,
      batches: {
        let worker = judge.worker()
        return { judge.results(positions[$0], worker) }
      },
      take: { state, file in state.take(file) })
  }

  /// All files first by one set of rules and then by the other: the code of both together is more
  /// than a processor keeps at hand.
  private func results(_ positions: ArraySlice<Int>, _ worker: Worker) -> [FileResult] {
    let settled = positions.map { position in
      files[position].advice.map { worker.linter.advice(on: $0, under: policy) }
    }
    return zip(positions, settled).map { result($0, $1, worker) }
  }

  private func result(
    _ position: Int, _ settled: SettledAdvice?, _ worker: Worker
  ) -> FileResult {
    let file = files[position]
    switch file.text {
    case .failure(let error):
      if case .notText(.binary(let offset)) = error.cause, file.input.place == .file,
        let bytes = LintCache.contents(of: file.input.path),
        let result = worker.linter.judge(bytes, named: file.input.path, zeroAt: offset)
      {
        return result
      }
      return FileResult(error)
    case .success(let source):
      let isExplicit = file.input.origin == .named
      guard let read = file.advice, let settled else {
        return worker.validator.validate(source, isExplicit: isExplicit)
      }
      var result = worker.validator.validate(
        read, isExplicit: isExplicit, isRendered: file.rendered != nil, advice: settled)
      result.suppressedCount = settled.suppressed.count
      result.usedSuppressions = settled.used
      if let rendered = file.rendered { result = rendered.placed(result) }
      if !charts.isEmpty { RenderedTemplate.placeRelated(&result, in: charts) }
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
