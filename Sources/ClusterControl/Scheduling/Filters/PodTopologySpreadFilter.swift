/// Keeps pods off nodes where they would make the spread over domains more uneven than allowed.
struct PodTopologySpreadFilter: Sendable {
  private struct Part: Sendable {
    var constraint: SpreadConstraint
    var counter: PodCounter
    /// The domains that count: those with a node that does.
    var domains: [Int32]
    /// Whether a pod of the shape counts itself.
    var selfCount: Int64
    /// The smallest sum of a domain; 0 while there are too few domains.
    var least: Int64 = 0
  }

  private var parts: [Part] = []

  /// nil where the shape has no such constraint.
  init?(_ shape: PodShape, _ cache: inout SchedulerCache) {
    let constraints = (shape.spread ?? []).filter(\.isHard)
    guard !constraints.isEmpty else { return nil }
    let topologies = constraints.map { cache.topology($0.topologyKey) }
    for (constraint, topology) in zip(constraints, topologies) {
      var mask = SpreadMask.nodes(for: shape, constraint, cache)
      for node in mask.indices where topologies.contains(where: { $0.domains[node] < 0 }) {
        mask[node] = false
      }
      let domains = Set(mask.indices.filter { mask[$0] }.map { topology.domains[$0] })
      parts.append(
        Part(
          constraint: constraint, counter: PodCounter(.spread(constraint), topology, mask: mask),
          domains: domains.sorted(), selfCount: constraint.selects(shape.labels) ? 1 : 0))
    }
  }

  mutating func count(_ entry: SchedulerCache.Entry, _ shape: PodShape, _ cache: SchedulerCache) {
    for index in parts.indices { parts[index].counter.count(entry, shape, cache) }
  }

  /// Finds the emptiest domains anew, before nodes are judged.
  mutating func prepare() {
    for index in parts.indices {
      let part = parts[index]
      let isShort = part.domains.count < part.constraint.minDomains
      let sums = part.counter.sums
      var least = isShort ? 0 : Int64(Int32.max)
      if !isShort { for domain in part.domains { least = min(least, sums[Int(domain)]) } }
      parts[index].least = least
    }
  }

  func passes(_ node: Int) -> Bool {
    parts.allSatisfy { part in
      let domain = part.counter.topology.domains[node]
      guard domain >= 0 else { return false }
      return part.counter.sums[Int(domain)] + part.selfCount - part.least
        <= part.constraint.maxSkew
    }
  }

  func judge(_ node: Int) -> Rejection? {
    let reason = "node(s) didn't match pod topology spread constraints"
    for part in parts {
      let domain = part.counter.topology.domains[node]
      guard domain >= 0 else {
        return Rejection(
          .podTopologySpread, reason + " (missing required label)", isFinal: true)
      }
      let skew = part.counter.sums[Int(domain)] + part.selfCount - part.least
      if skew > part.constraint.maxSkew { return Rejection(.podTopologySpread, reason) }
    }
    return nil
  }
}

/// Which nodes a constraint counts the pods of.
enum SpreadMask {
  static func nodes(
    for shape: PodShape, _ constraint: SpreadConstraint, _ cache: SchedulerCache
  ) -> [Bool] {
    cache.facts.map { node in
      guard let node else { return false }
      return (!constraint.honorsAffinity || shape.wants(node))
        && (!constraint.honorsTaints || shape.untoleratedTaint(of: node) == nil)
    }
  }
}
