import ManifestSyntax

/// POD-D03, POD-D04, POD-D05: what a pod's own resources leave open, its containers fill.
enum PodResources {
  static func apply(_ scope: DefaultScope) {
    guard scope.isPod, let resources = scope.value("resources"),
      scope.tree.kind(resources) == .mapping
    else { return }
    setHugePageLimits(scope, resources)
    setRequests(scope, resources)
  }

  private static func setHugePageLimits(_ scope: DefaultScope, _ resources: NodeID) {
    let known = ["limits", "requests"].flatMap { names(of: $0, in: resources, scope) }
    guard !known.isEmpty else { return }
    let total = PodResourceSum(scope.tree, spec: scope.object).limits()
    for (name, amount) in total.sorted(by: { $0.key < $1.key })
    where name.hasPrefix("hugepages-") && !known.contains(name) {
      let limits = scope.value("limits", of: resources)
      scope.set(
        name, to: .string(amount.description),
        in: limits ?? scope.set("limits", to: .emptyMap, in: resources))
    }
  }

  private static func setRequests(_ scope: DefaultScope, _ resources: NodeID) {
    guard let limits = scope.value("limits", of: resources), scope.tree.count(limits) > 0 else {
      return
    }
    let known = names(of: "requests", in: resources, scope)
    let total = PodResourceSum(scope.tree, spec: scope.object).requests()
    var missing: [(name: String, value: Value)] = []
    for (name, amount) in total.sorted(by: { $0.key < $1.key })
    where ["cpu", "memory"].contains(name) && !known.contains(name) {
      missing.append((name, .string(amount.description)))
    }
    for (key, limit) in scope.tree.entries(limits) {
      let name = scope.tree.string(key)
      guard isPodLevel(name), !known.contains(name), !missing.contains(where: { $0.name == name })
      else { continue }
      missing.append((name, scope.tree.value(limit)))
    }
    for (name, value) in missing {
      let requests = scope.value("requests", of: resources)
      scope.set(
        name, to: value, in: requests ?? scope.set("requests", to: .emptyMap, in: resources))
    }
  }

  /// The resources that a whole pod may ask for.
  private static func isPodLevel(_ name: String) -> Bool {
    name == "cpu" || name == "memory" || name.hasPrefix("hugepages-")
  }

  private static func names(
    of list: String, in resources: NodeID, _ scope: DefaultScope
  ) -> [String] {
    guard let list = scope.value(list, of: resources) else { return [] }
    return scope.tree.entries(list).map { scope.tree.string($0.key) }
  }
}
