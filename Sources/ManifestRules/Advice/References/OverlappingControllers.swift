import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags controllers that take each other's pods for their own.
struct OverlappingControllers: UniverseAdvice {
  static let about = AdviceDescription(
    "REF005", "overlapping-controllers", .error, .recommended,
    "Two controllers of a namespace select each other's pods.",
    why: """
      Controllers find their pods by labels. Where two fit the same ones, each may count, adopt or \
      delete pods of the other, and commands that follow a selector show both.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: worker, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}} # want: the selector fits the pods of Deployment shop/web
        template:
          metadata: {labels: {app: web, role: worker}}
          spec: {containers: [{name: app, image: "worker:1.0"}]}
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchExpressions: [{key: app, operator: In, values: [agent, agent-v2]}]
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "agent:1.0"}]}
      --- # file: second.yaml
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: agent-v2}
      spec:
        selector: # want: the selector fits the pods of DaemonSet agent
          matchExpressions: [{key: app, operator: Exists}]
        template:
          metadata: {labels: {app: agent-v2}}
          spec: {containers: [{name: app, image: "agent:2.0"}]}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web, track: stable}}
        template:
          metadata: {labels: {app: web, track: stable}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web-canary}
      spec:
        selector: {matchLabels: {app: web, track: canary}}
        template:
          metadata: {labels: {app: web, track: canary}}
          spec: {containers: [{name: app, image: "nginx:1.29.2"}]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: blue}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: other, namespace: green}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.2"}]}
      """,
    ])

  static let kinds = [
    "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController",
  ]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard !object.hasController, let own = universe.pod(of: object),
      let selector = object.node[.spec]?[.selector], let number = universe.podNumber(of: object)
    else { return }
    for pod in universe.selectedPods(of: object) {
      let other = pod.object
      // Each pair once, at the later one.
      guard let place = universe.podNumber(of: other), place < number, !other.hasController,
        kinds.contains(other.kind), universe.areAppliedTogether(object, other),
        other.groupKind != object.groupKind || other.name != object.name,
        universe.selector(of: other)?.matches(own.labels) == true
      else { continue }
      report.flag(
        at: selector, "the selector fits the pods of \(other.title), and its selector fits these",
        help: "give each a label of its own, in its selector and in its template", anchor: .key,
        related: [report.related("the other controller", at: other.place, of: other)])
    }
  }
}
