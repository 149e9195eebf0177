import ManifestSchema

/// Finding a node for one pod.
struct SchedulingCycle {
  let pod: ClusterObject
  let slot: Int32
  let view: ControllerView

  enum Outcome {
    case found(Int32)
    case failed(Diagnosis)
  }

  /// How many nodes that can take a pod are enough to choose from.
  static func enough(of nodes: Int) -> Int {
    guard nodes >= 100 else { return nodes }
    return max(nodes * max(50 - nodes / 125, 5) / 100, 100)
  }

  func run(_ plan: inout ShapePlan, _ memory: inout SchedulerMemory) -> Outcome {
    let count = memory.cache.nodeCount
    guard count > 0 else { return .failed(Diagnosis(nodeCount: 0)) }
    let volumes = VolumeJudge(pod, plan.shape, view.state)
    if let refusal = volumes?.refusal {
      return .failed(Diagnosis(nodeCount: count, refusal: refusal))
    }
    plan.prepare()
    let nominations = Nominations(memory, besides: slot, priority: plan.shape.priority)
    if let node = nominated(memory),
      passes(node, &plan, &memory, volumes, nominations) == nil
    {
      return .found(node)
    }
    let feasible = feasible(&plan, &memory, volumes, nominations)
    switch feasible.count {
    case 0: return .failed(diagnose(&plan, &memory, volumes, nominations))
    case 1: return .found(feasible[0])
    default: return .found(best(feasible, plan.scores(feasible)))
    }
  }

  private func nominated(_ memory: SchedulerMemory) -> Int32? {
    memory.nominations[slot].flatMap { memory.cache.slot(of: $0) }
  }

  /// The nodes that can take the pod: the first ones found, from where the last search stopped.
  private func feasible(
    _ plan: inout ShapePlan, _ memory: inout SchedulerMemory, _ volumes: VolumeJudge?,
    _ nominations: Nominations
  ) -> [Int32] {
    let order = memory.cache.order
    let wanted = Self.enough(of: order.count)
    var feasible: [Int32] = []
    feasible.reserveCapacity(wanted)
    var place = memory.start % order.count
    var tried = 0
    while tried < order.count, feasible.count < wanted {
      let node = order[place]
      place += 1
      if place == order.count { place = 0 }
      tried += 1
      guard plan.isOpen[Int(node)], plan.passes(Int(node)) else { continue }
      if volumes != nil || nominations.concern(node) {
        guard passes(node, &plan, &memory, volumes, nominations) == nil else { continue }
      }
      feasible.append(node)
    }
    memory.start = place
    return feasible
  }

  /// Why a node cannot take the pod, with those counted that are to come there, and without them.
  func passes(
    _ node: Int32, _ plan: inout ShapePlan, _ memory: inout SchedulerMemory,
    _ volumes: VolumeJudge?, _ nominations: Nominations
  ) -> Rejection? {
    if nominations.concern(node) {
      for other in nominations.pods(node) { memory.cache.move(other, to: node) }
      _ = plan.catchUp(memory.cache)
      plan.prepare()
      let rejection = plan.judge(Int(node), memory.cache, volumes)
      for other in nominations.pods(node) { memory.cache.move(other, to: -1) }
      _ = plan.catchUp(memory.cache)
      plan.prepare()
      if let rejection { return rejection }
    }
    return plan.judge(Int(node), memory.cache, volumes)
  }

  private func diagnose(
    _ plan: inout ShapePlan, _ memory: inout SchedulerMemory, _ volumes: VolumeJudge?,
    _ nominations: Nominations
  ) -> Diagnosis {
    var diagnosis = Diagnosis(nodeCount: memory.cache.nodeCount)
    for node in memory.cache.order {
      diagnosis.rejections[node] = passes(node, &plan, &memory, volumes, nominations)
    }
    return diagnosis
  }

  /// One of the nodes with the highest score. Which of several is up to chance, which stands on the
  /// pod's uid: that was drawn from the run's seed.
  private func best(_ nodes: [Int32], _ scores: [Int64]) -> Int32 {
    var chance = SeededGenerator(pod)
    var best = 0
    var ties: UInt64 = 1
    for place in 1..<nodes.count {
      if scores[place] > scores[best] {
        best = place
        ties = 1
      } else if scores[place] == scores[best] {
        ties += 1
        if chance.number(below: ties) == 0 { best = place }
      }
    }
    return nodes[best]
  }
}

extension SeededGenerator {
  /// The chance of one pod.
  init(_ pod: ClusterObject) {
    // FNV-1a.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in pod.uid.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: hash)
  }
}

/// The pods that were promised a place which others are being cleared off, as far as they concern a
/// pod of some priority.
struct Nominations: Sendable {
  private var nodes: [Int32: [Int32]] = [:]

  init(_ memory: SchedulerMemory, besides slot: Int32, priority: Int64) {
    guard !memory.nominations.isEmpty else { return }
    for (other, name) in memory.nominations.sorted(by: { $0.key < $1.key }) where other != slot {
      guard let node = memory.cache.slot(of: name),
        let shape = memory.cache.shape(other), shape.priority >= priority,
        memory.cache.pods[Int(other)]?.node == -1
      else { continue }
      nodes[node, default: []].append(other)
    }
  }

  func concern(_ node: Int32) -> Bool { !nodes.isEmpty && nodes[node] != nil }
  func pods(_ node: Int32) -> [Int32] { nodes[node] ?? [] }
}
