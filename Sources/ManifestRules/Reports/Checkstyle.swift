import ManifestSyntax

/// Checkstyle's XML, which many build servers read.
public struct Checkstyle: ReportFormat {
  public static let name = "checkstyle"
  public static let summary = "Checkstyle XML, for build servers."

  public init(_ options: ReportOptions) {}

  public mutating func begin() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n"
  }

  public mutating func add(_ file: FileResult) -> String {
    var rows = ""
    file.forEachFinding { rows += "    \(error($0))\n" }
    if rows.isEmpty { return "" }
    return "  <file name=\"\(Escaping.xml(file.file))\">\n\(rows)  </file>\n"
  }

  public mutating func end(_ summary: RunSummary) -> String { "</checkstyle>\n" }

  private func error(_ finding: Finding) -> String {
    let diagnostic = finding.diagnostic
    let severity = diagnostic.severity == .note ? "info" : diagnostic.severity.rawValue
    let field = diagnostic.path.description
    var message = field.isEmpty ? diagnostic.message : "\(field): \(diagnostic.message)"
    if let help = diagnostic.help { message += " (\(help))" }
    let place = "line=\"\(finding.start?.line ?? 1)\" column=\"\(finding.start?.column ?? 1)\""
    let text =
      "message=\"\(Escaping.xml(message))\" source=\"kmf.\(Escaping.xml(diagnostic.code))\""
    return "<error \(place) severity=\"\(severity)\" \(text)/>"
  }
}
