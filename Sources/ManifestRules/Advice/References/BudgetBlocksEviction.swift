import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags disruption budgets that never let a pod go.
struct BudgetBlocksEviction: UniverseAdvice {
  static let about = AdviceDescription(
    "REF013", "pdb-blocks-eviction", .warning, .recommended, fix: .hint,
    "A PodDisruptionBudget never allows one eviction.",
    why: """
      Draining a node evicts its pods one by one. Where the budget wants as many healthy pods as \
      there are, the drain waits for ever, and upgrades of the nodes with it. Percentages are \
      rounded up, as the controller does it.
      """,
    bad: [
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec:
        minAvailable: 3 # want: the budget wants 3 of 3 pods available
        selector: {matchLabels: {app: web}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        minAvailable: 51% # want: the budget wants 2 of 2 pods available
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      --- # file: scaling.yaml
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        minReplicas: 2
        maxReplicas: 5
      """,
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: agent}
      spec:
        maxUnavailable: 0% # want: the budget lets no pod be unavailable
        selector: {matchLabels: {app: agent}}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "agent:1.0"}]}
      """,
    ],
    good: [
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec:
        minAvailable: 50%
        selector: {matchLabels: {app: web}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec:
        maxUnavailable: 1%
        selector: {matchLabels: {app: web}}
      ---
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
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec:
        minAvailable: 2
        selector: {matchLabels: {app: web}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web, track: stable}}
        template:
          metadata: {labels: {app: web, track: stable}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web-canary}
      spec:
        replicas: 1
        selector: {matchLabels: {app: web, track: canary}}
        template:
          metadata: {labels: {app: web, track: canary}}
          spec: {containers: [{name: app, image: "nginx:1.29.2"}]}
      """,
    ])

  static let kinds = ["PodDisruptionBudget"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let spec = object.node[.spec] else { return }
    let pods = universe.selectedPods(of: object)
    guard let first = pods.first else { return }
    let related = [report.related("the pods", at: first.object.place, of: first.object)]
    let total = replicas(of: pods, universe)
    if let node = spec["maxUnavailable"], let limit = IntOrString.read(node) {
      let count = total.map { limit.count(of: $0, rounding: .up) } ?? (limit.isZero ? 0 : nil)
      guard let count, count <= 0, total != 0 else { return }
      report.flag(
        at: node, "the budget lets no pod be unavailable, so none can be evicted",
        help: "allow at least one", related: related)
    } else if let node = spec["minAvailable"], let floor = IntOrString.read(node) {
      if let total, total > 0 {
        guard let wanted = floor.count(of: total, rounding: .up), wanted >= total else { return }
        if pods.contains(where: { universe.mayChangeReplicas(of: $0.object) }),
          floor != .string("100%")
        {
          return
        }
        let few = total == 1 ? "run two replicas, or allow it" : "want fewer, or run more replicas"
        report.flag(
          at: node, "the budget wants \(wanted) of \(total) pods available, so none can be evicted",
          help: few, related: related)
      } else if total == nil, floor == .string("100%") {
        report.flag(
          at: node, "the budget wants all pods available, so none can be evicted",
          help: "want fewer", related: related)
      }
    }
  }

  /// How many pods there are at the least; nil where nobody can know.
  private static func replicas(of pods: [AdvicePod], _ universe: Universe) -> Int? {
    var total = 0
    for pod in pods {
      let count = pod.workload == .pod ? 1 : universe.replicasMin(of: pod)
      guard let count, count >= 0, count < 1_000_000 else { return nil }
      total += count
    }
    return total
  }
}
