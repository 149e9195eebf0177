import InputFiles
import ManifestRules
import ManifestSyntax

/// Judges a folder of real manifests and compares each document with the server's verdict on it.
struct Corpus {
  private struct Verdict {
    var text: String
    var fields: Set<String>
  }

  private var verdicts: [String: Verdict] = [:]
  private var findings = 0
  private var wrong: [String] = []

  /// Takes one line of the recorded verdicts.
  mutating func take(_ recording: Recording) {
    let key = "\(recording.text("file"))#\(recording.text("document"))#\(recording.text("item"))"
    verdicts[key] = Verdict(text: recording.text("verdict"), fields: recording.causes)
  }

  /// Judges the folder; prints every finding and every disagreement.
  mutating func judge(_ folder: String) {
    var context = ValidationContext()
    let inputs = InputFinder(respectsIgnoreFiles: false).find([folder]).inputs
    let sources = inputs.compactMap { try? SourceReader.read($0) }
    for source in sources { context.survey(source) }
    let validator = Validator(context)
    for source in sources { compare(validator.validate(source, isExplicit: false), folder) }
    print("\(findings) findings; \(wrong.count) documents judged unlike the server:")
    for line in wrong { print("  " + line) }
  }

  private mutating func compare(_ result: FileResult, _ folder: String) {
    var name = result.file
    if name.hasPrefix(folder) { name.removeFirst(folder.count) }
    while name.hasPrefix("/") { name.removeFirst() }
    if let reason = result.skipReason { print("\(name): skipped, \(reason)") }
    var items: [Int: Int] = [:]
    for document in result.documents {
      let item = items[document.document, default: 0]
      items[document.document] = item + 1
      let verdict =
        verdicts["\(name)#\(document.document)#"]
        ?? verdicts["\(name)#\(document.document)#\(item)"]
      for located in document.diagnostics {
        findings += 1
        let diagnostic = located.diagnostic
        print(
          "\(name):\(located.start.line):\(located.start.column): \(diagnostic.severity) "
            + "\(diagnostic.code) \(diagnostic.path): \(diagnostic.message)"
            + (diagnostic.help.map { " [\($0)]" } ?? ""))
      }
      let expected = verdict?.text ?? "none"
      let isFine =
        expected == "accepted"
        ? document.status == .valid
        : expected == "rejected" ? document.status == .invalid : document.status != .valid
      if !isFine {
        let reason = document.skipReason.map { " (\($0))" } ?? ""
        wrong.append(
          "\(name) document \(document.document): server \(expected), kmf \(document.status)\(reason)"
        )
      }
    }
  }
}
