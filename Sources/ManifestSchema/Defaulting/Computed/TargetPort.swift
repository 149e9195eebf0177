import ManifestSyntax

/// SV-D06: a service's port is the pods' port unless another is named.
enum TargetPort {
  static func apply(_ scope: DefaultScope) {
    if let target = scope.value("targetPort") {
      let isUnset =
        scope.tree.kind(target) == .string
        ? scope.tree.bytes(target).isEmpty : scope.tree.int64(target) == 0
      guard isUnset else { return }
    }
    let port = scope.value("port").flatMap(scope.tree.int64) ?? 0
    scope.set("targetPort", to: .int(port))
  }
}
