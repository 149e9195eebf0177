import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags objects that are written twice.
struct DuplicateObject: UniverseAdvice {
  static let about = AdviceDescription(
    "REF018", "duplicate-object", .error, .recommended,
    "An object is there twice in what is applied together.",
    why: """
      Kind, namespace and name tell objects apart; their API version does not. Of two with one \
      name the one that is applied last wins, and which one that is depends on the order of files. \
      kustomize refuses such a set.
      """,
    bad: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data: {mode: fast}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: web # want: ConfigMap web is there twice, with different content
      data: {mode: slow}
      """,
      """
      apiVersion: autoscaling/v1
      kind: HorizontalPodAutoscaler
      metadata: {name: web, namespace: shop}
      spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec: {}
      --- # file: second.yaml
      apiVersion: autoscaling/v2
      kind: HorizontalPodAutoscaler
      metadata: {name: web, namespace: shop} # want: HorizontalPodAutoscaler shop/web is there twice
      spec: {maxReplicas: 3, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, namespace: shop}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, namespace: other}
      ---
      apiVersion: v1
      kind: Secret
      metadata: {name: web, namespace: shop}
      --- # file: elsewhere/web.yaml
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web, namespace: shop}
      """,
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {generateName: web-}
      spec: {}
      ---
      apiVersion: batch/v1
      kind: Job
      metadata: {generateName: web-}
      spec: {}
      """,
    ])

  private static let choicesMin = 3

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard !object.name.isEmpty, object.tree != nil else { return }
    let named = universe.objects(ofKind: object.kind, named: object.name)
    guard named.count > 1 else { return }
    let namespace = universe.namespace(of: object)
    let alike = named.filter { other in
      other.gvk.group == object.gvk.group && universe.namespace(of: other) == namespace
        && universe.areAppliedTogether(other, object)
    }
    // A folder in which every other file describes it anew holds choices, not one set.
    let files = Set(alike.map(\.file.name))
    if files.count >= choicesMin, universe.kustomizations.roots(of: object.file.name).isEmpty {
      return
    }
    for other in alike {
      // Each pair once, at the later one.
      if other === object { return }
      let areEqual = other.node.asValue == object.node.asValue
      report.flag(
        at: object.place,
        "\(object.title) is there twice, with \(areEqual ? "the same" : "different") content",
        help: areEqual ? "remove one of the two" : "remove one, or give it another name",
        related: [report.related("the first one", at: other.place, of: other)])
      return
    }
  }
}
