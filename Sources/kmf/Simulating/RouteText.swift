import ClusterControl
import ManifestSyntax

/// A Service's routes, for people and for programs.
struct RouteText {
  let route: ServiceRoute

  var text: String {
    var lines = ["service/\(route.key.name) \(kind)"]
    if !route.externalAddresses.isEmpty {
      lines.append("from outside at \(route.externalAddresses.joined(separator: ", "))")
    }
    if let span = route.affinity {
      lines.append("a client stays with its pod for \(ClusterSpan.text(span)) after its last visit")
    }
    if let check = route.healthCheck {
      lines.append(
        "load balancers ask port \(check.port) of the node, which has \(check.localCount) ready")
    }
    for port in route.ports { lines += self.lines(port) }
    return lines.joined(separator: "\n")
  }

  private var kind: String {
    switch route.kind {
    case .proxied:
      route.addresses.isEmpty
        ? "has no address" : "at \(route.addresses.joined(separator: ", "))"
    case .headless: "is headless: its name leads to the pods themselves"
    case .external(let name): "is another name for \(name)"
    }
  }

  private func lines(_ port: ServiceRoute.Port) -> [String] {
    let name = port.name.isEmpty ? "" : "\(port.name) "
    let node = port.nodePort.map { ", node port \($0)" } ?? ""
    var lines = ["  \(name)\(port.number)/\(port.protocol)\(node): \(verdict(port))"]
    for remark in port.remarks { lines.append("    (\(remark))") }
    for target in port.targets { lines.append("    -> \(endpoint(target))") }
    for (other, reason) in port.others {
      lines.append("    not \(endpoint(other)): \(reason)")
    }
    return lines
  }

  private func verdict(_ port: ServiceRoute.Port) -> String {
    switch port.verdict {
    case .forwarded:
      port.targets.count == 1 ? "to this one" : "to one of these, each as likely as the others"
    case .refused: "nobody is there: connections are refused"
    case .dropped: "nobody is there on the node: connections wait in vain"
    case .unreachable: "no way in"
    }
  }

  private func endpoint(_ endpoint: ProxyEndpoint) -> String {
    let host =
      endpoint.address.contains(":") ? "[\(endpoint.address)]" : endpoint.address
    let port = endpoint.port == 0 ? "" : ":\(endpoint.port)"
    let pod = endpoint.pod.map { " pod/\($0.name)" } ?? ""
    return "\(host)\(port)\(pod)" + (endpoint.node.map { " on \($0)" } ?? "")
  }

  // MARK: - For programs

  var value: Value {
    let kind: Value =
      switch route.kind {
      case .proxied: "proxied"
      case .headless: "headless"
      case .external: "external"
      }
    var value: Value = [
      "name": .string(route.key.name), "kind": kind,
      "addresses": .list(route.addresses.map(Value.string)),
      "externalAddresses": .list(route.externalAddresses.map(Value.string)),
      "ports": .list(route.ports.map(self.value)),
    ]
    if let namespace = route.key.namespace { value["namespace"] = .string(namespace) }
    if case .external(let name) = route.kind { value["externalName"] = .string(name) }
    if let span = route.affinity { value["affinitySeconds"] = .double(span / .seconds(1)) }
    return value
  }

  private func value(_ port: ServiceRoute.Port) -> Value {
    let verdict: Value =
      switch port.verdict {
      case .forwarded: "forwarded"
      case .refused: "refused"
      case .dropped: "dropped"
      case .unreachable: "unreachable"
      }
    return [
      "name": .string(port.name), "port": .int(port.number), "protocol": .string(port.protocol),
      "nodePort": port.nodePort.map(Value.int) ?? .null, "verdict": verdict,
      "targets": .list(port.targets.map(value)),
      "others": .list(
        port.others.map { endpoint, reason in
          var value = self.value(endpoint)
          value["reason"] = .string(reason)
          return value
        }),
      "remarks": .list(port.remarks.map(Value.string)),
    ]
  }

  private func value(_ endpoint: ProxyEndpoint) -> Value {
    var value: Value = ["address": .string(endpoint.address), "port": .int(endpoint.port)]
    if let pod = endpoint.pod { value["pod"] = .string(pod.name) }
    if let node = endpoint.node { value["node"] = .string(node) }
    return value
  }
}
