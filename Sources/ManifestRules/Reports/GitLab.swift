import ManifestSyntax

/// GitLab's code quality report: a JSON list in Code Climate's terms.
public struct GitLab: ReportFormat {
  public static let name = "gitlab"
  public static let summary = "A code quality report for GitLab."

  private var fingerprints = Fingerprints()
  private var isFirst = true

  public init(_ options: ReportOptions) {}

  public mutating func begin() -> String { "[" }

  public mutating func add(_ file: FileResult) -> String {
    var text = ""
    file.forEachFinding { finding in
      text += isFirst ? "\n" : ",\n"
      isFirst = false
      text += JSONWriter.string(issue(finding))
    }
    return text
  }

  public mutating func end(_ summary: RunSummary) -> String { isFirst ? "]\n" : "\n]\n" }

  private mutating func issue(_ finding: Finding) -> Value {
    let diagnostic = finding.diagnostic
    let field = diagnostic.path.description
    let text = field.isEmpty ? diagnostic.message : "\(field): \(diagnostic.message)"
    let start = finding.start?.line ?? 1
    return [
      "type": "issue",
      "check_name": .string(diagnostic.code),
      "description": .string(diagnostic.help.map { "\(text) (\($0))" } ?? text),
      "categories": ["Bug Risk"],
      "severity": .string(Self.severity(diagnostic.severity)),
      "fingerprint": .string(fingerprints.name(finding)),
      "location": [
        "path": .string(Self.path(finding.file.file)),
        "lines": [
          "begin": .int(Int64(start)),
          "end": .int(Int64(max(start, finding.located?.end.line ?? start))),
        ],
      ],
    ]
  }

  private static func severity(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "major"
    case .warning: "minor"
    case .note: "info"
    }
  }

  /// Paths are relative to the repository and must not begin with `./`.
  private static func path(_ file: String) -> String {
    var path = Substring(file)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    return String(path)
  }
}
