import Glibc
import InputFiles
import ManifestRules
import ManifestSyntax

/// One run of `kmf fmt`: every input laid out, in the order of the inputs.
struct FormatRun {
  /// What becomes of the new texts.
  enum Mode {
    case write, check, diff
  }

  private let settings: ValidateSettings
  private let mode: Mode

  init(_ settings: ValidateSettings, mode: Mode) {
    self.settings = settings
    self.mode = mode
  }

  /// What became of one input.
  private struct Formatted: Sendable {
    var name: String
    var change: (old: SourceText, new: [UInt8])?
    /// For standard output.
    var text: [UInt8]?
    var isPassedOver = false
    var note: String?
    var failure: CommandFailure?
  }

  private struct Progressing {
    let output = Output()
    var changed = 0
    var unchanged = 0
    var left = 0
    var passedOver = 0
    var hasFailed = false
  }

  func run() throws(CommandFailure) -> ExitStatus {
    let listing = settings.finder.find(settings.paths)
    let inputs = listing.inputs
    for error in listing.errors { CommandFailure(error.message, help: error.remedy).complain() }
    let threads = min(settings.jobs ?? Workers.suitableCount, max(1, inputs.count))
    let mode = mode
    let state = OrderedWork.run(
      count: inputs.count, threads: threads, into: Progressing(),
      worker: {
        let formatter = ManifestFormatter()
        return { Self.format(inputs[$0], formatter, mode) }
      },
      take: { state, formatted in
        Self.take(formatted, mode, &state)
        return !state.output.isClosed
      })
    state.output.flush()
    if let text = state.output.failureText { throw CommandFailure(text) }
    if !settings.isQuiet { Complaint.writeLine("kmf: \(sentence(state))") }
    if state.hasFailed || !listing.errors.isEmpty { return .usage }
    return mode != .write && state.changed > 0 ? .findings : .clean
  }

  private func sentence(_ state: Progressing) -> String {
    func files(_ count: Int) -> String { "\(count) \(count == 1 ? "file" : "files")" }
    var parts = [
      mode == .write
        ? "formatted \(files(state.changed))" : "\(files(state.changed)) would be formatted",
      "\(state.unchanged) unchanged",
    ]
    if state.left > 0 { parts.append("\(state.left) left alone") }
    if state.passedOver > 0 { parts.append("\(state.passedOver) no manifests") }
    return parts.joined(separator: ", ")
  }

  // MARK: - One input

  private static func format(
    _ input: Input, _ formatter: ManifestFormatter, _ mode: Mode
  ) -> Formatted {
    var formatted = Formatted(name: input.path)
    let source: SourceText
    do throws(InputError) {
      source = try SourceReader.read(input)
    } catch {
      formatted.failure = CommandFailure(error.message, help: error.remedy)
      return formatted
    }
    formatted.name = source.name
    let isStream = input.place != .file
    if isStream, mode == .write { formatted.text = source.fileBytes }
    if ChartTemplates.contains(input.path) {
      formatted.isPassedOver = true
      return formatted
    }
    switch formatter.format(source) {
    case .passedOver: formatted.isPassedOver = true
    case .left(let reason, let line):
      formatted.note = "'\(source.name)' was left alone: line \(line): \(reason)"
    case .broken(let message, let help, let line, let column):
      formatted.failure = CommandFailure(
        "\(source.name):\(line):\(column): \(message)", help: help)
    case .formatted(let bytes):
      let new = (source.byteOffsetBase == 3 ? [0xEF, 0xBB, 0xBF] : []) + bytes
      guard new != source.fileBytes else { break }
      formatted.change = (source, new)
      if mode == .write { formatted.failure = write(new, source, input, &formatted.text) }
    }
    return formatted
  }

  private static func write(
    _ new: [UInt8], _ source: SourceText, _ input: Input, _ text: inout [UInt8]?
  ) -> CommandFailure? {
    guard input.place == .file else {
      text = new
      return nil
    }
    do throws(FileReplacement.Refusal) {
      try FileReplacement.replace(input.path, holding: source.fileBytes, with: new)
      return nil
    } catch {
      return CommandFailure(error.message, help: error.remedy)
    }
  }

  private static func take(_ formatted: Formatted, _ mode: Mode, _ state: inout Progressing) {
    if let text = formatted.text { state.output.write(bytes: text) }
    if let note = formatted.note {
      state.left += 1
      Complaint.writeLine("kmf: \(note)")
    }
    if let failure = formatted.failure {
      state.hasFailed = true
      failure.complain()
      return
    }
    if formatted.isPassedOver { state.passedOver += 1 }
    guard let (old, new) = formatted.change else {
      if formatted.note == nil, !formatted.isPassedOver { state.unchanged += 1 }
      return
    }
    state.changed += 1
    switch mode {
    case .write: return
    case .check: state.output.writeLine(formatted.name)
    case .diff:
      state.output.write(
        UnifiedDiff.text(from: old.fileBytes, to: new, name: DiffRun.name(formatted.name)))
    }
  }
}

/// The templates of Helm charts, whose comments may be instructions.
enum ChartTemplates {
  /// Whether the file at `path` is one.
  static func contains(_ path: String) -> Bool {
    var folder = FilePaths.folder(of: path)
    while !folder.isEmpty {
      let parent = FilePaths.folder(of: folder)
      if folder.hasSuffix("templates"), folder.dropLast(9).isEmpty || folder.hasSuffix("/templates")
      {
        if access(parent.isEmpty ? "Chart.yaml" : parent + "/Chart.yaml", F_OK) == 0 { return true }
      }
      folder = parent
    }
    return false
  }
}
