import ManifestSchema
import ManifestSyntax

/// Gives every node a range of addresses for its pods: the next free one after the last given.
public struct NodeIPAMController: Controller {
  public struct Memory: Sendable {
    /// The part that each node has.
    var parts: [String: UInt64] = [:]
    var taken: Set<UInt64> = []
    var next: UInt64 = 0
  }

  public static let name = "node-ipam-controller"
  public static let watches: [GroupResource] = [.nodes]
  public static var freshMemory: Memory { Memory() }

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    let name = change.key.name
    guard let node = change.new else {
      if let part = memory.parts.removeValue(forKey: name) { memory.taken.remove(part) }
      return
    }
    guard let text = node.value["spec"]?["podCIDR"]?.string, !text.isEmpty else {
      return wakes.wake(change.key)
    }
    guard memory.parts[name] == nil, let plan = PodRanges(view.simulation),
      let part = plan.part(of: text)
    else { return }
    memory.parts[name] = part
    memory.taken.insert(part)
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let node = view.state.object(key), !node.isTerminating,
      node.value["spec"]?["podCIDR"]?.string ?? "" == "",
      let ranges = PodRanges(view.simulation)
    else { return .done }
    var decision = Decision()
    guard let part = memory.parts[node.name] ?? take(ranges, &memory) else {
      decision.add(
        .event(
          Action.Event(
            .normal, about: node, reason: "CIDRNotAvailable",
            message: "Node \(node.name) status is now: CIDRNotAvailable")))
      decision.isRetry = true
      return decision
    }
    memory.parts[node.name] = part
    let text = Value.string(ranges.range(part).description)
    let edit = Action.Edit("pod range") { value in
      value.change("spec") { spec in
        guard spec["podCIDR"]?.string ?? "" == "" else { return }
        spec["podCIDR"] = text
        spec["podCIDRs"] = .list([text])
      }
    }
    decision.add(.edit(key, uid: node.uid, edit), tolerates: [.notFound])
    return decision
  }

  private func take(_ ranges: PodRanges, _ memory: inout Memory) -> UInt64? {
    for step in 0..<ranges.count {
      let part = (memory.next + step) % ranges.count
      if memory.taken.contains(part) || ranges.isReserved(part) { continue }
      memory.taken.insert(part)
      memory.next = part + 1
      return part
    }
    return nil
  }
}

/// The parts of a cluster's range that nodes get.
private struct PodRanges {
  let cluster: CIDR
  let prefix: Int
  let reserved: [CIDR]
  let count: UInt64

  init?(_ settings: SimulationSettings) {
    guard let cluster = CIDR(settings.podRange)?.masked else { return nil }
    self.cluster = cluster
    prefix = max(cluster.address.family == .v4 ? 24 : 64, cluster.prefixLength)
    reserved = settings.serviceRanges.compactMap { CIDR($0)?.masked }
    // More than 2^24 nodes are no cluster.
    count = 1 << UInt64(min(prefix - cluster.prefixLength, 24))
  }

  private var hostBits: UInt128 { UInt128(cluster.address.family.width - prefix) }

  func range(_ part: UInt64) -> CIDR {
    let bits = cluster.address.bits | UInt128(part) << hostBits
    let address =
      cluster.address.family == .v4
      ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
    return CIDR(address: address, prefixLength: prefix) ?? cluster
  }

  func isReserved(_ part: UInt64) -> Bool {
    let range = range(part)
    return reserved.contains { $0.contains(range.address) || range.contains($0.address) }
  }

  func part(of text: String) -> UInt64? {
    guard let range = CIDR(text)?.masked, cluster.contains(range.address) else { return nil }
    return UInt64(truncatingIfNeeded: (range.address.bits &- cluster.address.bits) >> hostBits)
  }
}
