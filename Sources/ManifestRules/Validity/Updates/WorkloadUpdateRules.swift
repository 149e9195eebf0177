import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Updates of workloads: their selector stays.
enum WorkloadUpdateRules: UpdateRules {
  static let title = "Updates of workloads"
  static let kinds = ["Deployment", "ReplicaSet", "DaemonSet"].map {
    GroupVersionKind(group: "apps", version: "v1", kind: $0)
  }

  private static let codes = [
    "Deployment": "DEPU-01", "ReplicaSet": "RSU-01", "DaemonSet": "DSU-01",
  ]

  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report) {
    guard let before = old.node[.spec], let after = new.node[.spec],
      let code = codes[new.gvk.kind], Selection(before) != Selection(after)
    else { return }
    report.error(
      code, .invalid, at: after, "selector",
      "the selector of a \(new.gvk.kind) cannot change: pods made so far would be left behind",
      help: "keep the selector, or delete the \(new.gvk.kind) and create it anew")
  }

  /// A selector in the form in which two are compared: order of keys aside, empty parts and absent
  /// ones are the same.
  private struct Selection: Hashable {
    struct Expression: Hashable {
      var key: String
      var word: String
      var values: [String]
    }
    var isThere: Bool
    var labels: [String: String]
    var expressions: [Expression]

    init(_ spec: NodeRef) {
      let selector = spec["selector"].flatMap(LabelSelectorView.read)
      isThere = selector != nil
      labels = selector?.matchLabels.dictionary ?? [:]
      expressions =
        selector?.matchExpressions.map {
          Expression(key: $0.key ?? "", word: $0.operator ?? "", values: Array($0.values))
        } ?? []
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "RSU-01", "A ReplicaSet keeps its selector.", on: .replicaSetUpdate,
      bad:
        "spec.selector.matchLabels = {app: api}\nspec.template.metadata.labels = {app: api}",
      good: "spec.template.metadata.labels = {app: web, tier: front}"),
    .untestable(
      "RSU-02", "The new ReplicaSet follows the rules of new ones.",
      because: "each of those rules has its own id and examples"),
    .untestable("RSU-03", "The template may change.", because: "nothing is refused"),
    RuleDescription(
      "DEPU-01", "A Deployment keeps its selector.", on: .deploymentUpdate,
      bad:
        "spec.selector.matchLabels = {app: api}\nspec.template.metadata.labels = {app: api}",
      "spec.selector.matchExpressions = [{key: app, operator: Exists}]",
      good: "spec.selector.matchExpressions = []", "spec.replicas = 3"),
    .untestable(
      "DEPU-02", "The new Deployment follows the rules of new ones.",
      because: "each of those rules has its own id and examples"),
    .untestable(
      "DEPU-03", "Changing the strategy to Recreate takes out the limits of rolling updates.",
      because: "a replacement has them only where its manifest says so (DEP-11); patches differ"),
    .untestable(
      "DSU-01", "A DaemonSet keeps its selector.",
      because: "there is no base of examples for updates of DaemonSets"),
  ]
}
