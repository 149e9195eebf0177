import ManifestModel
import ManifestSchema
import ManifestSyntax

/// One alternative of a node affinity: all of its expressions must hold.
struct NodeTerm: Hashable, Sendable {
  let labels: [LabelSelector.Requirement]
  /// Conditions on the node's name.
  let names: [LabelSelector.Requirement]
  let weight: Int64
  /// A term that asks for nothing, or that nobody can read, matches nothing.
  let matchesNothing: Bool

  init(_ term: Value?, weight: Int64 = 0) {
    let expressions = term?["matchExpressions"]?.list ?? []
    let fields = term?["matchFields"]?.list ?? []
    labels = expressions.compactMap(Self.requirement)
    names = fields.compactMap(Self.requirement).filter { $0.key == "metadata.name" }
    self.weight = weight
    matchesNothing =
      expressions.isEmpty && fields.isEmpty || labels.count < expressions.count
      || names.count < fields.count
  }

  static func requirement(_ value: Value) -> LabelSelector.Requirement? {
    guard let key = value["key"]?.string,
      let known = value["operator"]?.string.flatMap(LabelSelector.Operator.init)
    else { return nil }
    let values = (value["values"]?.list ?? []).compactMap(\.string)
    return LabelSelector.Requirement(key, known, values)
  }

  func matches(_ node: NodeFacts) -> Bool {
    matches(labels: node.labels, name: node.name)
  }

  func matches(labels given: [String: String], name: String) -> Bool {
    !matchesNothing && labels.allSatisfy { $0.matches(given) }
      && (names.isEmpty || names.allSatisfy { $0.matches(["metadata.name": name]) })
  }
}

/// A wish to be near other pods, or far from them.
struct PodTerm: Hashable, Sendable {
  let topologyKey: String
  /// nil selects nothing.
  let selector: LabelSelector?
  let namespaces: Set<String>
  let namespaceSelector: LabelSelector?
  let weight: Int64

  /// - Parameter home: The namespace of the pod that has the wish.
  init(_ term: Value?, weight: Int64 = 0, home: String, labels: [String: String]) {
    topologyKey = term?["topologyKey"]?.string ?? ""
    var selector = term?["labelSelector"].flatMap { LabelSelectorView(.value($0)).selector }
    for (key, chosen) in [
      ("matchLabelKeys", LabelSelector.Operator.in), ("mismatchLabelKeys", .notIn),
    ] {
      selector?.demand(term?[key], chosen, of: labels)
    }
    self.selector = selector
    let names = (term?["namespaces"]?.list ?? []).compactMap(\.string)
    namespaceSelector = term?["namespaceSelector"].flatMap {
      $0 == .null ? nil : LabelSelectorView(.value($0)).selector
    }
    namespaces = names.isEmpty && namespaceSelector == nil ? [home] : Set(names)
    self.weight = weight
  }

  func selects(_ pod: PodShape, _ namespaceLabels: [String: [String: String]]) -> Bool {
    guard let selector else { return false }
    let isNear =
      namespaces.contains(pod.namespace)
      || namespaceSelector?.matches(namespaceLabels[pod.namespace] ?? [:]) == true
    return isNear && selector.matches(pod.labels)
  }
}

/// A wish to be spread evenly over zones, nodes or whatever else.
struct SpreadConstraint: Hashable, Sendable {
  let topologyKey: String
  let maxSkew: Int64
  let minDomains: Int64
  /// Whether uneven nodes are out, rather than disliked.
  let isHard: Bool
  /// nil selects nothing.
  let selector: LabelSelector?
  /// Whether only nodes that the pod's own affinity allows count.
  let honorsAffinity: Bool
  /// Whether only nodes whose taints the pod tolerates count.
  let honorsTaints: Bool

  init(_ constraint: Value, labels: [String: String]) {
    topologyKey = constraint["topologyKey"]?.string ?? ""
    maxSkew = min(max(constraint["maxSkew"]?.int64 ?? 1, 0), Int64(Int32.max))
    minDomains = constraint["minDomains"]?.int64 ?? 1
    isHard = constraint["whenUnsatisfiable"]?.string != "ScheduleAnyway"
    var selector = constraint["labelSelector"].flatMap { LabelSelectorView(.value($0)).selector }
    selector?.demand(constraint["matchLabelKeys"], .in, of: labels)
    self.selector = selector
    honorsAffinity = constraint["nodeAffinityPolicy"]?.string != "Ignore"
    honorsTaints = constraint["nodeTaintsPolicy"]?.string == "Honor"
  }

  /// One of the constraints that pods of workloads have without asking.
  init(usual topologyKey: String, maxSkew: Int64, _ selector: LabelSelector) {
    self.topologyKey = topologyKey
    self.maxSkew = maxSkew
    self.selector = selector
    minDomains = 1
    isHard = false
    honorsAffinity = true
    honorsTaints = false
  }

  /// Whether a pod of the same namespace counts.
  func selects(_ labels: [String: String]) -> Bool { selector?.matches(labels) ?? false }
}

extension LabelSelector {
  /// Adds what `keys` say: the same value as the pod has, or another.
  fileprivate mutating func demand(
    _ keys: Value?, _ chosen: LabelSelector.Operator, of labels: [String: String]
  ) {
    for key in (keys?.list ?? []).compactMap(\.string) {
      guard let value = labels[key] else { continue }
      let requirement = Requirement(key, chosen, [value])
      if !requirements.contains(requirement) { requirements.append(requirement) }
    }
  }
}
