import Glibc
import InputFiles
import ManifestRules
import ManifestSyntax

/// Fixing what lint finds: round after round over all files, since a fix in one file can settle or
/// raise findings in another, until nothing is left to do.
struct LintFixing {
  /// Two fixes that undo each other must not keep kmf busy for ever.
  private static let roundsMax = 20

  private let settings: LintSettings
  private let threads: Int

  /// A file that changes.
  struct Change {
    var before: SourceText
    var done: [String] = []
  }

  init(_ settings: LintSettings, threads: Int) {
    self.settings = settings
    self.threads = threads
  }

  /// Fixes the files at `positions` in `session`; returns those that changed.
  func fix(_ positions: [Int], in session: inout LintSession) -> [Int: Change] {
    var changes: [Int: Change] = [:]
    var open = positions
    for _ in 0..<Self.roundsMax where !open.isEmpty {
      let rounds = LintJudge(session, settings).fixes(
        open, includesUnsafe: settings.common.fixesUnsafe, threads: threads)
      var texts: [Int: SourceText] = [:]
      for (position, round) in zip(open, rounds) {
        guard let round, case .success(let source) = session.files[position].text else { continue }
        var change = changes[position] ?? Change(before: source)
        change.done += round.done
        changes[position] = change
        texts[position] = source.replaced(byText: round.bytes)
      }
      if texts.isEmpty { break }
      session.replace(texts)
      // Another file's change may bring new findings, but only fixed files can have new fixes of
      // their own text; asking all again would cost a whole run.
      open = texts.keys.sorted()
    }
    return changes
  }

  /// Shows what would change as a unified diff.
  func show(
    _ changes: [Int: Change], unreadable: [InputError], _ session: LintSession
  ) throws(CommandFailure) -> ExitStatus {
    let output = Output()
    var tally = FixTally()
    for error in unreadable { CommandFailure(error.message, help: error.remedy).complain() }
    for (position, change) in changes.sorted(by: { $0.key < $1.key }) {
      guard case .success(let after) = session.files[position].text else { continue }
      output.write(
        UnifiedDiff.text(
          from: change.before.fileBytes, to: after.fileBytes,
          name: DiffRun.name(session.files[position].input.path)))
      tally.add(change.done.count)
    }
    output.flush()
    if let text = output.failureText { throw CommandFailure(text) }
    if !settings.common.isQuiet {
      Complaint.writeLine(
        changes.isEmpty ? "kmf: nothing to fix" : "kmf: \(tally.words) would be fixed")
    }
    if !unreadable.isEmpty { return .usage }
    return changes.isEmpty ? .clean : .findings
  }

  /// Writes the changed files where they lie; fixed standard input goes to standard output.
  func write(
    _ changes: [Int: Change], _ session: LintSession, into state: inout ValidationRun.Progressing
  ) throws(CommandFailure) {
    for (position, file) in session.files.enumerated() {
      guard case .success(let after) = file.text else { continue }
      if case .stream(0) = file.input.place { state.standardOutput.write(bytes: after.fileBytes) }
      guard let change = changes[position] else { continue }
      if file.input.place == .file {
        do throws(FileReplacement.Refusal) {
          try FileReplacement.replace(
            file.input.path, holding: change.before.fileBytes, with: after.fileBytes)
        } catch {
          state.hasUnreadable = true
          CommandFailure(error.message, help: error.remedy).complain()
          continue
        }
      }
      state.fixes.add(change.done.count)
    }
  }
}

extension SourceText {
  /// The text of the same file when it holds `text`, with the byte-order mark that it has.
  fileprivate func replaced(byText text: [UInt8]) -> SourceText {
    SourceText(name: name, count: text.count, byteOffsetBase: byteOffsetBase) {
      $0.copyBytes(from: text)
    }
  }
}
