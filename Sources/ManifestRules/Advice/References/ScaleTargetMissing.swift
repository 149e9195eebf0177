import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags autoscalers whose target is not there.
struct ScaleTargetMissing: UniverseAdvice {
  static let about = AdviceDescription(
    "REF010", "scale-target-missing", .error, .recommended, fix: .hint,
    "An autoscaler scales something that does not exist.",
    why: """
      The autoscaler finds its target by apiVersion, kind and name. Where one of them is wrong it \
      does nothing but report FailedGetScale, and the load finds too few pods.
      """,
    bad: [
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef:
          apiVersion: apps/v1
          kind: Deployment
          name: wep # want: no Deployment 'wep' is in the repository
        maxReplicas: 5
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef:
          apiVersion: extensions/v1beta1 # want: Deployment 'web' is of 'apps/v1', not of
          kind: Deployment
          name: web
        maxReplicas: 5
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: keda.sh/v1alpha1
      kind: ScaledObject
      metadata: {name: worker}
      spec:
        scaleTargetRef:
          name: worker # want: no Deployment 'worker' is in the repository
      """,
    ],
    good: [
      """
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web}
      spec:
        scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}
        maxReplicas: 5
      --- # file: rollouts/web.yaml
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata: {name: web}
      spec: {replicas: 1}
      """,
      """
      apiVersion: keda.sh/v1alpha1
      kind: ScaledObject
      metadata: {name: worker}
      spec:
        scaleTargetRef: {name: worker}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: worker}
      spec:
        selector: {matchLabels: {app: worker}}
        template:
          metadata: {labels: {app: worker}}
          spec: {containers: [{name: app, image: "worker:1.0"}]}
      """,
    ])

  static let kinds = ["HorizontalPodAutoscaler", "ScaledObject"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let target = ScaleTarget(object), !target.kind.isEmpty else { return }
    let what = "\(target.kind) '\(target.name)'"
    let nameNode = target.node[.name] ?? target.node
    switch universe.find(target.kind, target.name, for: object) {
    case .objects(let found):
      checkVersion(target, found, universe, into: &report)
    case .elsewhere(let others):
      let space = universe.namespace(of: object) ?? ""
      report.flag(
        at: nameNode, "no \(what) is in namespace '\(space)'",
        help: "an autoscaler scales what is in its own namespace",
        related: others.prefix(3).map { report.related("there is one here", at: $0.place, of: $0) })
    case .missing:
      report.flag(
        at: nameNode, "no \(what) is in the repository", help: hint(target, object, universe))
    default: return
    }
  }

  /// A target of another API group is none; neither is one of a version that no server has.
  private static func checkVersion(
    _ target: ScaleTarget, _ found: [AdviceObject], _ universe: Universe,
    into report: inout AdviceReport
  ) {
    guard let first = found.first else { return }
    let what = "\(target.kind) '\(target.name)'"
    guard let written = target.node[.apiVersion], let text = written.string else {
      if target.group == first.gvk.group { return }
      return report.missing(
        "apiVersion", in: target.node, "\(what) is of '\(first.gvk.apiVersion)'",
        help: "write apiVersion: \(first.gvk.apiVersion)")
    }
    let gvk = GroupVersionKind(apiVersion: text, kind: target.kind)
    let isUnserved =
      report.schema.isBuiltIn(group: gvk.group)
      && report.schema.kind(apiVersion: text, kind: target.kind) == nil
    guard isUnserved || !found.contains(where: { $0.gvk.group == target.group }) else { return }
    // An object that is out of date itself is the other's fault.
    guard first.gvk.apiVersion != text else { return }
    report.flag(
      at: written, "\(what) is of '\(first.gvk.apiVersion)', not of '\(text)'",
      help: "write \(first.gvk.apiVersion)",
      related: [report.related("the target", at: first.place, of: first)])
  }

  private static func hint(
    _ target: ScaleTarget, _ object: AdviceObject, _ universe: Universe
  ) -> String {
    if let near = universe.name(meantBy: target.name, ofKind: target.kind, near: object) {
      return "did you mean '\(near)'?"
    }
    for kind in ["Deployment", "StatefulSet", "ReplicaSet", "Rollout"] where kind != target.kind {
      if universe.isThere(kind, target.name, near: object) {
        return "there is a \(kind) of that name"
      }
    }
    return "name what is to be scaled, or declare it as external"
  }
}
