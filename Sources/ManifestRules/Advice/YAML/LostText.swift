import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags text of a file that no cluster ever sees.
struct LostText: SourceAdvice {
  static let about = AdviceDescription(
    "YML005", "lost-text", .error, .recommended,
    "A part of the file never reaches a cluster.",
    why: """
      Text behind a line `...` belongs to no document; of a second object without `---` before it \
      the keys replace those of the first; tabs, zero bytes and control characters \
      make whole documents unreadable for some tools.
      """,
    supersedes: ["DEC-07", "DEC-27", "DEC-28", "ENC-01", "ENC-02"],
    bad: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {mode: fast}
      apiVersion: v1 # want: a second object begins here without a line '---' before it
      kind: Secret
      metadata: {name: web}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      ...
      data: {mode: fast} # want: text after '...' never reaches a cluster
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
      	name: web # want: a tab cannot indent YAML
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      ...
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        text: |
          ...
          apiVersion: v1
          kind: Secret
        tab: "a\\tb"	# a tab before a comment is no indentation
      """,
    ])

  static func check(_ document: AdviceDocument, into report: inout AdviceReport) {
    for diagnostic in document.diagnostics {
      guard let span = diagnostic.span else { continue }
      switch diagnostic.code {
      case "DEC-28":
        report.flag(
          span: span, "text after '...' never reaches a cluster",
          help: "begin the next document with a line '---'", fixes: diagnostic.fixes)
      case "DEC-27" where diagnostic.message.hasPrefix("a tab"):
        report.flag(
          span: span, diagnostic.message, help: diagnostic.help, fixes: diagnostic.fixes)
      case "ENC-01", "ENC-02":
        report.flag(
          span: span, diagnostic.message, help: diagnostic.help, fixes: diagnostic.fixes)
      default:
        guard case .secondObject? = RepeatedKey(diagnostic, in: document) else { continue }
        report.flag(
          span: span, path: diagnostic.path, diagnostic.message, help: diagnostic.help,
          related: diagnostic.related, fixes: diagnostic.fixes)
      }
    }
  }
}
