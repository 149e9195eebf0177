import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags keys that a mapping has twice.
struct DuplicateKey: SourceAdvice {
  static let about = AdviceDescription(
    "YML001", "duplicate-key", .error, .recommended, fix: .hint,
    "A mapping has a key twice.",
    why: """
      Tools that are lenient keep the last value without a word, so the first one is lost; a \
      strict API server refuses the document. Which of the two was meant only the writer knows.
      """,
    supersedes: ["DEC-06", "DEC-07"],
    bad: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        mode: fast
        level: info
        mode: slow # want: the key 'mode' is there twice
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web
        labels: {app: web, tier: front, app: api} # want: the key 'app' is there twice
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          image: nginx:1.29.2 # want: the key 'image' is there twice
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        mode: fast
        Mode: slow
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: other}
      data: {mode: fast}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        settings: |
          mode: fast
          mode: slow
      """,
    ])

  static func check(_ document: AdviceDocument, into report: inout AdviceReport) {
    for diagnostic in document.diagnostics {
      guard case .written? = RepeatedKey(diagnostic, in: document), let span = diagnostic.span,
        case .field(let name)? = diagnostic.path.steps.last
      else { continue }
      report.flag(
        span: span, path: diagnostic.path,
        "the key '\(name)' is there twice in this mapping: tools keep one of the values, or refuse both",
        help: "keep one of the two entries",
        related: diagnostic.related)
    }
  }
}
