import ManifestRules
import ManifestSyntax

/// Findings counted by rule.
struct FindingStatistics {
  private var counts: [String: (severity: Diagnostic.Severity, count: Int, fixable: Int)] = [:]

  mutating func add(_ file: FileResult) {
    if let failure = file.failure { add(failure) }
    for document in file.documents {
      for located in document.diagnostics { add(located.diagnostic) }
    }
  }

  private mutating func add(_ diagnostic: Diagnostic) {
    var known = counts[diagnostic.code] ?? (diagnostic.severity, 0, 0)
    known.count += 1
    known.severity = max(known.severity, diagnostic.severity)
    if !diagnostic.fixes.isEmpty { known.fixable += 1 }
    counts[diagnostic.code] = known
  }

  /// A table, the most frequent rule first.
  var text: String {
    guard !counts.isEmpty else { return "no findings" }
    var table = TextTable(header: ["count", "fixable", "severity", "code", "rule"])
    for (code, known) in counts.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) })
    {
      let name = AdviceRegistry.rule(code)?.about.name ?? RuleBook.entry(code)?.title ?? ""
      table.add([
        String(known.count), String(known.fixable), known.severity.rawValue, code, name,
      ])
    }
    return table.text()
  }
}
