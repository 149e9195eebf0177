import ManifestSchema
import ManifestSyntax

/// What allocation reads and writes of a Service's spec.
///
/// Absent, null and empty are the same to it, as they are to the server.
struct ServiceFields {
  static let headless = "None"

  var spec: Value

  init(_ service: Value) { spec = service["spec"] ?? .emptyMap }

  var type: String { spec["type"]?.string ?? "ClusterIP" }
  var needsClusterIP: Bool { ["ClusterIP", "NodePort", "LoadBalancer"].contains(type) }
  var hasNodePorts: Bool { type == "NodePort" || type == "LoadBalancer" }
  /// Whether every port gets one that nodes open.
  var needsNodePorts: Bool {
    type == "NodePort"
      || type == "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] != false
  }
  var needsHealthCheckPort: Bool {
    type == "LoadBalancer" && spec["externalTrafficPolicy"] == "Local"
  }
  var isExternallyReachable: Bool {
    hasNodePorts || type == "ClusterIP" && !(spec["externalIPs"]?.list ?? []).isEmpty
  }
  var isHeadless: Bool { clusterIPs.first == Self.headless }
  var hasSelector: Bool { !(spec["selector"]?.map?.isEmpty ?? true) }

  var clusterIP: String {
    get { spec["clusterIP"]?.string ?? "" }
    set { set("clusterIP", newValue.isEmpty ? nil : .string(newValue)) }
  }
  var clusterIPs: [String] {
    get { texts("clusterIPs") }
    set { set("clusterIPs", newValue.isEmpty ? nil : .list(newValue.map { .string($0) })) }
  }
  var families: [String] {
    get { texts("ipFamilies") }
    set { set("ipFamilies", newValue.isEmpty ? nil : .list(newValue.map { .string($0) })) }
  }
  /// nil where none is said.
  var policy: String? {
    get { spec["ipFamilyPolicy"]?.string }
    set { set("ipFamilyPolicy", newValue.map { .string($0) }) }
  }
  /// 0 where there is none.
  var healthCheckPort: Int {
    get { spec["healthCheckNodePort"]?.int64.flatMap { Int(exactly: $0) } ?? 0 }
    set { set("healthCheckNodePort", newValue == 0 ? nil : .int(Int64(newValue))) }
  }

  struct Port {
    var name: String
    var number: Int
    var `protocol`: String
    /// 0 where there is none.
    var nodePort: Int
  }

  var ports: [Port] {
    (spec["ports"]?.list ?? []).map { port in
      Port(
        name: port["name"]?.string ?? "", number: Self.number(port["port"]),
        protocol: port["protocol"]?.string ?? "TCP", nodePort: Self.number(port["nodePort"]))
    }
  }

  var nodePorts: [Int] { ports.map(\.nodePort).filter { $0 != 0 } }

  /// Sets the node port of the entry at `index`; 0 takes it out.
  mutating func setNodePort(_ number: Int, at index: Int) {
    guard case .list(var items)? = spec["ports"], items.indices.contains(index) else { return }
    items[index].set(
      "nodePort", to: number == 0 ? nil : .int(Int64(number)), in: FieldOrder.servicePort)
    set("ports", .list(items))
  }

  mutating func set(_ name: String, _ value: Value?) {
    spec.set(name, to: value, in: FieldOrder.service)
  }

  /// Whether the fields that name addresses and families can mean something; validation refuses
  /// those that cannot.
  var areAddressesReadable: Bool {
    let (addresses, families) = (clusterIPs, families)
    guard addresses.count <= 2, families.count <= 2, Set(families).count == families.count,
      families.allSatisfy({ $0 == "IPv4" || $0 == "IPv6" }),
      clusterIP == (addresses.first ?? "")
    else { return false }
    if addresses.first == Self.headless { return addresses.count == 1 }
    var found: [String] = []
    for (index, text) in addresses.enumerated() {
      guard let address = IPAddress(text) else { return false }
      let family = AddressRange.family(of: address.unmapped)
      if found.contains(family) { return false }
      if index < families.count, families[index] != family { return false }
      found.append(family)
    }
    return true
  }

  private func texts(_ name: String) -> [String] {
    (spec[name]?.list ?? []).compactMap(\.string)
  }

  private static func number(_ value: Value?) -> Int {
    value?.int64.flatMap { Int(exactly: $0) } ?? 0
  }
}
