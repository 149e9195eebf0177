import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags rollouts that may stop all pods at once.
struct OutageOnRollout: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REL005", "outage-on-rollout", .warning, .recommended, fix: .hint,
    "A rolling update may take away all pods at once.",
    why: """
      maxUnavailable says how many pods may be missing during an update; percentages are rounded \
      down for Deployments and up for DaemonSets. Where it comes to all of them, an update is an \
      outage. Where both it and maxSurge come to 0, one pod may be missing all the same.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        strategy:
          rollingUpdate:
            maxUnavailable: 100% # want: all 2 pods may be missing during an update
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
        strategy:
          type: RollingUpdate
          rollingUpdate: {maxSurge: 0} # want: the only pod may be missing during an update
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        updateStrategy: {rollingUpdate: {maxUnavailable: 100%}} # want: all pods may be missing
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec: {containers: [{name: app, image: "agent:1.0"}]}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        strategy: {rollingUpdate: {maxUnavailable: 99%, maxSurge: 0}}
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
        replicas: 1
        strategy: {rollingUpdate: {maxUnavailable: 50%, maxSurge: 1%}}
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static let needs = ["rollingUpdate"]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    let spec = pod.object.node[.spec]
    switch pod.workload {
    case .deployment:
      guard let strategy = spec?["strategy"], strategy["type"]?.string != "Recreate",
        let rolling = strategy["rollingUpdate"], let count = universe.replicasMin(of: pod),
        count > 0, !universe.mayChangeReplicas(of: pod.object)
      else { return }
      checkDeployment(rolling, count, into: &report)
    case .daemonSet:
      guard let node = spec?["updateStrategy"]?["rollingUpdate"]?["maxUnavailable"],
        case .string(let text)? = IntOrString.read(node), let share = Percent(text),
        share.value >= 100
      else { return }
      report.flag(
        at: node, "all pods may be missing during an update", help: "allow fewer, such as 10%")
    default: return
    }
  }

  /// What holds where nothing is written.
  private static let standard = IntOrString.string("25%")

  private static func checkDeployment(
    _ rolling: NodeRef, _ count: Int, into report: inout AdviceReport
  ) {
    let missingNode = rolling["maxUnavailable"]
    let extraNode = rolling["maxSurge"]
    let missing = missingNode.map(IntOrString.read) ?? standard
    let extra = extraNode.map(IntOrString.read) ?? standard
    guard let missing = missing?.count(of: count, rounding: .down),
      let extra = extra?.count(of: count, rounding: .up)
    else { return }
    // Neither one more nor one fewer would be a standstill: the controller allows one fewer.
    let allowed = missing <= 0 && extra <= 0 ? 1 : missing
    guard allowed >= count, let node = missing > 0 ? missingNode : extraNode ?? missingNode else {
      return
    }
    report.flag(
      at: node,
      "\(count == 1 ? "the only pod" : "all \(count) pods") may be missing during an update",
      help: count == 1
        ? "set maxUnavailable to 0 and maxSurge to 1" : "allow fewer, such as 25%")
  }
}
