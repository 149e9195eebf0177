import ManifestSchema
import ManifestSyntax

/// What a kubelet knows of its own node.
struct NodeRun: Sendable {
  var images = NodeImages()
  /// When the node last came up after it had been down.
  private(set) var bootedAt: Time?
  /// The address that pods have as `hostIP`.
  private(set) var hostAddresses: [String] = []
  private(set) var labels = ValueMap()
  private var pool = AddressPool()
  private var allocatable = Amounts()
  private var used = Amounts()
  /// What each pod holds.
  private var holdings: [String: (amounts: Amounts, place: UInt64?)] = [:]
  private var revision: Int64 = -1

  struct Amounts: Hashable, Sendable {
    var cpu: Int64?
    var memory: Int64?
    var pods: Int64?
  }

  /// Reads the node anew where it has changed.
  mutating func follow(_ node: ClusterObject) {
    guard node.revision != revision else { return }
    revision = node.revision
    labels = node.labels
    bootedAt = NodeFailure.boot(of: node)
    let status = node.value["status"]
    hostAddresses = (status?["addresses"]?.list ?? []).filter { $0["type"] == "InternalIP" }
      .compactMap { $0["address"]?.string }
    let amounts = ResourceAmounts(status?["allocatable"])
    allocatable = Amounts(
      cpu: amounts["cpu"]?.serverMilliValue, memory: amounts["memory"].map(PodPlan.whole),
      pods: amounts["pods"]?.value)
    pool.follow(node.value["spec"])
  }

  /// Whether pods can have addresses of their own.
  var hasAddresses: Bool { pool.hasRange }

  // MARK: - Pods

  /// Takes a pod in that has been here before.
  mutating func readmit(_ uid: String, _ plan: PodPlan, addresses: [String]) {
    guard holdings[uid] == nil else { return }
    let place = plan.usesHostNetwork ? nil : addresses.first.flatMap { pool.take($0) }
    hold(uid, plan, place)
  }

  /// Takes a pod in; says why not where it does not fit.
  mutating func admit(_ uid: String, _ plan: PodPlan) -> PodRun.Verdict? {
    if !plan.nodeSelector.isEmpty, !labels.contains(plan.nodeSelector) {
      return PodRun.Verdict(
        reason: "NodeAffinity",
        message: "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node"
          + " affinity/selector")
    }
    let checks = [
      ("pods", 1, used.pods, allocatable.pods), ("cpu", plan.cpu, used.cpu, allocatable.cpu),
      ("memory", plan.memory, used.memory, allocatable.memory),
    ]
    for (name, asked, used, limit) in checks {
      guard let limit, asked > 0 else { continue }
      let used = used ?? 0
      guard asked > limit.subtractingReportingOverflow(used).partialValue else { continue }
      return PodRun.Verdict(
        reason: "OutOf" + name,
        message: "Pod was rejected: Node didn't have enough resource: \(name), requested:"
          + " \(asked), used: \(used), capacity: \(limit)")
    }
    hold(uid, plan, plan.usesHostNetwork ? nil : pool.next())
    return nil
  }

  private mutating func hold(_ uid: String, _ plan: PodPlan, _ place: UInt64?) {
    let amounts = Amounts(cpu: plan.cpu, memory: plan.memory, pods: 1)
    holdings[uid] = (amounts, place)
    used.cpu = (used.cpu ?? 0) &+ plan.cpu
    used.memory = (used.memory ?? 0) &+ plan.memory
    used.pods = (used.pods ?? 0) + 1
  }

  /// The addresses of a pod that was taken in.
  func addresses(of uid: String, _ plan: PodPlan) -> [String] {
    if plan.usesHostNetwork { return hostAddresses }
    return holdings[uid]?.place.map { pool.addresses(at: $0) } ?? []
  }

  /// A pod that holds nothing any more.
  mutating func release(_ uid: String) {
    guard let holding = holdings.removeValue(forKey: uid) else { return }
    used.cpu = (used.cpu ?? 0) &- (holding.amounts.cpu ?? 0)
    used.memory = (used.memory ?? 0) &- (holding.amounts.memory ?? 0)
    used.pods = (used.pods ?? 1) - 1
    if let place = holding.place { pool.release(place) }
  }
}

/// A node's addresses for its pods: the next free one after the last given, over and over.
struct AddressPool: Sendable {
  private var ranges: [CIDR] = []
  private var size: UInt64 = 0
  private var taken: Set<UInt64> = []
  /// The first two are the network's and the node's own.
  private var last: UInt64 = 1

  var hasRange: Bool { !ranges.isEmpty }

  mutating func follow(_ spec: Value?) {
    var texts = spec?["podCIDRs"]?.list?.compactMap(\.string) ?? []
    if texts.isEmpty, let text = spec?["podCIDR"]?.string { texts = [text] }
    let ranges = texts.compactMap { CIDR($0)?.masked }
    guard ranges != self.ranges else { return }
    self.ranges = ranges
    let bits = ranges.map { $0.address.family.width - $0.prefixLength }.min() ?? 0
    size = bits >= 32 ? 1 << 32 : 1 << UInt64(bits)
  }

  /// nil when none is left.
  mutating func next() -> UInt64? {
    // The last address of a range is for all of them at once.
    guard size > 3, UInt64(taken.count) < size - 3 else { return nil }
    repeat { last = last >= size - 2 ? 2 : last + 1 } while taken.contains(last)
    taken.insert(last)
    return last
  }

  func addresses(at place: UInt64) -> [String] {
    ranges.map { range in
      let bits = range.address.bits &+ UInt128(place)
      let address =
        range.address.family == .v4
        ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
      return address.description
    }
  }

  /// Takes an address that a pod has; nil when it is not from here.
  mutating func take(_ text: String) -> UInt64? {
    guard let address = IPAddress(text), let range = ranges.first, range.contains(address) else {
      return nil
    }
    let place = UInt64(truncatingIfNeeded: address.bits &- range.address.bits)
    taken.insert(place)
    last = max(last, place)
    return place
  }

  mutating func release(_ place: UInt64) { taken.remove(place) }
}
