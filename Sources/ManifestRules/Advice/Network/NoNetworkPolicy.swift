import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that no policy guards where others are guarded.
struct NoNetworkPolicy: PodUniverseAdvice {
  static let about = AdviceDescription(
    "NET003", "no-network-policy", .note, .strict,
    "No NetworkPolicy selects a pod, in a namespace that has some.",
    why: """
      A pod that no policy selects takes connections from everywhere in the cluster. Asked for \
      only where a policy of the namespace is known: others may be guarded by what is not in the \
      repository.
      """,
    parameters: [
      AdviceParameter(
        "everywhere", .choice(["yes", "no"], "no"),
        "whether pods of namespaces without any policy are flagged too")
    ],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: web # want: no NetworkPolicy selects the pods of Pod web
        labels: {app: web}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, labels: {app: db}}
      spec: {containers: [{name: app, image: "postgres:17.6"}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db}
      spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
      """,
      AdviceExample(
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop} # want: no NetworkPolicy selects the pods of
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
        """, set: ["everywhere": "yes"]),
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      --- # file: policies/deny.yaml
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny, namespace: shop}
      spec: {podSelector: {}, policyTypes: [Ingress]}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: data, labels: {app: db}}
      spec: {containers: [{name: app, image: "postgres:17.6"}]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: data}
      spec: {podSelector: {matchLabels: {app: db}}, policyTypes: [Ingress]}
      """,
    ])

  /// Policies of network plug-ins, whose selectors nobody reads here.
  private static let otherKinds = [
    "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "GlobalNetworkPolicy",
    "AdminNetworkPolicy", "BaselineAdminNetworkPolicy",
  ]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    // Policies do not hold for pods in the network of their node.
    guard pod.spec.node["hostNetwork"]?.bool != true,
      universe.objects(ofKind: "NetworkPolicy", selectingPodsOf: pod.object).isEmpty,
      !otherKinds.contains(where: { !universe.objects(ofKind: $0).isEmpty })
    else { return }
    let policies = universe.objects(ofKind: "NetworkPolicy")
    if policies.contains(where: { $0.gvk.group != "networking.k8s.io" }) { return }
    let isAsked =
      report.text("everywhere") == "yes"
      || policies.contains { isNear($0, pod.object, universe) }
    guard isAsked else { return }
    report.flag(
      at: pod.object.place, "no NetworkPolicy selects the pods of \(pod.object.title)",
      help: "add one for their labels, or one for the whole namespace")
  }

  /// Whether a policy is for certain of the namespace of an object.
  private static func isNear(
    _ policy: AdviceObject, _ object: AdviceObject, _ universe: Universe
  ) -> Bool {
    let (one, two) = (universe.namespace(of: policy), universe.namespace(of: object))
    guard one == nil || two == nil else { return one == two }
    return one == two && universe.areAppliedTogether(policy, object)
  }
}
