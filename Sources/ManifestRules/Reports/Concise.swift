import ManifestSyntax

/// One line a finding, as compilers print them: editors and `grep` understand it.
public struct Concise: ReportFormat {
  public static let name = "concise"
  public static let summary = "One line a finding: file:line:column: severity code field: message."

  private let options: ReportOptions
  private var skips = SkipTally()

  public init(_ options: ReportOptions) { self.options = options }

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    skips.add(file)
    var text = ""
    file.forEachFinding { text += line($0) + "\n" }
    return text
  }

  public mutating func end(_ summary: RunSummary) -> String {
    options.isQuiet ? "" : "kmf: \(summary.sentence(skips))\n"
  }

  private func line(_ finding: Finding) -> String {
    let diagnostic = finding.diagnostic
    let paint = Paint(isOn: options.isColored, severity: diagnostic.severity)
    var head = "\(paint(diagnostic.severity.rawValue, .primary)) \(diagnostic.code)"
    let field = diagnostic.path.description
    if !field.isEmpty { head += " \(Escaping.terminal(field))" }
    let place = paint(Escaping.terminal(finding.place), .bold)
    return "\(place): \(head): \(Escaping.terminal(diagnostic.message))"
  }
}
