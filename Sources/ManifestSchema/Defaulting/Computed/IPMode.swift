import ManifestSyntax

/// SV-D10: a load balancer's address is a virtual one.
enum IPMode {
  static func apply(_ scope: DefaultScope) {
    guard scope.value("ipMode") == nil, !scope.text("ip").isEmpty,
      let spec = scope.value("spec", of: scope.root),
      scope.text("type", of: spec) == "LoadBalancer"
    else { return }
    scope.set("ipMode", to: "VIP")
  }
}
