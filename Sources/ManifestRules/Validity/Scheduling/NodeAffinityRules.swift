import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Which nodes a pod must or would like to run on.
enum NodeAffinityRules: PodRules {
  static let title = "Node affinity"
  static let needs = ["nodeAffinity"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    guard let affinity = pod.spec.affinity?.nodeAffinity else { return }
    if let selector = affinity.requiredDuringSchedulingIgnoredDuringExecution {
      if selector.nodeSelectorTerms.isEmpty {
        PodFieldChecks.missing(
          "AFF-01", at: selector.node, "nodeSelectorTerms",
          "without a term no node fits, and the pod would never run", into: &report)
      }
      for term in selector.nodeSelectorTerms { check(term, isRequired: true, into: &report) }
    }
    for preferred in affinity.preferredDuringSchedulingIgnoredDuringExecution {
      SchedulingWeight.check("AFF-11", preferred.weight, at: preferred.node, into: &report)
      guard let term = preferred.preference else { continue }
      check(term, isRequired: false, into: &report)
    }
  }

  private static func check(
    _ term: NodeSelectorTerm, isRequired: Bool, into report: inout Report
  ) {
    for requirement in term.matchExpressions {
      checkLabel(requirement, isRequired: isRequired, into: &report)
    }
    for requirement in term.matchFields { checkField(requirement, into: &report) }
  }

  private static func checkLabel(
    _ requirement: NodeSelectorRequirement, isRequired: Bool, into report: inout Report
  ) {
    let count = requirement.values.count
    let operation = requirement.operator ?? ""
    switch operation {
    case "In", "NotIn":
      if count == 0 {
        PodFieldChecks.missing(
          "AFF-04", at: requirement.node, "values", "'\(operation)' compares with them",
          into: &report)
      }
    case "Exists", "DoesNotExist":
      if count > 0 {
        report.error(
          "AFF-05", .forbidden, at: requirement.node, "values",
          "'\(operation)' asks for the label only, so there must be no values",
          help: "remove 'values', or write 'operator: In'")
      }
    case "Gt", "Lt":
      if count != 1 {
        report.error(
          "AFF-06", .required, at: requirement.node, "values",
          "'\(operation)' compares with one number, and there are \(count) values",
          help: "give one value")
      }
    default:
      report.error(
        "AFF-03", .invalid, at: requirement.node, "operator",
        "\(PodFieldChecks.quoted(operation)) is no way to compare labels",
        help: "write 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt' or 'Lt'")
    }
    let key = requirement.key ?? ""
    PodFieldChecks.format(
      "AFF-02", LabelFormat.key(key), of: key, as: "the key of a node's label",
      at: requirement.node, "key", into: &report)
    // What is only preferred may hold anything: it just never fits.
    guard isRequired else { return }
    for (index, value) in requirement.values.enumerated() {
      PodFieldChecks.format(
        "AFF-07", LabelFormat.value(value), of: value, as: "the value of a node's label",
        at: requirement.node, FieldPath("values").index(index), into: &report)
    }
  }

  private static func checkField(
    _ requirement: NodeSelectorRequirement, into report: inout Report
  ) {
    let operation = requirement.operator ?? ""
    if operation != "In", operation != "NotIn" {
      report.error(
        "AFF-09", .invalid, at: requirement.node, "operator",
        "\(PodFieldChecks.quoted(operation)) is no way to compare a node's field",
        help: "write 'In' or 'NotIn'")
    } else if requirement.values.count != 1 {
      report.error(
        "AFF-10", .required, at: requirement.node, "values",
        "a node's field is compared with one value, and there are \(requirement.values.count)",
        help: "give one value, and a term for each further one")
    }
    guard requirement.key == "metadata.name" else {
      return report.error(
        "AFF-08", .invalid, at: requirement.node, "key",
        "\(PodFieldChecks.quoted(requirement.key ?? "")) is no field that nodes are chosen by",
        help: "write 'metadata.name', or use 'matchExpressions' for labels")
    }
    for (index, value) in requirement.values.enumerated() {
      PodFieldChecks.format(
        "AFF-10", NameFormat.dnsSubdomain(value), of: value, as: "a node's name",
        at: requirement.node, FieldPath("values").index(index), into: &report)
    }
  }
}

/// The weight of a wish among others.
enum SchedulingWeight {
  static func check(
    _ code: String, _ weight: Int32?, at node: NodeRef, into report: inout Report
  ) {
    let weight = weight ?? 0
    guard !(1...100).contains(weight) else { return }
    report.error(
      code, .invalid, at: node, "weight",
      node["weight"] == nil
        ? "'weight' is missing; it says how much the wish counts"
        : "the weight '\(weight)' does not lie between 1 and 100",
      help: "write a number from 1 to 100")
  }
}

extension NodeAffinityRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "AFF-01", "required node affinity has a term",
      bad:
        """
        spec.affinity = {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
        {nodeSelectorTerms: []}}}
        """,
      good:
        """
        spec.affinity = {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
        {nodeSelectorTerms: [{}]}}}
        """
    ),
    rule(
      "AFF-02", "a node's label is named by a label key", bad: "{key: 'a b', operator: Exists}",
      good: "{key: a, operator: Exists}"),
    rule(
      "AFF-03", "labels are compared by In, NotIn, Exists, DoesNotExist, Gt or Lt",
      bad: "{key: a, operator: in, values: [b]}", good: "{key: a, operator: In, values: [b]}"),
    rule(
      "AFF-04", "In and NotIn have values", bad: "{key: a, operator: In}",
      good: "{key: a, operator: In, values: ['']}"),
    rule(
      "AFF-05", "exists and DoesNotExist have no values",
      bad: "{key: a, operator: Exists, values: [b]}",
      good: "{key: a, operator: Exists, values: []}"),
    rule(
      "AFF-06", "gt and Lt have one value", bad: "{key: a, operator: Gt, values: ['1', '2']}",
      good: "{key: a, operator: Gt, values: [x]}"),
    rule(
      "AFF-07", "required values are label values",
      bad: "{key: a, operator: In, values: ['b c']}",
      good: "{key: a, operator: In, values: [b_c]}"),
    fieldRule(
      "AFF-08", "the field that nodes are chosen by is metadata.name",
      bad: "{key: metadata.uid, operator: In, values: [a]}"),
    fieldRule(
      "AFF-09", "a node's field is compared by In or NotIn",
      bad: "{key: metadata.name, operator: Exists}"),
    fieldRule(
      "AFF-10", "a node's field is compared with one name",
      bad: "{key: metadata.name, operator: In, values: [a, b]}"),
    RuleDescription(
      "AFF-11", "the weight of a wish for nodes lies between 1 and 100",
      bad:
        """
        spec.affinity = {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: \
        [{weight: 101, preference: {}}]}}
        """,
      """
      spec.affinity = {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: \
      [{preference: {}}]}}
      """,
      good:
        """
        spec.affinity = {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: \
        [{weight: 100, preference: {}}]}}
        """
    ),
    .untestable(
      "AFF-12", "a wish for nodes keeps the rules of a requirement, but for label values",
      because: "findings carry the codes AFF-02 to AFF-10"),
  ]

  private static func rule(
    _ id: String, _ summary: String, bad: String, good: String
  ) -> RuleDescription {
    RuleDescription(
      id, summary, bad: example("matchExpressions", bad), good: example("matchExpressions", good))
  }

  private static func fieldRule(_ id: String, _ summary: String, bad: String) -> RuleDescription {
    RuleDescription(
      id, summary, bad: example("matchFields", bad),
      good: example("matchFields", "{key: metadata.name, operator: In, values: [node-1]}"))
  }

  private static func example(_ list: String, _ requirement: String) -> RuleExample {
    RuleExample(
      stringLiteral:
        "spec.affinity = {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: "
        + "{nodeSelectorTerms: [{\(list): [\(requirement)]}]}}}")
  }
}
