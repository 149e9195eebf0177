import ManifestModel
import ManifestSchema
import ManifestSyntax

/// How the server takes ports of the nodes for a new Service, before it looks at anything else.
enum NodePortAllocation {
  /// Refuses the first entry whose port of the nodes another entry took.
  ///
  /// Entries with the same `port` share one; all others need their own, whatever their protocol.
  static func check(_ spec: ServiceSpec, into report: inout Report) {
    guard spec.type == "NodePort" || spec.type == "LoadBalancer" else { return }
    let takesMissing = spec.type == "NodePort" || spec.allocateLoadBalancerNodePorts != false
    let ports = Array(spec.ports)
    var requested: [Int32: Int32] = [:]
    for port in ports {
      guard let number = port.nodePort, number != 0 else { continue }
      let key = port.port ?? 0
      if requested[key] == nil { requested[key] = number }
    }
    var taken: Set<Int32> = []
    var byPort: [Int32: Int32] = [:]
    for port in ports {
      let own = port.nodePort ?? 0
      if own == 0, !takesMissing { continue }
      let key = port.port ?? 0
      let wanted: Int32
      if byPort[key] == nil {
        // Without any wish the cluster picks a free one.
        guard let number = requested[key] else { continue }
        byPort[key] = number
        wanted = number
      } else if own != 0, own != byPort[key] {
        wanted = own
      } else {
        continue
      }
      guard !taken.insert(wanted).inserted else { continue }
      report.error(
        "SVC-18", .invalid, at: port.node, "nodePort",
        "port \(wanted) of the nodes is taken by another entry, which has another 'port'",
        help: "choose another nodePort, or leave it to the cluster")
      return
    }
    checkHealthPort(spec, taken, into: &report)
  }

  /// Refuses a port for health checks that an entry took for its traffic: both come out of one pot.
  private static func checkHealthPort(
    _ spec: ServiceSpec, _ taken: Set<Int32>, into report: inout Report
  ) {
    guard spec.type == "LoadBalancer", spec.externalTrafficPolicy == "Local",
      let number = spec.healthCheckNodePort, taken.contains(number)
    else { return }
    report.error(
      "SVA-06", .invalid, at: spec.node, "healthCheckNodePort",
      "port \(number) of the nodes is taken by an entry of 'ports'",
      help: "choose another port for health checks, or leave it to the cluster")
  }
}
