import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags what the server writes, committed to a repository.
struct ServerOwnedField: ObjectAdvice {
  static let about = AdviceDescription(
    "COR007", "server-owned-field", .warning, .recommended, fix: .safe,
    "A field is written that belongs to the server or to a controller.",
    why: """
      Objects that were read from a cluster hold what the server wrote into them. Applied again it \
      is ignored at best; a resourceVersion makes the apply fail after the next change, and the \
      annotation of kubectl hides what was removed.
      """,
    supersedes: ["DRP-05", "DRP-07"],
    bad: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        uid: 0c2f7a1e-5d4b-4c3a-9b8e-7f6d5c4b3a2f # want: 'uid' belongs to the server
        resourceVersion: "4711" # want: 'resourceVersion' belongs to the server
        creationTimestamp: "2026-01-01T00:00:00Z" # want: 'creationTimestamp' belongs to the server
      data: {mode: fast}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        annotations:
          deployment.kubernetes.io/revision: "3" # want: 'deployment.kubernetes.io/revision' belongs to
          example.com/revision: "3"
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      status: # want: 'status' belongs to the controllers
        replicas: 1
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, creationTimestamp: null}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}, creationTimestamp: null}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      status: {}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web
        annotations: {example.com/uid: a, example.com/status: b}
      data: {uid: a, resourceVersion: b, status: c}
      """,
    ])

  static let needs = [
    "uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink",
    "deletionTimestamp", "deletionGracePeriodSeconds", "status", "annotations",
  ]

  private static let fields = [
    Key("uid"), Key("resourceVersion"), Key("generation"), Key("creationTimestamp"),
    Key("managedFields"), Key("selfLink"), Key("deletionTimestamp"),
    Key("deletionGracePeriodSeconds"),
  ]
  private static let annotations = [
    "kubectl.kubernetes.io/last-applied-configuration", "deployment.kubernetes.io/revision",
  ]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    if let metadata = object.node[.metadata] {
      for field in fields {
        // Empty and null ones are what generators leave.
        guard let node = metadata[field], node.kind.isScalar || node.count > 0 else { continue }
        flag(field.text, node, "the server", into: &report)
      }
      if let notes = metadata[.annotations], !object.annotations.isEmpty {
        for name in annotations where object.annotations[name] != nil {
          guard let node = notes[name] else { continue }
          flag(name, node, "tools and controllers", into: &report)
        }
      }
    }
    if let status = object.node[.status], status.isMapping, status.count > 0,
      // What generators of definitions leave is empty all the way down.
      status["acceptedNames"]?[.kind]?.string != ""
    {
      flag("status", status, "the controllers", into: &report)
    }
  }

  private static func flag(
    _ name: String, _ node: NodeRef, _ owner: String, into report: inout AdviceReport
  ) {
    report.flag(
      at: node, "'\(name)' belongs to \(owner)", help: "remove it",
      anchor: node.kind.isScalar && name != annotations[0] ? .value : .key,
      fixes: [report.removing(node, title: "remove \(name)", safety: .safe)])
  }
}
