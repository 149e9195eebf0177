import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags labels of nodes that have another name by now.
struct DeprecatedNodeLabel: PodAdvice {
  static let about = AdviceDescription(
    "APW005", "deprecated-node-label", .warning, .recommended, fix: .safe,
    "A label of nodes is used that has been replaced.",
    why: """
      Nodes carry the new labels, and some time only those. A pod that asks for an old one then \
      fits no node; a topology that no node has keeps nothing apart.
      """,
    supersedes: ["WRN-01", "WRN-02", "WRN-03"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeSelector:
          beta.kubernetes.io/os: linux # want: the node label 'beta.kubernetes.io/os' has been replaced
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
            affinity:
              nodeAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                  nodeSelectorTerms:
                  - matchExpressions:
                    - {key: node-role.kubernetes.io/master, operator: Exists} # want: has been replaced
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - labelSelector: {matchLabels: {app: web}}
                  topologyKey: failure-domain.beta.kubernetes.io/zone # want: has been replaced
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        nodeSelector: {kubernetes.io/os: linux, example.com/beta.kubernetes.io: os}
        topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: DoNotSchedule
          labelSelector: {}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists}]
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["nodeSelector", "nodeAffinity", "topologyKey"]

  private static let successors: [String: String?] = [
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "node-role.kubernetes.io/master": "node-role.kubernetes.io/control-plane",
    "app.kubernetes.io/created-by": nil,
    "scheduler.alpha.kubernetes.io/preferAvoidPods": nil,
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    let spec = pod.spec.node
    if let selector = spec["nodeSelector"], selector.count > 0 {
      for (key, value) in selector.entries {
        guard let new = successors[key.keyText] else { continue }
        let path = value.path
        let isThere = new.map { selector.member(named: $0) != nil } ?? false
        report.flag(
          at: value, message(key.keyText), help: help(new), anchor: .key,
          fixes: isThere
            ? []
            : new.map { [FixIt("use \($0)", safety: .safe, edits: [.rename(path, to: $0)])] } ?? [])
      }
    }
    for constraint in spec.list("topologySpreadConstraints") {
      check(constraint["topologyKey"], into: &report)
    }
    guard let affinity = spec["affinity"] else { return }
    if let nodes = affinity["nodeAffinity"] {
      var terms = Array(
        nodes["requiredDuringSchedulingIgnoredDuringExecution"]?.list("nodeSelectorTerms")
          ?? NodeRef.value(.null).items)
      for item in nodes.list("preferredDuringSchedulingIgnoredDuringExecution") {
        if let term = item["preference"] { terms.append(term) }
      }
      for expression in terms.flatMap({ $0.list("matchExpressions") }) {
        check(expression["key"], into: &report)
      }
    }
    for field in ["podAffinity", "podAntiAffinity"] {
      guard let part = affinity[field] else { continue }
      for term in part.list("requiredDuringSchedulingIgnoredDuringExecution") {
        check(term["topologyKey"], into: &report)
      }
      for item in part.list("preferredDuringSchedulingIgnoredDuringExecution") {
        check(item["podAffinityTerm"]?["topologyKey"], into: &report)
      }
    }
  }

  private static func check(_ node: NodeRef?, into report: inout AdviceReport) {
    guard let node, let text = node.string, let new = successors[text] else { return }
    report.flag(
      at: node, message(text), help: help(new),
      fixes: new.map { [report.setting(node, to: $0, title: "use \($0)", safety: .safe)] } ?? [])
  }

  private static func message(_ label: String) -> String {
    "the node label '\(label)' has been replaced"
  }

  private static func help(_ new: String?) -> String {
    new.map { "use '\($0)'" } ?? "remove it; nodes do not have it"
  }
}
