import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Asks objects for the labels and annotations that a team has agreed on.
struct RequiredMetadata: ObjectAdvice {
  static let about = AdviceDescription(
    "MET002", "required-metadata", .warning, .optional,
    "A label or an annotation is missing that was agreed on.",
    why: """
      Labels such as owner or team say whom to ask, and what a bill is for. Entries are names, or \
      `NAME=PATTERN` with a regular expression that the value has to fit. Without entries nothing \
      is asked.
      """,
    parameters: [
      AdviceParameter("required-labels", .list([]), "labels: NAME or NAME=PATTERN"),
      AdviceParameter("required-annotations", .list([]), "annotations: NAME or NAME=PATTERN"),
      AdviceParameter(
        "kinds", .list([]), "the kinds that are asked; all where none is named"),
    ],
    bad: [
      AdviceExample(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: web
          labels: # want: the label 'owner' is missing
            app: web
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
        """, set: ["required-labels": "owner"]),
      AdviceExample(
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
          labels:
            team: Shop # want: the label 'team' is 'Shop', which does not fit '^[a-z]+$'
        spec: {selector: {app: web}, ports: [{port: 80}]}
        """, set: ["required-labels": "team=^[a-z]+$", "kinds": "Service,Ingress"]),
      AdviceExample(
        """
        apiVersion: v1
        kind: Service
        metadata: # want: the annotation 'example.com/owner' is missing
          name: web
        spec: {selector: {app: web}, ports: [{port: 80}]}
        """, set: ["required-annotations": "example.com/owner", "kinds": "Service"]),
      AdviceExample(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: # want: the label 'team' is missing
          name: web
        """, set: ["required-labels": "team"]),
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, labels: {owner: shop}}
        spec: {selector: {app: web}, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: web}
        """, set: ["required-labels": "owner=^[a-z]+$", "kinds": "Service"]),
    ])

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    let labels = report.list("required-labels").filter { !$0.isEmpty }
    let annotations = report.list("required-annotations").filter { !$0.isEmpty }
    guard !labels.isEmpty || !annotations.isEmpty else { return }
    let kinds = report.list("kinds").filter { !$0.isEmpty }
    guard kinds.isEmpty || kinds.contains(object.kind) else { return }
    for entry in labels { check(entry, "label", "labels", object.labels, object, into: &report) }
    for entry in annotations {
      check(entry, "annotation", "annotations", object.annotations, object, into: &report)
    }
  }

  private static func check(
    _ entry: String, _ title: String, _ field: String, _ known: [String: String],
    _ object: AdviceObject, into report: inout AdviceReport
  ) {
    let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    guard let value = known[name], let node = object.node[.metadata]?[field]?[name] else {
      report.missing(
        FieldPath([.field("metadata"), .field(field), .key(name)]), in: object.node,
        "the \(title) '\(name)' is missing", help: "add it under metadata.\(field)")
      return
    }
    guard parts.count == 2, let pattern = try? LinearPattern(String(parts[1])),
      pattern.matches(value) == false
    else { return }
    report.flag(at: node, "the \(title) '\(name)' is '\(value)', which does not fit '\(parts[1])'")
  }
}
