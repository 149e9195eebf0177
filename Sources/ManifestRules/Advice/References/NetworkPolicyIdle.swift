import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags network policies that are about pods which nobody runs.
struct NetworkPolicyIdle: UniverseAdvice {
  static let about = AdviceDescription(
    "REF015", "network-policy-idle", .warning, .recommended,
    "A NetworkPolicy, or a peer of the same namespace in it, selects no pod.",
    why: """
      A policy for pods that do not exist guards nothing, and a peer that does not exist lets \
      nothing through: connections that were meant to be allowed are dropped without a trace.
      """,
    bad: [
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec:
        podSelector: # want: no pod has the labels app=wep
          matchLabels: {app: wep}
        policyTypes: [Ingress]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec:
        podSelector: {matchLabels: {app: web}}
        ingress:
        - from:
          - podSelector: {matchLabels: {app: web}}
          - podSelector: {matchLabels: {app: prxoy}} # want: no pod has the labels app=prxoy
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: proxy, labels: {app: proxy}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
      """,
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec:
        podSelector: {matchExpressions: [{key: app, operator: In, values: [web, api]}]}
        egress:
        - to:
          - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
            podSelector: {matchLabels: {k8s-app: kube-dns}}
          - ipBlock: {cidr: 10.0.0.0/8}
          - podSelector: {}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static let kinds = ["NetworkPolicy"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard object.gvk.group == "networking.k8s.io", let spec = object.node[.spec] else { return }
    if let written = spec["podSelector"], universe.selectedPods(of: object).isEmpty {
      flag(written, universe.selector(of: object), object, universe, into: &report)
    }
    for (list, side) in [("ingress", "from"), ("egress", "to")] {
      for rule in spec.list(list) {
        for peer in rule.list(side) where peer["namespaceSelector"] == nil {
          guard let written = peer["podSelector"], let selector = Selections.read(written),
            !selector.isEmpty, universe.pods(selectedBy: selector, near: object).isEmpty
          else { continue }
          flag(written, selector, object, universe, into: &report)
        }
      }
    }
  }

  private static func flag(
    _ written: NodeRef, _ selector: LabelSelector?, _ object: AdviceObject,
    _ universe: Universe, into report: inout AdviceReport
  ) {
    guard let selector, !selector.isEmpty, !universe.mayHoldPods(of: selector, near: object)
    else { return }
    report.flag(
      at: written, "no pod has the labels \(selector)",
      help: universe.nearestPod(to: selector, near: object)
        ?? "select the labels that the pods have", anchor: .key)
  }
}
