import ManifestSyntax

/// What the containers of a pod ask for together.
///
/// Regular containers add up; init containers run one after the other, beside the sidecars that
/// started before them, so of those the greatest counts.
struct PodResourceSum {
  private let tree: Tree
  private let spec: NodeID

  init(_ tree: Tree, spec: NodeID) {
    self.tree = tree
    self.spec = spec
  }

  /// Requests, with the limit where a resource is limited only.
  func requests() -> [String: Quantity] {
    sum { resources in
      amounts(resources, "limits").merging(amounts(resources, "requests")) { _, request in request }
    }
  }

  func limits() -> [String: Quantity] { sum { amounts($0, "limits") } }

  private func sum(_ read: (NodeID) -> [String: Quantity]) -> [String: Quantity] {
    var total: [String: Quantity] = [:]
    for (_, own) in containers("containers", read) { total.merge(own, uniquingKeysWith: +) }
    var sidecars: [String: Quantity] = [:]
    var greatest: [String: Quantity] = [:]
    for (container, own) in containers("initContainers", read) {
      var atOnce = own.merging(sidecars, uniquingKeysWith: +)
      if text(container, "restartPolicy") == "Always" {
        total.merge(own, uniquingKeysWith: +)
        sidecars.merge(own, uniquingKeysWith: +)
        atOnce = sidecars
      }
      greatest.merge(atOnce, uniquingKeysWith: Swift.max)
    }
    return total.merging(greatest, uniquingKeysWith: Swift.max)
  }

  private func containers(
    _ field: String, _ read: (NodeID) -> [String: Quantity]
  ) -> [(NodeID, [String: Quantity])] {
    guard let list = tree.value(spec, field) else { return [] }
    return tree.items(list).map { item in
      (item, tree.value(item, "resources").map(read) ?? [:])
    }
  }

  private func text(_ node: NodeID, _ name: String) -> String {
    tree.value(node, name).map(tree.string) ?? ""
  }

  /// The amounts of `limits` or `requests` by name.
  func amounts(_ resources: NodeID, _ list: String) -> [String: Quantity] {
    guard let list = tree.value(resources, list) else { return [:] }
    var amounts: [String: Quantity] = [:]
    for (key, value) in tree.entries(list) {
      amounts[tree.string(key)] = Quantity(NodeRef.tree(tree, value)) ?? .zero
    }
    return amounts
  }
}

extension Quantity {
  /// Reads a quantity as a manifest holds it, text or number; nil for anything else.
  public init?(_ node: NodeRef) {
    guard let text = node.string ?? node.numberText else { return nil }
    self.init(decoding: text)
  }
}
