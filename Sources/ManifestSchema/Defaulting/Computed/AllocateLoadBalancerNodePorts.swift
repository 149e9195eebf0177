import ManifestSyntax

/// SV-D09: node ports are allocated for load balancers unless the object says otherwise.
enum AllocateLoadBalancerNodePorts {
  static func apply(_ scope: DefaultScope) {
    guard scope.text("type") == "LoadBalancer" else { return }
    if scope.value("allocateLoadBalancerNodePorts") == nil {
      scope.set("allocateLoadBalancerNodePorts", to: true)
    }
  }
}
