import ManifestSyntax

/// POD-D07: in the host's network, a container's port is the host's too.
enum HostPort {
  static func apply(_ scope: DefaultScope) {
    guard scope.isPod, scope.isParentIn("containers", "initContainers"),
      let spec = scope.enclosing("spec"),
      scope.value("hostNetwork", of: spec).flatMap(scope.tree.bool) ?? false,
      scope.value("hostPort").flatMap(scope.tree.int64) ?? 0 == 0,
      let port = scope.value("containerPort").flatMap(scope.tree.int64), port != 0
    else { return }
    scope.set("hostPort", to: .int(port))
  }
}
