import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Choices of nodes that the server warns about.
enum NodeLabelWarnings: PodRules {
  static let title = "Warnings about the choice of nodes"
  static let needs =
    ["nodeAffinity", "podAffinity", "podAntiAffinity", "topologySpreadConstraints"]
    + deprecated.keys.sorted()

  /// Labels of nodes that are going away, with what took their place.
  private static let deprecated: [String: String?] = [
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "app.kubernetes.io/created-by": "metadata.ownerReferences",
    "scheduler.alpha.kubernetes.io/preferAvoidPods": nil,
    "node-role.kubernetes.io/master": "node-role.kubernetes.io/control-plane",
  ]

  static func check(_ pod: PodSubject, into report: inout Report) {
    for (key, _) in pod.spec.nodeSelector {
      warn("WRN-01", key, at: pod.spec.node, FieldPath("nodeSelector").key(key), into: &report)
    }
    if let affinity = pod.spec.affinity?.nodeAffinity {
      for term in affinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [] {
        check(term, "WRN-02", into: &report)
      }
      for weighted in affinity.preferredDuringSchedulingIgnoredDuringExecution {
        guard let term = weighted.preference else { continue }
        check(term, "WRN-03", into: &report)
        checkValues(term, into: &report)
      }
    }
    for constraint in pod.spec.topologySpreadConstraints {
      warn(
        "WRN-01", constraint.topologyKey ?? "", at: constraint.node, "topologyKey", into: &report)
      if constraint.labelSelector == nil {
        report.warning(
          "WRN-05", at: constraint.node, "labelSelector",
          "a constraint without labelSelector counts no pods, so it spreads nothing",
          help: "select the pods to spread")
      }
    }
    if let affinity = pod.spec.affinity?.podAffinity { checkTerms(affinity, into: &report) }
    if let affinity = pod.spec.affinity?.podAntiAffinity {
      // Both have the same fields.
      checkTerms(PodAffinity(affinity.node), into: &report)
    }
  }

  private static func check(_ term: NodeSelectorTerm, _ code: String, into report: inout Report) {
    for expression in term.matchExpressions {
      warn(code, expression.key ?? "", at: expression.node, "key", into: &report)
    }
  }

  private static func checkValues(_ term: NodeSelectorTerm, into report: inout Report) {
    for expression in term.matchExpressions {
      for (index, value) in expression.values.enumerated()
      where !LabelFormat.value(value).isEmpty {
        report.warning(
          "WRN-04", at: expression.node, FieldPath("values").index(index),
          "no label can have the value '\(value)', so no node is preferred",
          help: "write a value that a label can have")
      }
    }
  }

  private static func checkTerms(_ affinity: PodAffinity, into report: inout Report) {
    for term in affinity.requiredDuringSchedulingIgnoredDuringExecution {
      checkSelector(term, into: &report)
    }
    for weighted in affinity.preferredDuringSchedulingIgnoredDuringExecution {
      if let term = weighted.podAffinityTerm { checkSelector(term, into: &report) }
    }
  }

  private static func checkSelector(_ term: PodAffinityTerm, into report: inout Report) {
    guard term.labelSelector == nil else { return }
    report.warning(
      "WRN-39", at: term.node, "labelSelector",
      "a term without labelSelector matches no pods, so it has no effect",
      help: "select the pods that are meant")
  }

  private static func warn(
    _ code: String, _ key: String, at node: NodeRef, _ part: FieldPath, into report: inout Report
  ) {
    guard let replacement = deprecated[key] else { return }
    report.warning(
      code, at: node, part, "the node label '\(key)' is deprecated",
      help: replacement.map { "use '\($0)'" } ?? "remove it; it has no effect")
  }

  private static let required =
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"
  private static let preferred =
    "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution"

  private static func example(_ path: String, _ value: String) -> RuleExample {
    RuleExample(stringLiteral: "\(path) = \(value)")
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "WRN-01", "Node selectors and spread constraints use no deprecated labels of nodes.",
      bad: "spec.nodeSelector = {beta.kubernetes.io/os: linux}",
      """
      spec.topologySpreadConstraints = [{maxSkew: 1, topologyKey: \
      failure-domain.beta.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: \
      {}}]
      """,
      good: "spec.nodeSelector = {kubernetes.io/os: linux}"),
    RuleDescription(
      "WRN-02", "Required node affinity uses no deprecated labels of nodes.",
      bad: example(
        required,
        """
        {nodeSelectorTerms: [{matchExpressions: [{key: beta.kubernetes.io/arch, operator: \
        Exists}]}]}
        """
      ),
      good: example(
        required,
        """
        {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/arch, operator: \
        Exists}]}]}
        """)),
    RuleDescription(
      "WRN-03", "Preferred node affinity uses no deprecated labels of nodes.",
      bad: example(
        preferred,
        """
        [{weight: 1, preference: {matchExpressions: [{key: beta.kubernetes.io/arch, operator: \
        Exists}]}}]
        """
      ),
      good: example(
        preferred,
        """
        [{weight: 1, preference: {matchExpressions: [{key: kubernetes.io/arch, operator: \
        Exists}]}}]
        """
      )),
    RuleDescription(
      "WRN-04", "Preferred node affinity compares with values that labels can have.",
      bad: example(
        preferred,
        "[{weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: ['b c']}]}}]"),
      good: example(
        preferred,
        "[{weight: 1, preference: {matchExpressions: [{key: a, operator: In, values: [b]}]}}]")),
    RuleDescription(
      "WRN-05", "A spread constraint selects pods.",
      bad:
        """
        spec.topologySpreadConstraints = [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: \
        DoNotSchedule}]
        """,
      good:
        """
        spec.topologySpreadConstraints = [{maxSkew: 1, topologyKey: a, whenUnsatisfiable: \
        DoNotSchedule, labelSelector: {}}]
        """
    ),
    RuleDescription(
      "WRN-39", "A term of pod affinity selects pods.",
      bad:
        """
        spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution = \
        [{topologyKey: a}]
        """,
      good:
        """
        spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution = \
        [{topologyKey: a, labelSelector: {}}]
        """
    ),
  ]
}
