import ManifestSyntax

/// SV-D07: traffic from outside may go to any node, for services that can be reached from there.
enum ExternalTrafficPolicy {
  static func apply(_ scope: DefaultScope) {
    guard scope.text("externalTrafficPolicy").isEmpty else { return }
    switch scope.text("type") {
    case "NodePort", "LoadBalancer": break
    // The type's own default comes after the computed ones.
    case "ClusterIP", "": guard scope.isFilled("externalIPs") else { return }
    default: return
    }
    scope.set("externalTrafficPolicy", to: "Cluster")
  }
}
