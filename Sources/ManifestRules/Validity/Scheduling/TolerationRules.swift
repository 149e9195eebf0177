import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The taints of nodes that a pod puts up with.
enum TolerationRules: PodRules {
  static let title = "Tolerations"
  static let needs = ["tolerations"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    for toleration in pod.spec.tolerations {
      checkKey(toleration, into: &report)
      checkOperator(toleration, into: &report)
      checkEffect(toleration, into: &report)
    }
  }

  private static func checkKey(_ toleration: Toleration, into report: inout Report) {
    let key = toleration.key ?? ""
    if key.isEmpty {
      guard toleration.operator != "Exists" else { return }
      report.error(
        "TOL-02", .invalid, at: toleration.node, "operator",
        "a toleration without a key puts up with every taint, so there is nothing to compare",
        help: "write 'operator: Exists', or add a key")
    } else {
      PodFieldChecks.format(
        "TOL-01", LabelFormat.key(key), of: key, as: "the key of a taint", at: toleration.node,
        "key", into: &report)
    }
  }

  private static func checkOperator(_ toleration: Toleration, into report: inout Report) {
    let value = toleration.value ?? ""
    switch toleration.operator ?? "" {
    case "", "Equal":
      // The server joins what is wrong with the value to one error.
      guard let problem = LabelFormat.value(value).first else { return }
      report.error(
        "TOL-04", .invalid, at: toleration.node, "value",
        "\(PodFieldChecks.quoted(value)) cannot be the value of a taint: \(problem)",
        server: "operator")
    case "Exists":
      guard !value.isEmpty else { return }
      report.error(
        "TOL-05", .invalid, at: toleration.node, "value",
        "'Exists' takes any value, so there must be none to compare with",
        help: "remove 'value', or write 'operator: Equal'", server: "operator")
    case let other:
      PodFieldChecks.choice(
        "TOL-06", other, among: ["Equal", "Exists"], absence: .isFine, at: toleration.node,
        "operator", into: &report)
    }
  }

  private static func checkEffect(_ toleration: Toleration, into report: inout Report) {
    let effect = toleration.effect ?? ""
    if toleration.tolerationSeconds != nil, effect != "NoExecute" {
      report.error(
        "TOL-03", .invalid, at: toleration.node, "effect",
        "'tolerationSeconds' says how long a pod stays, and only 'NoExecute' makes it leave",
        help: "write 'effect: NoExecute', or remove 'tolerationSeconds'")
    }
    guard !effect.isEmpty else { return }
    PodFieldChecks.choice(
      "TOL-08", effect, among: ["NoSchedule", "PreferNoSchedule", "NoExecute"], absence: .isFine,
      at: toleration.node, "effect", into: &report)
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "TOL-01", "a tolerated key is a label key",
      bad: "spec.tolerations = [{key: 'a b', operator: Exists}]",
      good: "spec.tolerations = [{key: example.com/a, operator: Exists}]"),
    RuleDescription(
      "TOL-02", "a toleration without a key has the operator Exists",
      bad: "spec.tolerations = [{operator: Equal, value: a}]", "spec.tolerations = [{}]",
      good: "spec.tolerations = [{operator: Exists}]"),
    RuleDescription(
      "TOL-03", "only a toleration of NoExecute ends after some seconds",
      bad: "spec.tolerations = [{key: a, operator: Exists, tolerationSeconds: 5}]",
      good:
        "spec.tolerations = [{key: a, operator: Exists, effect: NoExecute, tolerationSeconds: 5}]"),
    RuleDescription(
      "TOL-04", "a tolerated value is a label value",
      bad: "spec.tolerations = [{key: a, value: 'b c'}]",
      good: "spec.tolerations = [{key: a, value: b.c}]"),
    RuleDescription(
      "TOL-05", "a toleration with the operator Exists has no value",
      bad: "spec.tolerations = [{key: a, operator: Exists, value: b}]",
      good: "spec.tolerations = [{key: a, operator: Exists, value: ''}]"),
    RuleDescription(
      "TOL-06", "the operator of a toleration is Equal or Exists",
      bad: "spec.tolerations = [{key: a, operator: exists}]",
      "spec.tolerations = [{key: a, operator: Gt, value: '1'}]",
      good: "spec.tolerations = [{key: a, operator: Equal, value: b}]"),
    .untestable(
      "TOL-07", "compared values are numbers",
      because: "the operators Lt and Gt are off in the versions covered"),
    RuleDescription(
      "TOL-08", "the effect of a taint is NoSchedule, PreferNoSchedule or NoExecute",
      bad: "spec.tolerations = [{key: a, operator: Exists, effect: Noschedule}]",
      good: "spec.tolerations = [{key: a, operator: Exists, effect: ''}]"),
  ]
}
