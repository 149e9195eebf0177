import ManifestModel
import ManifestSchema
import ManifestSyntax

/// ReplicaSets: numbers, selector, and what their templates may not have.
enum ReplicaSetRules: KindRules {
  static let title = "ReplicaSets"
  static let kinds = [GroupVersionKind(group: "apps", version: "v1", kind: "ReplicaSet")]

  static let rules: [RuleDescription] = [
    RuleDescription(
      "RS-01", "The number of replicas is not negative.", on: .replicaSet,
      bad: "spec.replicas = -1", good: "spec.replicas = 0"),
    RuleDescription(
      "RS-02", "The seconds that a pod must be ready are not negative.", on: .replicaSet,
      bad: "spec.minReadySeconds = -1", good: "spec.minReadySeconds = 0"),
    RuleDescription(
      "RS-03", "A ReplicaSet has a selector.", on: .replicaSet, bad: "spec.selector =",
      "spec.selector = null", good: "spec.selector = {matchLabels: {app: web}}"),
    .untestable(
      "RS-04", "The selector follows the rules of label selectors.",
      because: "each of those rules has its own id (LSEL-*) and examples"),
    RuleDescription(
      "RS-05", "The selector asks for something.", on: .replicaSet, bad: "spec.selector = {}",
      "spec.selector = {matchLabels: {}}",
      good: "spec.selector = {matchExpressions: [{key: app, operator: Exists}]}"),
    RuleDescription(
      "RS-06", "The selector can be used as a whole.", on: .replicaSet,
      bad: "spec.selector = {matchExpressions: [{key: app, operator: Gt, values: ['1']}]}",
      good: "spec.selector = {matchExpressions: [{key: app, operator: In, values: [web]}]}"),
    RuleDescription(
      "RS-07", "The labels of the template satisfy the selector.", on: .replicaSet,
      bad: "spec.template.metadata.labels = {app: api}",
      "spec.selector.matchExpressions = [{key: app, operator: NotIn, values: [web]}]",
      good: "spec.template.metadata.labels = {app: web, tier: front}"),
    .untestable(
      "RS-08", "The template follows the rules of pods.",
      because: "each of those rules has its own id and examples"),
    RuleDescription(
      "RS-09", "The pods of a ReplicaSet always restart.", on: .replicaSet,
      bad: "spec.template.spec.restartPolicy = OnFailure",
      good: "spec.template.spec.restartPolicy = Always"),
    RuleDescription(
      "RS-10", "The pods of a ReplicaSet have no deadline.", on: .replicaSet,
      bad: "spec.template.spec.activeDeadlineSeconds = 60",
      good: "spec.template.spec.terminationGracePeriodSeconds = 60"),
    .untestable(
      "RS-11", "The metadata follow the rules of all objects.",
      because: "each of those rules has its own id (META-*) and examples"),
  ]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(ReplicaSetSpec.read) else { return }
    report.refuseNegative("RS-01", spec.replicas, at: spec.node, "replicas")
    report.refuseNegative("RS-02", spec.minReadySeconds, at: spec.node, "minReadySeconds")
    WorkloadSelector.check(
      object,
      WorkloadSelector.Codes(
        required: "RS-03", empty: "RS-05", unusable: "RS-06", labels: "RS-07"), into: &report)
    LastingPods.check(object, restart: "RS-09", deadline: "RS-10", into: &report)
  }
}

/// What must hold of the pods of workloads that never end.
enum LastingPods {
  private static let needs = KeySketch(ofKeys: ["activeDeadlineSeconds", "restartPolicy"])

  /// Judges the fields of the template that only make sense for pods that end.
  static func check(
    _ object: ObjectSubject, restart: String, deadline: String, into report: inout Report
  ) {
    guard object.keys.mayMeet(needs), WorkloadSelector.isUsable(object),
      let template = object.node[.spec]?["template"]?["spec"].flatMap(PodSpec.read)
    else { return }
    if let policy = template.restartPolicy, policy != "Always" {
      report.error(
        restart, .notSupported, at: template.node, "restartPolicy",
        "restartPolicy is '\(policy)', but the pods of a \(object.gvk.kind) always restart",
        help: "write 'Always', or use a Job for work that ends")
    }
    guard let seconds = template.node["activeDeadlineSeconds"]?.int64 else { return }
    report.error(
      deadline, .forbidden, at: template.node, "activeDeadlineSeconds",
      "the pods of a \(object.gvk.kind) may not end after '\(seconds)' seconds",
      help: "remove 'activeDeadlineSeconds', or use a Job for work that ends",
      fixes: [
        FixIt(
          "remove 'activeDeadlineSeconds'", safety: .changesBehavior,
          edits: [.remove(template.node.path.field("activeDeadlineSeconds"))])
      ])
  }
}
