import ManifestModel
import ManifestSchema
import ManifestSyntax

/// StatefulSets, DaemonSets and ReplicationControllers: their selector and the pods it finds.
///
/// What a single field may hold the schema says; here stand the rules that look at several.
enum OtherWorkloadRules: KindRules {
  static let title = "StatefulSets, DaemonSets and ReplicationControllers"
  static let kinds = [
    GroupVersionKind(group: "apps", version: "v1", kind: "StatefulSet"),
    GroupVersionKind(group: "apps", version: "v1", kind: "DaemonSet"),
    GroupVersionKind(group: "", version: "v1", kind: "ReplicationController"),
  ]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    switch object.gvk.kind {
    case "StatefulSet":
      WorkloadSelector.check(
        object,
        WorkloadSelector.Codes(empty: "STS-01", unusable: "STS-02", labels: "STS-03"),
        into: &report)
      LastingPods.check(object, restart: "STS-04", deadline: "STS-05", into: &report)
    case "DaemonSet":
      WorkloadSelector.check(
        object,
        WorkloadSelector.Codes(empty: "DSET-01", unusable: "DSET-02", labels: "DSET-03"),
        into: &report)
      LastingPods.check(object, restart: "DSET-04", deadline: "DSET-05", into: &report)
    default:
      checkController(object, into: &report)
      LastingPods.check(object, restart: "RCTL-02", deadline: "RCTL-03", into: &report)
    }
  }

  private static func checkController(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec] else { return }
    if let selector = spec[.selector], selector.count > 0,
      WorkloadSelector.areAmongLabels(selector, in: spec)
    {
      return
    }
    let selector = ViewMap<String>(member: spec["selector"])
    let labels = WorkloadSelector.labels(of: spec)
    // Without a selector the labels of the template are taken for one.
    if selector.isEmpty, labels.isEmpty {
      report.error(
        "RCTL-04", .required, at: spec, "selector",
        "there is neither a selector nor a label in the template to take for one",
        help: "give the template labels, and the selector the same")
    }
    guard spec[.template] != nil else {
      return report.error(
        "RCTL-05", .required, at: spec, "template", "there is no template to make pods from",
        help: "add 'template' with the pod's labels and spec")
    }
    guard !selector.isEmpty, selector.contains(where: { labels[$0.key] != $0.value }) else {
      return
    }
    report.error(
      "RCTL-01", .invalid, at: spec, "template.metadata.labels",
      "the labels of the template do not satisfy the selector, so the controller would never find "
        + "the pods it makes", help: "give the template the labels of the selector")
  }

  static let rules: [RuleDescription] =
    lasting("STS", "StatefulSet", .statefulSet) + lasting("DSET", "DaemonSet", .daemonSet) + [
      RuleDescription(
        "RCTL-01", "The labels of the template satisfy the selector.", on: .replicationController,
        bad: """
          spec.selector = {app: api}
          """, good: "spec.selector = {}", "spec.selector = {app: web}"),
      RuleDescription(
        "RCTL-04", "There is a selector, or labels in the template that stand for one.",
        on: .replicationController,
        bad: """
          spec.selector =
          spec.template.metadata =
          """, good: "spec.selector ="),
      RuleDescription(
        "RCTL-05", "A ReplicationController has a template.", on: .replicationController,
        bad: "spec.template =", good: "spec.template.spec.nodeName = n1"),
      RuleDescription(
        "RCTL-02", "The pods of a ReplicationController always restart.",
        on: .replicationController, bad: "spec.template.spec.restartPolicy = Never",
        good: "spec.template.spec.restartPolicy = Always"),
      RuleDescription(
        "RCTL-03", "The pods of a ReplicationController have no deadline.",
        on: .replicationController, bad: "spec.template.spec.activeDeadlineSeconds = 60",
        good: "spec.template.spec.terminationGracePeriodSeconds = 60"),
    ]

  private static func lasting(
    _ prefix: String, _ kind: String, _ base: RuleExampleBase
  ) -> [RuleDescription] {
    [
      RuleDescription(
        "\(prefix)-01", "The selector of a \(kind) asks for something.", on: base,
        bad: "spec.selector = {}",
        good: "spec.selector = {matchExpressions: [{key: app, operator: Exists}]}"),
      RuleDescription(
        "\(prefix)-02", "The selector of a \(kind) can be used as a whole.", on: base,
        bad: "spec.selector = {matchExpressions: [{key: app, operator: In}]}",
        good: "spec.selector = {matchExpressions: [{key: app, operator: In, values: [web]}]}"),
      RuleDescription(
        "\(prefix)-03", "The labels of the template satisfy the selector.", on: base,
        bad: "spec.template.metadata.labels = {app: api}",
        good: "spec.template.metadata.labels = {app: web, tier: front}"),
      RuleDescription(
        "\(prefix)-04", "The pods of a \(kind) always restart.", on: base,
        bad: "spec.template.spec.restartPolicy = OnFailure",
        good: "spec.template.spec.restartPolicy = Always"),
      RuleDescription(
        "\(prefix)-05", "The pods of a \(kind) have no deadline.", on: base,
        bad: "spec.template.spec.activeDeadlineSeconds = 60",
        good: "spec.template.spec.terminationGracePeriodSeconds = 60"),
    ]
  }
}
