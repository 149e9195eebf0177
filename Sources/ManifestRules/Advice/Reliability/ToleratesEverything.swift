import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that run on any node, whatever its taints say.
struct ToleratesEverything: PodAdvice {
  static let about = AdviceDescription(
    "REL009", "tolerates-everything", .warning, .recommended,
    "A toleration without a key tolerates every taint.",
    why: """
      Such pods run on nodes that are kept for others, and on nodes that are not ready, cut off or \
      about to go: the taints that say so have no effect on them. DaemonSets may.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        tolerations:
        - operator: Exists # want: the toleration has no key, so it is for every taint
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            tolerations:
            - {key: dedicated, operator: Equal, value: web, effect: NoSchedule}
            - effect: NoExecute
              operator: Exists # want: the toleration has no key
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        tolerations:
        - {key: dedicated, operator: Exists}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            tolerations: [{operator: Exists}]
            containers: [{name: app, image: "agent:1.0"}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        tolerations:
        - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["tolerations"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    // Agents that have to be on every node are on those with taints as well.
    if pod.workload == .daemonSet { return }
    for toleration in pod.spec.node.list("tolerations") {
      guard let node = toleration["operator"], node.string == "Exists",
        toleration["key"]?.string ?? "" == ""
      else { continue }
      let effect = toleration["effect"]?.string ?? ""
      report.flag(
        at: node,
        "the toleration has no key, so it is for every taint"
          + (effect.isEmpty ? "" : " with the effect \(effect)"),
        help: "name the taints that these pods are to tolerate")
    }
  }
}
