import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Checks label selectors, wherever they stand (LSEL-01 … LSEL-06).
enum SelectorChecks {
  /// Checks `selector`; one that is not there is no concern of these rules.
  static func check(_ selector: LabelSelectorView?, into report: inout Report) {
    guard let selector else { return }
    LabelChecks.labels(
      selector.matchLabels, at: selector.node, "matchLabels", codes: ("LSEL-01", "LSEL-01"),
      into: &report)
    for requirement in selector.matchExpressions { check(requirement, into: &report) }
  }

  private static func check(_ requirement: LabelSelectorRequirement, into report: inout Report) {
    checkOperator(requirement, into: &report)
    let key = requirement.key ?? ""
    LabelChecks.refuse(
      "LSEL-02", LabelFormat.key(key), of: key, as: "the key of a label", at: requirement.node,
      "key", into: &report)
    for (index, value) in requirement.values.enumerated() {
      LabelChecks.refuse(
        "LSEL-06", LabelFormat.value(value), of: value, as: "a label's value",
        at: requirement.node, FieldPath([.field("values"), .index(index)]),
        help: "no label can have such a value", into: &report)
    }
  }

  private static func checkOperator(
    _ requirement: LabelSelectorRequirement, into report: inout Report
  ) {
    let name = requirement.operator ?? ""
    switch name {
    case "In", "NotIn":
      guard requirement.values.isEmpty else { return }
      report.error(
        "LSEL-04", .required, at: requirement.node, "values",
        "operator '\(name)' compares with a list of values, and there is none",
        help: "list the values, or write 'Exists' or 'DoesNotExist'")
    case "Exists", "DoesNotExist":
      guard !requirement.values.isEmpty else { return }
      report.error(
        "LSEL-05", .forbidden, at: requirement.node, "values",
        "operator '\(name)' asks only for the key, so it takes no values",
        help: "remove 'values', or write '\(name == "Exists" ? "In" : "NotIn")'")
    default:
      let near = ["In", "NotIn", "Exists", "DoesNotExist"].first {
        $0.lowercased() == name.lowercased()
      }
      let path = requirement.node.path.field("operator")
      let fixes = near.map { [FixIt("write '\($0)'", safety: .safe, edits: [.set(path, to: $0)])] }
      report.error(
        "LSEL-03", .invalid, at: requirement.node, "operator",
        "\(PodFieldChecks.quoted(name)) is no operator of a label selector",
        help: "write 'In', 'NotIn', 'Exists' or 'DoesNotExist'", fixes: fixes ?? [])
    }
  }

  /// The descriptions of the rules, for the group that checks a selector in its examples.
  ///
  /// - Parameters:
  ///   - start: An example's text before the selector.
  ///   - end: The text after it.
  static func rules(
    on base: RuleExampleBase, at start: String, end: String
  ) -> [RuleDescription] {
    func example(_ selector: String) -> RuleExample { "\(start){\(selector)}\(end)" }
    func expression(_ text: String) -> RuleExample { example("matchExpressions: [{\(text)}]") }
    return [
      RuleDescription(
        "LSEL-01", "a selector's labels are keys and values that labels can have", on: base,
        bad: example("matchLabels: {'app name': web}"), example("matchLabels: {app: 'my web'}"),
        good: example("matchLabels: {example.com/app: web_1, empty: ''}")),
      RuleDescription(
        "LSEL-02", "an expression's key is the key of a label", on: base,
        bad: expression("key: 'a/b/c', operator: Exists"), expression("operator: Exists"),
        good: expression("key: example.com/App, operator: Exists")),
      RuleDescription(
        "LSEL-03", "an expression's operator is In, NotIn, Exists or DoesNotExist", on: base,
        bad: expression("key: app, operator: in, values: [a]"), expression("key: app"),
        good: expression("key: app, operator: DoesNotExist")),
      RuleDescription(
        "LSEL-04", "In and NotIn have values", on: base,
        bad: expression("key: app, operator: In"),
        expression("key: app, operator: NotIn, values: []"),
        good: expression("key: app, operator: NotIn, values: ['']")),
      RuleDescription(
        "LSEL-05", "Exists and DoesNotExist have no values", on: base,
        bad: expression("key: app, operator: Exists, values: [web]"),
        good: expression("key: app, operator: Exists, values: []")),
      RuleDescription(
        "LSEL-06", "an expression's values are values that labels can have", on: base,
        bad: expression("key: app, operator: In, values: [web, 'a b']"),
        good: expression("key: app, operator: In, values: [web, A_b.c-1]")),
    ]
  }
}
