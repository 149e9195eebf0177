import ManifestSyntax

/// SV-D08: traffic from inside may go to any node, for services that have an address.
enum InternalTrafficPolicy {
  static func apply(_ scope: DefaultScope) {
    guard scope.value("internalTrafficPolicy") == nil else { return }
    // The type's own default comes after the computed ones.
    guard ["", "ClusterIP", "NodePort", "LoadBalancer"].contains(scope.text("type")) else { return }
    scope.set("internalTrafficPolicy", to: "Cluster")
  }
}
