import ManifestSyntax

/// POD-D01, POD-D02: what a pod's container is limited to, it requests too.
enum ResourceRequests {
  static func apply(_ scope: DefaultScope) {
    guard scope.isPod, scope.isIn("resources"), scope.isParentIn("containers", "initContainers"),
      let limits = scope.value("limits"), scope.tree.kind(limits) == .mapping
    else { return }
    let requests = scope.value("requests") ?? scope.set("requests", to: .emptyMap)
    guard scope.tree.kind(requests) == .mapping else { return }
    for (key, limit) in scope.tree.entries(limits) {
      let name = scope.tree.string(key)
      if scope.tree.value(requests, name) == nil {
        scope.set(name, to: scope.tree.value(limit), in: requests)
      }
    }
  }
}
