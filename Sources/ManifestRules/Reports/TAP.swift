import ManifestSyntax

/// The Test Anything Protocol, version 14, in a form that readers of version 13 take as well.
///
/// Every document is a test point; what there is to say about it follows in a YAML block.
public struct TAP: ReportFormat {
  public static let name = "tap"
  public static let summary = "Test Anything Protocol 14, a test point for every document."

  private var number = 0

  public init(_ options: ReportOptions) {}

  public mutating func begin() -> String { "TAP version 14\n" }

  public mutating func add(_ file: FileResult) -> String {
    var text = ""
    if let failure = file.failure {
      text += point(isOK: false, file.file) + block([(failure, nil)])
    } else if let reason = file.wholeSkipReason {
      text += point(isOK: true, file.file, skip: reason)
    }
    for document in file.documents {
      let reason = document.skipReason ?? file.skipReason ?? "no reason given"
      text += point(
        isOK: document.status != .invalid, "\(file.file): \(document.title)",
        skip: document.status == .skipped ? reason : nil)
      text += block(document.diagnostics.map { ($0.diagnostic, $0) })
    }
    return text
  }

  /// The plan comes last, which both versions allow: only now is the number of documents known.
  public mutating func end(_ summary: RunSummary) -> String {
    number == 0 ? "1..0 # SKIP no documents\n" : "1..\(number)\n"
  }

  private mutating func point(isOK: Bool, _ text: String, skip: String? = nil) -> String {
    number += 1
    let directive = skip.map { " # SKIP \(Self.escaped($0))" } ?? ""
    return "\(isOK ? "ok" : "not ok") \(number) - \(Self.escaped(text))\(directive)\n"
  }

  /// A `#` would begin a directive, a line break another line.
  private static func escaped(_ text: String) -> String {
    Escaping.replaced(text) { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "#": "\\#"
      default: Escaping.isUnprintable(scalar) ? " " : nil
      }
    }
  }

  private func block(_ diagnostics: [(Diagnostic, LocatedDiagnostic?)]) -> String {
    guard !diagnostics.isEmpty else { return "" }
    var rows = ["---", "diagnostics:"]
    for (diagnostic, located) in diagnostics {
      rows.append("  - code: \(Self.quoted(diagnostic.code))")
      rows.append("    severity: \(diagnostic.severity.rawValue)")
      rows.append("    reason: \(diagnostic.reason.rawValue)")
      rows.append("    field: \(Self.quoted(diagnostic.path.description))")
      rows.append("    message: \(Self.quoted(diagnostic.message))")
      if let help = diagnostic.help { rows.append("    help: \(Self.quoted(help))") }
      if let located {
        rows.append("    line: \(located.start.line)")
        rows.append("    column: \(located.start.column)")
      }
    }
    rows.append("...")
    return rows.map { "  \($0)\n" }.joined()
  }

  /// A double-quoted YAML scalar: a JSON string without the characters that YAML reads as breaks.
  private static func quoted(_ text: String) -> String {
    Escaping.replaced(JSONWriter.string(.string(text))) { scalar in
      switch scalar.value {
      case 0x80...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: return nil
      }
    }
  }
}
