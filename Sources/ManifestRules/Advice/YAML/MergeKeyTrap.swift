import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags keys that are written and merged as well.
struct MergeKeyTrap: SourceAdvice {
  static let about = AdviceDescription(
    "YML004", "merge-key-trap", .error, .recommended,
    "A `<<` brings in a key that is written as well.",
    why: """
      YAML lets the written key win. The reader of Kubernetes takes whichever comes last, and a \
      strict server refuses the document for a key that is there twice. Write the mapping out.
      """,
    supersedes: ["DEC-06", "DEC-07"],
    bad: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        labels: &labels {app: web, tier: front}
        annotations:
          <<: *labels
          tier: back # want: 'tier' is written here and merged by '<<' as well
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, labels: &labels {app: web}}
      data:
        app: api # want: 'app' is written here and merged by '<<' as well
        <<: *labels
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        labels: &labels {app: web}
        annotations:
          <<: *labels
          tier: back
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, labels: &labels {app: web}, annotations: *labels}
      data: {"<": a, merge: <<}
      """,
    ])

  static func check(_ document: AdviceDocument, into report: inout AdviceReport) {
    for diagnostic in document.diagnostics {
      guard case .merged(let span)? = RepeatedKey(diagnostic, in: document),
        case .field(let name)? = diagnostic.path.steps.last
      else { continue }
      let places = [diagnostic.span] + diagnostic.related.map(\.span)
      let other = places.first { $0 != nil && $0 != span } ?? nil
      report.flag(
        span: span, path: diagnostic.path, "'\(name)' is written here and merged by '<<' as well",
        help: "write the mapping out, with one '\(name)'",
        related: other.map {
          [Diagnostic.Related(path: diagnostic.path, span: $0, message: "this one is merged")]
        } ?? [])
    }
  }
}
