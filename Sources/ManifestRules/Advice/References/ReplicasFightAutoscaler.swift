import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags fixed numbers of replicas that an autoscaler owns.
struct ReplicasFightAutoscaler: UniverseAdvice {
  static let about = AdviceDescription(
    "REF011", "replicas-fight-autoscaler", .warning, .recommended, fix: .unsafe,
    "A workload fixes its replicas although an autoscaler sets them.",
    why: """
      Every apply puts the written number back, and the autoscaler then changes it again: pods are \
      stopped under load. Without the field the number is left as it is.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3 # want: HorizontalPodAutoscaler web sets the replicas
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
        maxReplicas: 5
      """,
      """
      apiVersion: keda.sh/v1alpha1
      kind: ScaledObject
      metadata: {name: worker}
      spec:
        scaleTargetRef: {kind: StatefulSet, name: worker}
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: worker}
      spec:
        selector: {matchLabels: {app: worker}}
        replicas: 1 # want: ScaledObject worker sets the replicas
        template:
          metadata: {labels: {app: worker}}
          spec: {containers: [{name: app, image: "worker:1.0"}]}
      """,
    ],
    good: [
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
        maxReplicas: 5
      """,
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
      ---
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web, namespace: other}
      spec:
        scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
        maxReplicas: 5
      """,
    ])

  static let needs = ["replicas"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let scaler = universe.autoscalers(of: object).first,
      let replicas = object.node[.spec]?["replicas"]
    else { return }
    report.flag(
      at: replicas, "\(scaler.title) sets the replicas; every apply sets them back",
      help: "remove replicas",
      related: [report.related("the autoscaler", at: scaler.place, of: scaler)],
      fixes: [report.removing(replicas, title: "remove replicas", safety: .changesBehavior)])
  }
}
