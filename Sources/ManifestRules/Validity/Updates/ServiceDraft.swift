import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The spec of a Service whose tree is completed in place, as the server completes it.
struct ServiceDraft {
  let tree: Tree
  let node: NodeID

  /// Nil where there is no spec that could be completed.
  init?(_ tree: Tree) {
    guard let node = tree.value(.root, "spec"), tree.kind(node) == .mapping else { return nil }
    self.tree = tree
    self.node = node
  }

  /// The spec as it is now.
  var spec: ServiceSpec { ServiceSpec(tree.node(node)) }
  var type: String { spec.type ?? "" }
  var clusterIP: String { spec.clusterIP ?? "" }
  var clusterIPs: [String] { Array(spec.clusterIPs) }
  var families: [String] { Array(spec.ipFamilies) }
  var policy: String? { spec.ipFamilyPolicy }
  var nodePorts: Set<Int32> { Set(spec.ports.compactMap(\.nodePort).filter { $0 != 0 }) }

  var needsClusterIP: Bool { ServiceAddresses.needsClusterIP(type) }

  var needsNodePort: Bool {
    type == "NodePort" || type == "LoadBalancer" && spec.allocateLoadBalancerNodePorts != false
  }

  var needsHealthCheckPort: Bool { ServiceExposureRules.needsHealthCheckPort(spec) }

  func set(_ name: String, to text: String) { tree.set(name, in: node, to: .string(text)) }

  /// Sets a list of texts; an empty one is taken out.
  func set(_ name: String, to texts: [String]) {
    if texts.isEmpty {
      remove(name)
    } else {
      tree.set(name, in: node, to: .list(texts.map { .string($0) }))
    }
  }

  func remove(_ name: String) { tree.remove(name, from: node) }

  /// Sets the ports of the nodes, by the place of the entry; 0 takes one out.
  func setNodePorts(_ number: (Int, ServicePort) -> Int32?) {
    guard let list = tree.value(node, "ports") else { return }
    for (index, item) in tree.items(list).enumerated() where tree.kind(item) == .mapping {
      guard let wanted = number(index, ServicePort(tree.node(item))) else { continue }
      if wanted == 0 {
        tree.remove("nodePort", from: item)
      } else {
        tree.set("nodePort", in: item, to: .int(Int64(wanted)))
      }
    }
  }
}

/// Completes a stored Service that is given as its manifest: what the cluster allocated is not
/// written there, and stands for itself.
enum ServiceAllocations {
  /// Addresses that no service can have, so that nobody writes them by accident.
  private static let address = ["IPv4": "240.0.0.1", "IPv6": "100::1"]
  /// Beyond every port that can be written.
  private static let nodePortBase: Int32 = 1_000_000
  /// A port that no health check has.
  private static let healthCheckPort: Int32 = 1

  static func complete(_ draft: ServiceDraft, in network: ClusterNetwork) {
    guard draft.needsClusterIP else { return }
    completeAddresses(draft, in: network)
    if draft.needsNodePort { completeNodePorts(draft) }
    if draft.needsHealthCheckPort, (draft.spec.healthCheckNodePort ?? 0) == 0 {
      draft.tree.set("healthCheckNodePort", in: draft.node, to: .int(Int64(healthCheckPort)))
    }
  }

  /// Allocates the addresses that the families ask for.
  static func completeAddresses(_ draft: ServiceDraft, in network: ClusterNetwork) {
    if draft.clusterIPs.isEmpty, !draft.clusterIP.isEmpty {
      draft.set("clusterIPs", to: [draft.clusterIP])
    }
    ServiceFamilies.complete(draft, in: network)
    guard draft.clusterIP != ServiceAddresses.none else { return }
    var addresses = draft.clusterIPs
    for family in draft.families.dropFirst(addresses.count) {
      addresses.append(address[family] ?? "")
    }
    draft.set("clusterIPs", to: addresses)
    draft.set("clusterIP", to: addresses.first ?? "")
  }

  private static func completeNodePorts(_ draft: ServiceDraft) {
    var byPort: [Int32: Int32] = [:]
    for port in draft.spec.ports {
      if let number = port.nodePort, number != 0, byPort[port.port ?? 0] == nil {
        byPort[port.port ?? 0] = number
      }
    }
    draft.setNodePorts { index, port in
      guard (port.nodePort ?? 0) == 0 else { return nil }
      let number = byPort[port.port ?? 0] ?? nodePortBase &+ Int32(truncatingIfNeeded: index)
      byPort[port.port ?? 0] = number
      return number
    }
  }
}

/// How the families of a Service follow from what is written (AL-07 to AL-09).
enum ServiceFamilies {
  /// Completes policy and families where they are not written.
  static func complete(_ draft: ServiceDraft, in network: ClusterNetwork) {
    let addresses = ServiceAddresses(draft.spec)
    let policy = addresses.effectivePolicy
    if draft.policy == nil { draft.set("ipFamilyPolicy", to: policy) }
    var families = draft.families
    for (index, text) in draft.clusterIPs.enumerated() where index >= families.count {
      guard let family = IPAddress(text)?.unmapped.family else { break }
      families.append(family == .v4 ? "IPv4" : "IPv6")
    }
    if families.isEmpty, let first = network.families.first { families = [first] }
    let hasNoTarget = addresses.isHeadless && !addresses.hasSelector
    if families.count == 1, policy != "SingleStack", hasNoTarget || network.isDualStack {
      families.append(families[0] == "IPv4" ? "IPv6" : "IPv4")
    }
    draft.set("ipFamilies", to: families)
  }
}
