import InputFiles
import ManifestRules
import ManifestSyntax

/// One run of `kmf validate --diff`: what `--fix` would change, and nothing else.
struct DiffRun {
  let settings: ValidateSettings

  private struct Shown: Sendable {
    var diff = ""
    var count = 0
    var failure: CommandFailure?
  }

  private struct Progressing {
    let output = Output()
    var tally = FixTally()
    var hasFailed = false
  }

  /// Shows the differences in the order of the inputs.
  func run(
    _ survey: InputSurvey, unreadable: [InputError], threads: Int
  ) throws(CommandFailure) -> ExitStatus {
    let inputs = survey.inputs
    let context = survey.context
    let includesUnsafe = settings.fixesUnsafe
    var state = Progressing()
    for error in unreadable {
      state.hasFailed = true
      CommandFailure(error.message, help: error.remedy).complain()
    }
    state = OrderedWork.run(
      count: inputs.count, threads: threads, into: state,
      worker: {
        let fixer = Fixer(Validator(context), includesUnsafe: includesUnsafe)
        return { Self.show(inputs[$0], fixer) }
      },
      take: { state, shown in
        if let failure = shown.failure {
          state.hasFailed = true
          failure.complain()
        }
        state.tally.add(shown.count)
        state.output.write(shown.diff)
        return !state.output.isClosed
      })
    state.output.flush()
    if let text = state.output.failureText { throw CommandFailure(text) }
    if !settings.isQuiet {
      Complaint.writeLine(
        state.tally.findings == 0
          ? "kmf: nothing to fix" : "kmf: \(state.tally.words) would be fixed")
    }
    if state.hasFailed { return .usage }
    return state.tally.findings > 0 ? .findings : .clean
  }

  private static func show(_ input: PreparedInput, _ fixer: Fixer) -> Shown {
    switch input.read() {
    case .failure(let error):
      return Shown(failure: CommandFailure(error.message, help: error.remedy))
    case .success(let source):
      let isExplicit = input.input.origin == .named
      guard let outcome = fixer.fix(source, isExplicit: isExplicit) else { return Shown() }
      let diff = UnifiedDiff.text(
        from: source.fileBytes, to: outcome.bytes, name: Self.name(input.input.path))
      return Shown(diff: diff, count: diff.isEmpty ? 0 : outcome.done.count)
    }
  }

  /// The path as `patch -p1` and `git apply` want it after `a/`.
  static func name(_ path: String) -> String {
    var path = Substring(path)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    while path.first == "/" { path.removeFirst() }
    // A line break would end the header and begin something else.
    return String(path.map { $0.isNewline ? "?" : $0 })
  }
}
