import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags workloads with a single pod.
struct SingleReplica: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REL001", "single-replica", .note, .strict,
    "A workload has fewer replicas than wanted.",
    why: """
      While its only pod is moved to another node, crashes or is replaced, nobody answers. Where \
      an autoscaler sets the number, its minimum is asked in place of replicas.
      """,
    parameters: [AdviceParameter("min-replicas", .integer(2), "the fewest replicas that are fine")],
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 1 # want: 1 replica, fewer than 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec: # want: 1 replica, fewer than 2
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      """,
      AdviceExample(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2 # want: 2 replicas, fewer than 3
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
        """, set: ["min-replicas": "3"]),
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
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
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        minReplicas: 1
        maxReplicas: 5
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "agent:1.0"}]}
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    guard pod.isReplicated, universe.autoscalers(of: pod.object).isEmpty,
      !universe.mayChangeReplicas(of: pod.object), let count = pod.replicas, count > 0
    else { return }
    let wanted = report.integer("min-replicas")
    guard count < wanted, let spec = pod.object.node[.spec] else { return }
    let message = "\(count) replica\(count == 1 ? "" : "s"), fewer than \(wanted)"
    let help = "set replicas to \(wanted) or more"
    if let node = spec["replicas"] {
      report.flag(at: node, message, help: help)
    } else {
      report.missing("spec.replicas", in: pod.object.node, message, help: help)
    }
  }
}

extension AdvicePod {
  /// Whether a number of equal pods is wanted that somebody chose: not one per node, not jobs.
  var isReplicated: Bool {
    switch workload {
    case .deployment, .statefulSet, .replicationController: true
    case .replicaSet: !object.hasController
    case nil: replicas != nil
    default: false
    }
  }
}
