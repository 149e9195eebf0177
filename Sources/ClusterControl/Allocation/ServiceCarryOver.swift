import ManifestSyntax

/// What a replaced service hands on to the new one, and what the new one lets go of.
enum ServiceCarryOver {
  /// Fills in what `old` was given and the new one does not name: whoever writes manifests does not
  /// know it.
  static func restore(_ new: inout ServiceFields, from old: ServiceFields) {
    if old.needsClusterIP, new.needsClusterIP {
      if new.clusterIP.isEmpty { new.clusterIP = old.clusterIP }
      if new.clusterIPs.isEmpty, new.clusterIP == old.clusterIP { new.clusterIPs = old.clusterIPs }
    }
    if old.needsNodePorts, new.needsNodePorts { restoreNodePorts(&new, from: old) }
    if old.needsHealthCheckPort, new.needsHealthCheckPort, new.healthCheckPort == 0 {
      new.healthCheckPort = old.healthCheckPort
    }
  }

  /// Ports are known by the name of their entry, whatever else about it changed.
  private static func restoreNodePorts(_ new: inout ServiceFields, from old: ServiceFields) {
    let used = Set(old.nodePorts).intersection(new.nodePorts)
    var byName: [String: Int] = [:]
    for port in old.ports { byName[port.name] = port.nodePort }
    for (index, port) in new.ports.enumerated() where port.nodePort == 0 {
      guard let known = byName[port.name], known != 0, !used.contains(known) else { continue }
      new.setNodePort(known, at: index)
    }
  }

  /// The single address and the list follow each other: clients that know only the one change only
  /// the one.
  static func joinAddresses(_ new: inout ServiceFields, _ old: ServiceFields) {
    guard old.clusterIP != new.clusterIP else {
      if new.clusterIPs.isEmpty { new.clusterIPs = old.clusterIPs }
      return
    }
    let isSameList = old.clusterIPs == new.clusterIPs
    if new.clusterIP.isEmpty {
      if isSameList { new.clusterIPs = [] }
    } else if isSameList || new.clusterIPs.isEmpty {
      new.clusterIPs = [new.clusterIP]
    }
  }

  /// Takes out what means nothing any more and was not changed.
  static func drop(from new: inout ServiceFields, _ old: ServiceFields) {
    if old.needsClusterIP, !new.needsClusterIP { dropAddresses(from: &new, old) }
    if old.needsNodePorts, !new.needsNodePorts, Set(new.nodePorts).isSubset(of: old.nodePorts) {
      for index in new.ports.indices { new.setNodePort(0, at: index) }
    }
    if old.needsHealthCheckPort, !new.needsHealthCheckPort,
      new.healthCheckPort == old.healthCheckPort
    {
      new.healthCheckPort = 0
    }
    if old.type == "LoadBalancer", new.type != "LoadBalancer" {
      for name in ["allocateLoadBalancerNodePorts", "loadBalancerClass"]
      where new.spec[name] == old.spec[name] {
        new.spec[name] = nil
      }
    }
    if old.isExternallyReachable, !new.isExternallyReachable,
      new.spec["externalTrafficPolicy"] == old.spec["externalTrafficPolicy"]
    {
      new.spec["externalTrafficPolicy"] = nil
    }
  }

  private static func dropAddresses(from new: inout ServiceFields, _ old: ServiceFields) {
    if old.clusterIP == new.clusterIP, old.clusterIPs == new.clusterIPs {
      new.clusterIP = ""
      new.clusterIPs = []
    }
    if old.families == new.families { new.families = [] }
    if old.policy == new.policy { new.policy = nil }
  }
}
