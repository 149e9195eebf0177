import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags replicated workloads without a disruption budget.
struct NoDisruptionBudget: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REL002", "no-disruption-budget", .note, .strict,
    "No PodDisruptionBudget selects the pods of a replicated workload.",
    why: """
      When nodes are drained, the pods on them are evicted. Without a budget all replicas may go \
      at once. Workloads with a single pod are not asked for one: it could only block the drain.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web # want: no PodDisruptionBudget selects the pods of Deployment web
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db, namespace: shop} # want: no PodDisruptionBudget selects
      spec:
        replicas: 2
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: db, namespace: other}
      spec: {maxUnavailable: 1, selector: {matchLabels: {app: db}}}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      --- # file: budgets/web.yaml
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web, namespace: shop}
      spec: {maxUnavailable: 1, selector: {matchExpressions: [{key: app, operator: Exists}]}}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    guard pod.isReplicated, let count = universe.replicasMin(of: pod), count >= 2,
      universe.objects(ofKind: "PodDisruptionBudget", selectingPodsOf: pod.object).isEmpty
    else { return }
    // An overlay or a template may hold the budget.
    if universe.isIncomplete, universe.mayBeUnread("PodDisruptionBudget", near: pod.object) {
      return
    }
    report.flag(
      at: pod.object.place, "no PodDisruptionBudget selects the pods of \(pod.object.title)",
      help: "add one with maxUnavailable: 1 and the labels of the pods")
  }
}
