import ManifestSyntax

/// What storing a Service changes beyond the defaults, as far as no cluster has to be asked.
enum StoredService {
  static func complete(_ service: inout Value, isReplacement: Bool = false) {
    service.update(["spec"]) { spec in
      if spec["type"] == "ExternalName" {
        // AL-14: there is no traffic inside to have a policy for.
        spec["internalTrafficPolicy"] = nil
      }
      // Addresses and ports of a service that is there already follow from what it has.
      if isReplacement { return }
      // AL-01: the list always holds the single address.
      if let address = spec["clusterIP"], spec["clusterIPs"] == nil {
        spec["clusterIPs"] = .list([address])
      }
      setFamilies(&spec)
      shareNodePorts(&spec)
    }
  }

  /// AL-07, AL-09: without a selector and an address, a service is reachable by both families.
  private static func setFamilies(_ spec: inout Value) {
    guard spec["clusterIP"] == "None", spec["selector"] == nil else { return }
    if spec["ipFamilyPolicy"] == nil { spec["ipFamilyPolicy"] = "RequireDualStack" }
    guard spec["ipFamilyPolicy"] != "SingleStack", let families = spec["ipFamilies"]?.list,
      families.count == 1
    else { return }
    let other: Value = families[0] == "IPv4" ? "IPv6" : "IPv4"
    spec["ipFamilies"] = .list(families + [other])
  }

  /// AL-12: entries with the same port get the same node port, where one of them names it.
  private static func shareNodePorts(_ spec: inout Value) {
    guard let ports = spec["ports"]?.list else { return }
    let isAllocated =
      spec["type"] == "NodePort"
      || (spec["type"] == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] != false)
    guard isAllocated else { return }
    spec.updateItems("ports") { port in
      guard port["nodePort"] == nil else { return }
      let sibling = ports.first {
        $0["port"] == port["port"] && $0["protocol"] != port["protocol"] && $0["nodePort"] != nil
      }
      if let number = sibling?["nodePort"] { port["nodePort"] = number }
    }
  }
}
