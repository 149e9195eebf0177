import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags ReplicaSets that somebody wrote.
struct BareReplicaSet: ObjectAdvice {
  static let about = AdviceDescription(
    "REL007", "bare-replicaset", .warning, .recommended,
    "A ReplicaSet is written by itself, without a Deployment.",
    why: """
      A ReplicaSet does not replace its pods when the template changes: the new image is used only \
      once the old pods happen to go. A Deployment rolls the change out, and back.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: web # want: a ReplicaSet does not update its pods
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: web # want: a ReplicaSet does not update its pods
        ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: web, uid: a1}]
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: ReplicaSet
      metadata:
        name: web-5d9c
        ownerReferences:
        - {apiVersion: apps/v1, kind: Deployment, name: web, uid: a1, controller: true}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static let kinds = ["ReplicaSet"]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard !object.hasController else { return }
    report.flag(
      at: object.place, "a ReplicaSet does not update its pods when its template changes",
      help: "write a Deployment: only the kind is another one")
  }
}
