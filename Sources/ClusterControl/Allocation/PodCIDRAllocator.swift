import ManifestSchema
import ManifestSyntax

/// Gives every node a range of addresses for its pods: a part of the cluster's.
public struct PodCIDRAllocator {
  private let cluster: CIDR
  private let nodePrefix: Int
  private let reserved: [CIDR]
  private let table: any AllocationTable

  /// - Parameters:
  ///   - nodePrefix: How long the prefix of a node's range is; nil means 24, or 64 for IPv6.
  ///   - reserved: Ranges of which no node gets a part: those of the services.
  /// - Returns: nil when the cluster's range is too small for a node or has over 2^24 parts.
  public init?(
    cluster: CIDR, nodePrefix: Int? = nil, reserved: [CIDR] = [], table: any AllocationTable
  ) {
    let usual = cluster.address.family == .v4 ? 24 : 64
    let prefix = nodePrefix ?? usual
    guard prefix >= cluster.prefixLength, prefix <= cluster.address.family.width,
      prefix - cluster.prefixLength <= 24
    else { return nil }
    self.cluster = cluster.masked
    self.nodePrefix = prefix
    self.reserved = reserved
    self.table = table
  }

  /// Gives a node that names no range the first free one, and takes the one that it names.
  ///
  /// - Parameter owner: The node, with its uid.
  public func allocate(_ node: inout Value, for owner: AllocationOwner) throws(AdmissionRefusal) {
    if let named = node["spec"]?["podCIDR"]?.string, !named.isEmpty {
      guard let range = CIDR(named) else { return }
      let key = AllocationKey.podCIDR(range.masked.description)
      if let holder = try table.owner(of: key) {
        guard holder != owner else { return }
        throw .invalid(
          "Node \"\(owner.key.name)\"", field: "spec.podCIDR",
          "'\(named)' is taken by \(holder.description)")
      }
      try table.take(key, for: owner)
      return
    }
    guard let range = try firstFree() else {
      throw .internal("no part of the range \(cluster) is free for the pods of a node")
    }
    try table.take(.podCIDR(range.description), for: owner)
    var spec = node["spec"] ?? .emptyMap
    spec.set("podCIDR", to: .string(range.description), in: Self.order)
    spec.set("podCIDRs", to: .list([.string(range.description)]), in: Self.order)
    node.set("spec", to: spec, in: FieldOrder.object)
  }

  /// Gives back the range of a node that is deleted.
  public func release(_ node: Value, of owner: AllocationOwner) throws(AdmissionRefusal) {
    for key in Self.keys(of: node) where try table.owner(of: key) == owner {
      try table.release(key)
    }
  }

  private static let order = [
    "podCIDR", "podCIDRs", "providerID", "unschedulable", "taints", "configSource", "externalID",
  ]

  /// What a stored node holds.
  static func keys(of node: Value) -> [AllocationKey] {
    guard let text = node["spec"]?["podCIDR"]?.string, let range = CIDR(text) else { return [] }
    return [.podCIDR(range.masked.description)]
  }

  private func firstFree() throws(AdmissionRefusal) -> CIDR? {
    let hostBits = UInt128(cluster.address.family.width - nodePrefix)
    for index in 0..<(1 << (nodePrefix - cluster.prefixLength)) {
      let bits = cluster.address.bits | (UInt128(index) << hostBits)
      let address =
        cluster.address.family == .v4
        ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
      guard let range = CIDR(address: address, prefixLength: nodePrefix),
        !reserved.contains(where: { $0.contains(range.address) || range.contains($0.address) }),
        try !table.isTaken(.podCIDR(range.description))
      else { continue }
      return range
    }
    return nil
  }
}
