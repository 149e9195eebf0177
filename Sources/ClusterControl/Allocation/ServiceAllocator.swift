import ManifestSchema
import ManifestSyntax

/// Gives Services what they need of a cluster's addresses and ports, and takes back what they no
/// longer need.
///
/// Called after defaulting and mutating admission and before validation, whose word on the result
/// is the last: where a spec makes no sense, nothing is allocated. A refusal here comes before all
/// that validation has to say. Everything happens in the batch behind `table`.
public struct ServiceAllocator {
  let network: ServiceNetwork
  let table: any AllocationTable
  let owner: AllocationOwner
  let isDryRun: Bool
  var generator: SeededGenerator

  /// - Parameters:
  ///   - owner: The service, with the name and uid that it has or is going to have.
  ///   - seed: Decides which of the free addresses and ports are picked.
  ///   - isDryRun: As on the server, what is asked for by name is then hardly checked, and an
  ///     address that would be picked is shown as the range's first.
  public init(
    network: ServiceNetwork, table: any AllocationTable, owner: AllocationOwner, seed: UInt64,
    isDryRun: Bool = false
  ) {
    self.network = network
    self.table = table
    self.owner = owner
    self.isDryRun = isDryRun
    generator = SeededGenerator(seed: seed)
  }

  /// Completes a service that is to be created.
  public mutating func create(_ service: inout Value) throws(AdmissionRefusal) {
    var new = ServiceFields(service)
    if new.clusterIPs.isEmpty, !new.clusterIP.isEmpty { new.clusterIPs = [new.clusterIP] }
    guard try settleFamilies(of: &new, old: nil) else { return }
    try allocateAddresses(of: &new)
    if new.hasNodePorts { try allocateNodePorts(of: &new) }
    if new.needsHealthCheckPort { try allocateHealthCheckPort(of: &new) }
    service["spec"] = new.spec
  }

  /// Completes a service that is to replace `old`, which is stored.
  ///
  /// What `old` was given and the new one does not name is carried over; what no longer makes sense
  /// is taken out where nobody changed it.
  public mutating func update(
    _ service: inout Value, replacing oldService: Value
  ) throws(AdmissionRefusal) {
    let old = ServiceFields(oldService)
    var new = ServiceFields(service)
    ServiceCarryOver.restore(&new, from: old)
    ServiceCarryOver.joinAddresses(&new, old)
    guard try settleFamilies(of: &new, old: old) else { return }
    try updateAddresses(of: &new, old)
    try updateNodePorts(of: &new, old)
    ServiceCarryOver.drop(from: &new, old)
    service["spec"] = new.spec
  }

  /// Gives back what a service holds that is deleted.
  public func delete(_ service: Value) throws(AdmissionRefusal) {
    for key in ServiceHoldings.keys(of: service) { try release(key) }
  }

  /// How messages call the service.
  var label: String { "Service \"\(owner.key.name)\"" }

  func take(_ key: AllocationKey) throws(AdmissionRefusal) {
    try table.take(key, for: owner)
  }

  /// What another holds is left to it.
  func release(_ key: AllocationKey) throws(AdmissionRefusal) {
    guard let holder = try table.owner(of: key), holder == owner else { return }
    try table.release(key)
  }
}

/// What a stored service holds.
enum ServiceHoldings {
  static func keys(of service: Value) -> [AllocationKey] {
    let fields = ServiceFields(service)
    guard fields.needsClusterIP else { return [] }
    var keys: [AllocationKey] = []
    for text in fields.clusterIPs {
      if let address = IPAddress(text)?.unmapped { keys.append(.address(address.description)) }
    }
    guard fields.hasNodePorts else { return keys }
    for number in fields.nodePorts where !keys.contains(.nodePort(number)) {
      keys.append(.nodePort(number))
    }
    let health = fields.healthCheckPort
    if fields.needsHealthCheckPort, health != 0, !keys.contains(.nodePort(health)) {
      keys.append(.nodePort(health))
    }
    return keys
  }
}
