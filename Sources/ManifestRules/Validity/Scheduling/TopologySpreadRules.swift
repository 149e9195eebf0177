import ManifestModel
import ManifestSchema
import ManifestSyntax

/// How evenly pods are spread over groups of nodes.
enum TopologySpreadRules: PodRules {
  static let title = "Topology spread constraints"
  static let needs = ["topologySpreadConstraints"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    let constraints = pod.spec.topologySpreadConstraints
    guard !constraints.isEmpty else { return }
    for constraint in constraints {
      checkFields(constraint, into: &report)
      if !constraint.matchLabelKeys.isEmpty { checkLabelKeys(constraint, pod, into: &report) }
      SelectorChecks.check(constraint.labelSelector, into: &report)
    }
    checkUnique(constraints, pod, into: &report)
  }

  private static func checkFields(
    _ constraint: TopologySpreadConstraint, into report: inout Report
  ) {
    let skew = constraint.maxSkew ?? 0
    if skew <= 0 {
      report.error(
        "TSC-01", .invalid, at: constraint.node, "maxSkew",
        constraint.maxSkew == nil
          ? "'maxSkew' is missing; it says how uneven the spread may be"
          : "maxSkew is '\(skew)'; it must be at least 1", help: "write 1 or more")
    }
    if (constraint.topologyKey ?? "").isEmpty {
      PodFieldChecks.missing(
        "TSC-02", at: constraint.node, "topologyKey", "it says by which label nodes are grouped",
        help: "add something like 'topologyKey: kubernetes.io/hostname'", into: &report)
    }
    PodFieldChecks.choice(
      "TSC-03", constraint.whenUnsatisfiable, among: ["DoNotSchedule", "ScheduleAnyway"],
      absence: .isUnsupported, at: constraint.node, "whenUnsatisfiable", into: &report)
    if let domains = constraint.minDomains { checkDomains(domains, constraint, into: &report) }
    PodFieldChecks.choice(
      "TSC-07", constraint.nodeAffinityPolicy, among: ["Ignore", "Honor"], absence: .isFine,
      at: constraint.node, "nodeAffinityPolicy", into: &report)
    PodFieldChecks.choice(
      "TSC-08", constraint.nodeTaintsPolicy, among: ["Ignore", "Honor"], absence: .isFine,
      at: constraint.node, "nodeTaintsPolicy", into: &report)
  }

  private static func checkDomains(
    _ domains: Int32, _ constraint: TopologySpreadConstraint, into report: inout Report
  ) {
    if domains <= 0 {
      report.error(
        "TSC-05", .invalid, at: constraint.node, "minDomains",
        "minDomains is '\(domains)'; it must be at least 1", help: "write 1 or more")
    }
    if constraint.whenUnsatisfiable != "DoNotSchedule" {
      report.error(
        "TSC-06", .invalid, at: constraint.node, "minDomains",
        "'minDomains' counts only where pods wait for an even spread",
        help: "write 'whenUnsatisfiable: DoNotSchedule', or remove 'minDomains'")
    }
  }

  private static func checkLabelKeys(
    _ constraint: TopologySpreadConstraint, _ pod: PodSubject, into report: inout Report
  ) {
    let keys = Array(constraint.matchLabelKeys)
    let part: FieldPath = "matchLabelKeys"
    // Until 1.33 nothing was added to the selector, and any key of it was refused.
    let merges = report.version.minor >= 34
    for (index, key) in keys.enumerated() where constraint.labelSelector != nil || !merges {
      PodFieldChecks.format(
        "TSC-09", LabelFormat.key(key), of: key, as: "a label's key", at: constraint.node,
        part.index(index), into: &report)
    }
    guard let selector = constraint.labelSelector else {
      return report.error(
        "TSC-10", .forbidden, at: constraint.node, part,
        "'matchLabelKeys' adds to 'labelSelector', and there is none", help: "add 'labelSelector'")
    }
    var repeated: [Int] = []
    if merges {
      let merge = LabelKeyMerge(selector, keys, [], labels: pod.labelsToMerge)
      repeated = merge.repeatedKeys
      merge.checkAdded(at: constraint.node, .root, into: &report)
    } else {
      let own = Set(selector.matchLabels.keys + selector.matchExpressions.map { $0.key ?? "" })
      repeated = keys.indices.filter { own.contains(keys[$0]) }
    }
    for index in repeated {
      report.error(
        "TSC-11", .invalid, at: constraint.node, part.index(index),
        "\(PodFieldChecks.quoted(keys[index])) occurs in 'labelSelector' as well; "
          + "the cluster adds it there itself",
        help: "remove it from 'labelSelector' or from 'matchLabelKeys'",
        server: merges ? FieldPath().index(index) : nil)
    }
  }

  private struct Kind: Hashable {
    var topologyKey: String
    var whenUnsatisfiable: String

    init(_ constraint: TopologySpreadConstraint) {
      topologyKey = constraint.topologyKey ?? ""
      whenUnsatisfiable = constraint.whenUnsatisfiable ?? ""
    }
  }

  private static func checkUnique(
    _ constraints: ViewList<TopologySpreadConstraint>, _ pod: PodSubject, into report: inout Report
  ) {
    guard constraints.count > 1 else { return }
    // The server reports the earlier ones of equal constraints.
    let kinds = constraints.map { Kind($0) }
    let last = Dictionary(kinds.enumerated().map { ($1, $0) }) { _, last in last }
    for (index, constraint) in constraints.enumerated() {
      guard let other = last[kinds[index]], other != index else { continue }
      report.error(
        "TSC-04", .duplicate, at: constraint.node, .root,
        "constraint \(other) spreads by '\(kinds[index].topologyKey)' with "
          + "'\(kinds[index].whenUnsatisfiable)' as well, and only one can count",
        help: "remove one of them",
        server: FieldPath().field("{topologyKey, whenUnsatisfiable}"))
    }
  }
}

extension TopologySpreadRules {
  static let rules: [RuleDescription] = [
    rule(
      "TSC-01", "the greatest unevenness is at least 1",
      bad: "{maxSkew: 0, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}",
      good: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}"),
    rule(
      "TSC-02", "a constraint names the label that groups nodes",
      bad: "{maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}",
      good:
        "{maxSkew: 1, topologyKey: 'any text', whenUnsatisfiable: DoNotSchedule, labelSelector: {}}"
    ),
    rule(
      "TSC-03",
      "where the spread would be uneven, pods wait (DoNotSchedule) or not (ScheduleAnyway)",
      bad: "{maxSkew: 1, topologyKey: a, labelSelector: {}}",
      good: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}"),
    rule(
      "TSC-04", "constraints differ in their label or in what they do",
      bad:
        """
        {maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway}, {maxSkew: 2, \
        topologyKey: a, whenUnsatisfiable: ScheduleAnyway}
        """,
      good:
        """
        {maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway}, {maxSkew: 1, \
        topologyKey: a, whenUnsatisfiable: DoNotSchedule}
        """
    ),
    rule(
      "TSC-05", "the least number of groups is at least 1",
      bad: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 0}",
      good: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 1}"),
    rule(
      "TSC-06", "the least number of groups comes with DoNotSchedule",
      bad: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: ScheduleAnyway, minDomains: 1}",
      good: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, minDomains: 1}"),
    rule(
      "TSC-07", "a constraint ignores or honours node affinity",
      bad:
        "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeAffinityPolicy: honor}",
      good:
        """
        {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeAffinityPolicy: Honor}
        """),
    rule(
      "TSC-08", "a constraint ignores or honours taints",
      bad: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: ''}",
      good:
        "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, nodeTaintsPolicy: Ignore}"),
    rule(
      "TSC-09", "keys to match are label keys",
      bad:
        """
        {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, \
        matchLabelKeys: ['a b']}
        """,
      good:
        """
        {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, \
        matchLabelKeys: [b]}
        """
    ),
    rule(
      "TSC-10", "keys to match come with a label selector",
      bad: "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, matchLabelKeys: [b]}",
      good:
        """
        {maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}, \
        matchLabelKeys: [b]}
        """
    ),
    RuleDescription(
      "TSC-11", "a key to match is not in the label selector too",
      bad: RuleExample(stringLiteral: "metadata.labels = {app: web}\n" + text(repeating)),
      good: RuleExample(stringLiteral: text(repeating))),
    .untestable(
      "TSC-12", "a constraint's label selector is valid", because: "findings carry the codes LSEL-*"
    ),
  ]

  private static let repeating =
    "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, "
    + "labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [app]}"

  private static func rule(
    _ id: String, _ summary: String, bad: String, good: String
  ) -> RuleDescription {
    RuleDescription(
      id, summary, bad: RuleExample(stringLiteral: text(bad)),
      good: RuleExample(stringLiteral: text(good)))
  }

  private static func text(_ constraints: String) -> String {
    "spec.topologySpreadConstraints = [\(constraints)]"
  }
}
