import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Which pods a pod must or would like to run beside, or away from.
enum PodAffinityRules: PodRules {
  static let title = "Pod affinity and anti-affinity"
  static let needs = ["podAffinity", "podAntiAffinity"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    guard let affinity = pod.spec.affinity else { return }
    if let near = affinity.podAffinity {
      check(
        near.requiredDuringSchedulingIgnoredDuringExecution,
        near.preferredDuringSchedulingIgnoredDuringExecution, pod, into: &report)
    }
    if let apart = affinity.podAntiAffinity {
      check(
        apart.requiredDuringSchedulingIgnoredDuringExecution,
        apart.preferredDuringSchedulingIgnoredDuringExecution, pod, into: &report)
    }
  }

  private static func check(
    _ required: ViewList<PodAffinityTerm>, _ preferred: ViewList<WeightedPodAffinityTerm>,
    _ pod: PodSubject, into report: inout Report
  ) {
    for term in required {
      check(Place(node: term.node, part: .root, term: term), pod, into: &report)
    }
    for wish in preferred {
      SchedulingWeight.check("AFF-30", wish.weight, at: wish.node, into: &report)
      let place = Place(
        node: wish.node, part: "podAffinityTerm", term: wish.podAffinityTerm.orEmpty)
      check(place, pod, into: &report)
    }
  }

  /// A term, which may be missing from where it belongs.
  private struct Place {
    var node: NodeRef
    var part: FieldPath
    var term: PodAffinityTerm
  }

  private static func check(_ place: Place, _ pod: PodSubject, into report: inout Report) {
    let term = place.term
    SelectorChecks.check(term.labelSelector, into: &report)
    SelectorChecks.check(term.namespaceSelector, into: &report)
    for (index, name) in term.namespaces.enumerated() {
      PodFieldChecks.format(
        "AFF-24", NameFormat.dnsLabel(name), of: name, as: "a namespace's name", at: place.node,
        place.part.field("namespaces").index(index), server: place.part.field("namespace"),
        into: &report)
    }
    if !term.matchLabelKeys.isEmpty || !term.mismatchLabelKeys.isEmpty, report.version.minor >= 31 {
      checkLabelKeys(place, pod, into: &report)
    }
    let key = term.topologyKey ?? ""
    let part = place.part.field("topologyKey")
    if key.isEmpty {
      PodFieldChecks.missing(
        "AFF-20", at: place.node, part, "it says within what pods are near each other",
        help: "add something like 'topologyKey: kubernetes.io/hostname'", into: &report)
    }
    PodFieldChecks.format(
      "AFF-21", LabelFormat.key(key), of: key, as: "the key of a node's label", at: place.node,
      part, into: &report)
  }

  private static func checkLabelKeys(
    _ place: Place, _ pod: PodSubject, into report: inout Report
  ) {
    let matched = Array(place.term.matchLabelKeys)
    let mismatched = Array(place.term.mismatchLabelKeys)
    let merge = LabelKeyMerge(
      place.term.labelSelector, matched, mismatched, labels: pod.labelsToMerge)
    for (field, code, keys) in [
      ("matchLabelKeys", "AFF-25", matched), ("mismatchLabelKeys", "AFF-27", mismatched),
    ] where !keys.isEmpty {
      checkKeys(keys, field, code, place, into: &report)
    }
    for index in merge.repeatedKeys {
      report.error(
        "AFF-28", .invalid, at: place.node,
        place.part.field("matchLabelKeys").index(index),
        "\(PodFieldChecks.quoted(matched[index])) occurs in 'labelSelector' as well; "
          + "the cluster adds it there itself",
        help: "remove it from 'labelSelector' or from 'matchLabelKeys'",
        server: place.part.index(index))
    }
    merge.checkAdded(at: place.node, place.part, into: &report)
    let others = Set(mismatched)
    for (index, key) in matched.enumerated() where others.contains(key) {
      report.error(
        "AFF-29", .invalid, at: place.node, place.part.field("matchLabelKeys").index(index),
        "\(PodFieldChecks.quoted(key)) is to match and to differ at once",
        help: "remove it from 'matchLabelKeys' or 'mismatchLabelKeys'")
    }
  }

  private static func checkKeys(
    _ keys: [String], _ field: String, _ code: String, _ place: Place, into report: inout Report
  ) {
    let part = place.part.field(field)
    guard place.term.labelSelector != nil else {
      return report.error(
        code == "AFF-25" ? "AFF-26" : code, .forbidden, at: place.node, part,
        "'\(field)' adds to 'labelSelector', and there is none", help: "add 'labelSelector'")
    }
    for (index, key) in keys.enumerated() {
      PodFieldChecks.format(
        code, LabelFormat.key(key), of: key, as: "a label's key", at: place.node,
        part.index(index), into: &report)
    }
  }
}

extension PodSubject {
  /// The metadata whose labels the server adds to selectors; nil where it adds none: a template's
  /// pods get the additions when they are made, and an existing pod has them.
  var labelsToMerge: ObjectMeta? { isTemplate || object.isUpdate ? nil : metadata }
}

/// What the server adds to a selector for the keys in `matchLabelKeys` and `mismatchLabelKeys`: for
/// each label that the new pod has, an expression with the pod's value.
struct LabelKeyMerge {
  /// The positions of keys that the selector then names twice.
  private(set) var repeatedKeys: [Int] = []
  private var added: [(key: String, value: String)] = []
  private var ownCount = 0

  /// - Parameter labels: The metadata of the pod; nil for templates, whose pods get the additions
  ///   later.
  init(
    _ selector: LabelSelectorView?, _ matched: [String], _ mismatched: [String],
    labels metadata: ObjectMeta?
  ) {
    guard let selector else { return }
    // What has been added to the tree is added here once more.
    var expressions = selector.matchExpressions.filter { !$0.node.isSynthetic }.map { $0.key ?? "" }
    ownCount = expressions.count
    if let metadata {
      for key in matched + mismatched {
        guard let value = metadata.labels[key] else { continue }
        added.append((key, value))
        expressions.append(key)
      }
    }
    let positions = Dictionary(matched.enumerated().map { ($1, $0) }) { _, last in last }
    var seen = Set(selector.matchLabels.keys)
    for key in expressions {
      if !seen.insert(key).inserted, let position = positions[key] { repeatedKeys.append(position) }
    }
  }

  /// Reports labels of the pod that cannot be added; `part` leads to where the selector belongs.
  func checkAdded(at node: NodeRef, _ part: FieldPath, into report: inout Report) {
    for (index, label) in added.enumerated() {
      let expression =
        part + FieldPath("labelSelector.matchExpressions").index(ownCount + index)
      PodFieldChecks.format(
        "LSEL-02", LabelFormat.key(label.key), of: label.key, as: "the key of a label", at: node,
        part.field("labelSelector"), server: expression.field("key"), into: &report)
      PodFieldChecks.format(
        "LSEL-06", LabelFormat.value(label.value), of: label.value, as: "a label's value",
        at: node, part.field("labelSelector"), server: expression.field("values").index(0),
        into: &report)
    }
  }
}

extension PodAffinityRules {
  static let rules: [RuleDescription] = [
    rule(
      "AFF-20", "a term names the label of nodes that tells what is near", bad: "{}",
      good: "{topologyKey: zone}"),
    rule(
      "AFF-21", "nodes are grouped by a label key", bad: "{topologyKey: 'a b'}",
      good: "{topologyKey: topology.kubernetes.io/zone}"),
    .untestable(
      "AFF-22", "a term's label selector is valid", because: "findings carry the codes LSEL-*"),
    .untestable(
      "AFF-23", "a term's namespace selector is valid", because: "findings carry the codes LSEL-*"),
    rule(
      "AFF-24", "a term's namespaces are DNS labels", bad: "{topologyKey: a, namespaces: [a.b]}",
      good: "{topologyKey: a, namespaces: [a-b]}"),
    rule(
      "AFF-25", "keys to match are label keys",
      bad: "{topologyKey: a, labelSelector: {}, matchLabelKeys: ['a b']}",
      good: "{topologyKey: a, labelSelector: {}, matchLabelKeys: [b]}"),
    rule(
      "AFF-26", "keys to match come with a label selector",
      bad: "{topologyKey: a, matchLabelKeys: [b]}",
      good: "{topologyKey: a, labelSelector: {}, matchLabelKeys: [b]}"),
    rule(
      "AFF-27", "keys to differ in are label keys, and come with a label selector",
      bad: "{topologyKey: a, mismatchLabelKeys: [b]}",
      good: "{topologyKey: a, labelSelector: {}, mismatchLabelKeys: [b]}"),
    RuleDescription(
      "AFF-28", "a key to match is not in the label selector too",
      bad: RuleExample(
        stringLiteral: "metadata.labels = {app: web}\n"
          + text(
            "{topologyKey: a, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [app]}")),
      good: RuleExample(
        stringLiteral: text(
          "{topologyKey: a, labelSelector: {matchLabels: {app: web}}, matchLabelKeys: [app]}"))),
    rule(
      "AFF-29", "no key is both to match and to differ in",
      bad: "{topologyKey: a, labelSelector: {}, matchLabelKeys: [b], mismatchLabelKeys: [b]}",
      good: "{topologyKey: a, labelSelector: {}, matchLabelKeys: [b], mismatchLabelKeys: [c]}"),
    RuleDescription(
      "AFF-30", "the weight of a wish lies between 1 and 100",
      bad:
        """
        spec.affinity = {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: \
        [{weight: 0, podAffinityTerm: {topologyKey: a}}]}}
        """,
      good:
        """
        spec.affinity = {podAffinity: {preferredDuringSchedulingIgnoredDuringExecution: \
        [{weight: 1, podAffinityTerm: {topologyKey: a}}]}}
        """
    ),
  ]

  private static func rule(
    _ id: String, _ summary: String, bad: String, good: String
  ) -> RuleDescription {
    RuleDescription(
      id, summary, bad: RuleExample(stringLiteral: text(bad)),
      good: RuleExample(stringLiteral: text(good)))
  }

  private static func text(_ term: String) -> String {
    "spec.affinity = {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [\(term)]}}"
  }
}
