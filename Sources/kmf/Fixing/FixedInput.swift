import InputFiles
import ManifestRules
import ManifestSyntax

/// An input and what fixing it came to.
struct FixedInput: Sendable {
  /// The verdict on the text as it is now.
  var part: JudgedPart
  /// How many findings were fixed.
  var fixedCount = 0
  /// What standard output gets: the fixed text of standard input.
  var output: [UInt8]?
  /// Why the file could not be written.
  var failure: CommandFailure?
  /// What the user should know besides.
  var note: String?

  /// Fixes `input` where it lies, and judges what is left.
  init(_ input: PreparedInput, _ fixer: Fixer, _ validator: Validator) {
    let isExplicit = input.input.origin == .named
    switch input.read() {
    case .failure(let error):
      part = JudgedPart(result: FileResult(error), isLast: true)
    case .success(let source):
      let outcome = fixer.fix(source, isExplicit: isExplicit)
      var current = source
      if let outcome {
        if let failure = Self.write(outcome.bytes, for: input.input, source, &output) {
          self.failure = failure
        } else {
          fixedCount = outcome.done.count
          current = source.replaced(by: outcome.bytes)
        }
      } else if input.input.place == .stream(0) {
        output = source.fileBytes
      }
      let result = validator.validate(current, isExplicit: isExplicit)
      part = JudgedPart(result: result, isLast: true)
      guard source.encoding != .utf8 else { return }
      if case .stream = input.input.place {
        output = nil
        failure = CommandFailure(
          "'\(source.name)' is \(source.encoding.rawValue); only UTF-8 can be fixed",
          help: "convert it with iconv first")
      } else if result.hasFixes {
        note = "'\(source.name)' was left alone: it is \(source.encoding.rawValue), not UTF-8"
      }
    }
  }

  /// Puts the fixed text where it belongs; returns why that failed.
  private static func write(
    _ bytes: [UInt8], for input: Input, _ source: SourceText, _ output: inout [UInt8]?
  ) -> CommandFailure? {
    switch input.place {
    case .stream(0):
      output = bytes
    case .stream:
      return CommandFailure(
        "'\(input.path)' is a pipe, which cannot be fixed", help: "name a file, or use '-'")
    case .file:
      do throws(FileReplacement.Refusal) {
        try FileReplacement.replace(input.path, holding: source.fileBytes, with: bytes)
      } catch {
        return CommandFailure(error.message, help: error.remedy)
      }
    }
    return nil
  }
}

extension SourceText {
  /// The bytes of a UTF-8 file, its byte order mark included.
  var fileBytes: [UInt8] { (byteOffsetBase == 3 ? [0xEF, 0xBB, 0xBF] : []) + Array(bytes) }

  /// The text of the same file when it holds `bytes`, with the same byte order mark or none.
  fileprivate func replaced(by bytes: [UInt8]) -> SourceText {
    let text = bytes.dropFirst(byteOffsetBase)
    return SourceText(name: name, count: text.count, byteOffsetBase: byteOffsetBase) {
      $0.copyBytes(from: text)
    }
  }
}

extension FileResult {
  fileprivate var hasFixes: Bool {
    documents.contains { $0.diagnostics.contains { !$0.diagnostic.fixes.isEmpty } }
  }

  /// How many findings only `--unsafe-fixes` would fix.
  var unsafeFixCount: Int {
    documents.reduce(0) { count, document in
      count
        + document.diagnostics.filter { located in
          let fixes = located.diagnostic.fixes
          return !fixes.isEmpty && fixes.allSatisfy { $0.safety == .changesBehavior }
        }.count
    }
  }
}

/// The counts of a run that fixes.
struct FixTally: Sendable {
  var findings = 0
  var files = 0
  var unsafeLeft = 0

  mutating func add(_ count: Int) {
    guard count > 0 else { return }
    findings += count
    files += 1
  }

  /// `3 findings in 2 files`.
  var words: String {
    "\(findings) \(findings == 1 ? "finding" : "findings") in "
      + "\(files) \(files == 1 ? "file" : "files")"
  }

  /// `fixed 3 findings in 2 files; 1 more with --unsafe-fixes`.
  var sentence: String {
    let rest = unsafeLeft > 0 ? "; \(unsafeLeft) more with --unsafe-fixes" : ""
    return (findings > 0 ? "fixed \(words)" : "nothing was fixed") + rest
  }
}
