import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags replicas that may all run on one node.
struct ReplicasNotSpread: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REL003", "replicas-not-spread", .note, .strict, fix: .hint,
    "Nothing keeps the replicas of a workload apart.",
    why: """
      Replicas on one node, or in one zone, fail together. A spread constraint or an anti-affinity \
      whose selector fits the pods' own labels keeps them apart; the scheduler's own spreading is \
      only a preference.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: # want: nothing keeps the 3 replicas apart
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 2
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec:
            affinity: # want: nothing keeps the 2 replicas apart
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}
            containers: [{name: app, image: "postgres:17.6"}]
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: front}}
          spec:
            affinity:
              podAntiAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 100
                  podAffinityTerm:
                    topologyKey: kubernetes.io/hostname
                    labelSelector: {matchExpressions: [{key: tier, operator: In, values: [front]}]}
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: topology.kubernetes.io/zone
              whenUnsatisfiable: ScheduleAnyway
              labelSelector: {matchLabels: {app: web}}
            containers: [{name: app, image: "nginx:1.29.1"}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: single}
      spec:
        selector: {matchLabels: {app: single}}
        template:
          metadata: {labels: {app: single}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    guard pod.isReplicated, let count = universe.replicasMin(of: pod), count >= 2 else { return }
    let constraints = Array(pod.spec.node.list("topologySpreadConstraints"))
    let isKept = (constraints + pod.antiAffinityTerms).contains { part in
      part["labelSelector"].flatMap(Selections.read)?.matches(pod.labels) ?? false
    }
    if isKept { return }
    let message = "nothing keeps the \(count) replicas apart"
    let help = "add a topologySpreadConstraint that selects the labels of these pods"
    if constraints.isEmpty, !pod.antiAffinityTerms.isEmpty,
      let node = pod.spec.node["affinity"]
    {
      report.flag(at: node, message, help: help, anchor: .key)
    } else {
      report.missing(
        FieldPath([.field("spec"), .field("topologySpreadConstraints")]), in: pod.template,
        message, help: help)
    }
  }
}
