import ManifestSyntax

/// Workflow commands that GitHub Actions shows as annotations on the changed lines.
///
/// GitHub shows only the first ten errors and ten warnings of a step, so the worst come first, and
/// what is beyond is said.
public struct GitHub: ReportFormat {
  public static let name = "github"
  public static let summary = "Annotations for GitHub Actions, errors first."

  /// How many annotations of one level GitHub shows for a step.
  private static let shownMax = 10

  private let options: ReportOptions
  private var commands: [Diagnostic.Severity: [String]] = [:]
  private var skips = SkipTally()

  public init(_ options: ReportOptions) { self.options = options }

  public mutating func begin() -> String { "" }

  public mutating func add(_ file: FileResult) -> String {
    skips.add(file)
    file.forEachFinding { finding in
      commands[finding.diagnostic.severity, default: []].append(command(finding))
    }
    return ""
  }

  public mutating func end(_ summary: RunSummary) -> String {
    var rows: [String] = []
    for severity in Diagnostic.Severity.allCases.sorted(by: >) {
      rows += commands[severity] ?? []
    }
    let isBeyond = [.error, .warning].contains { (severity: Diagnostic.Severity) in
      commands[severity]?.count ?? 0 > Self.shownMax
    }
    if isBeyond {
      let limit = "\(Self.shownMax) errors and \(Self.shownMax) warnings"
      rows.append("kmf: GitHub annotates at most \(limit) of a step; this log has them all")
    }
    if !options.isQuiet { rows.append("kmf: \(summary.sentence(skips))") }
    return rows.map { $0 + "\n" }.joined()
  }

  private func command(_ finding: Finding) -> String {
    let diagnostic = finding.diagnostic
    let level = diagnostic.severity == .note ? "notice" : diagnostic.severity.rawValue
    var properties = ["file=\(Escaping.workflowProperty(Self.path(finding.file.file)))"]
    if let located = finding.located {
      properties.append("line=\(located.start.line)")
      // GitHub takes columns only where they are of one line.
      if located.end.line == located.start.line {
        properties.append("col=\(located.start.column)")
        properties.append("endLine=\(located.end.line)")
        properties.append("endColumn=\(max(located.start.column, located.end.column))")
      } else {
        properties.append("endLine=\(max(located.start.line, located.end.line))")
      }
    }
    let field = diagnostic.path.description
    let title = field.isEmpty ? diagnostic.code : "\(diagnostic.code) \(field)"
    properties.append("title=\(Escaping.workflowProperty(title))")
    var text = diagnostic.message
    if let help = diagnostic.help { text += "\nhelp: \(help)" }
    for note in diagnostic.notes { text += "\nnote: \(note)" }
    return "::\(level) \(properties.joined(separator: ","))::\(Escaping.workflowData(text))"
  }

  /// GitHub matches the path with that of the changed file, which has no `./` before it.
  private static func path(_ file: String) -> String {
    var path = Substring(file)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    return String(path)
  }
}
