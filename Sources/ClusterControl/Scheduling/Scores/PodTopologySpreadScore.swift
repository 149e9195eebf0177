import ManifestSchema
import ManifestSyntax

/// Prefers nodes in domains with few pods of the same kind.
struct PodTopologySpreadScore: Sendable {
  private struct Part: Sendable {
    var constraint: SpreadConstraint
    var counter: PodCounter
    /// Whether every node is a domain.
    var isHostname: Bool
  }

  private var parts: [Part] = []
  /// Whether nodes that lack one of the labels get nothing.
  private let needsAllLabels: Bool
  private var lacking: [Bool]

  /// - Parameter usual: What selects the pod's peers, for pods without constraints of their own.
  init?(_ shape: PodShape, usual: LabelSelector?, _ cache: inout SchedulerCache) {
    let constraints: [SpreadConstraint]
    if let own = shape.spread {
      constraints = own.filter { !$0.isHard }
    } else if let usual, !usual.isEmpty {
      constraints = [
        SpreadConstraint(usual: NodeFacts.hostnameLabel, maxSkew: 3, usual),
        SpreadConstraint(usual: NodeFacts.zoneLabel, maxSkew: 5, usual),
      ]
    } else {
      constraints = []
    }
    guard !constraints.isEmpty else { return nil }
    needsAllLabels = shape.spread != nil
    let topologies = constraints.map { cache.topology($0.topologyKey) }
    lacking = cache.facts.indices.map { node in
      topologies.contains { $0.domains[node] < 0 }
    }
    for (constraint, topology) in zip(constraints, topologies) {
      let isHostname = constraint.topologyKey == NodeFacts.hostnameLabel
      if isHostname {
        // A node counts its own pods, whatever its label says.
        var nodes = Topology.nodes(cache.facts.count)
        for node in topology.domains.indices where topology.domains[node] < 0 {
          nodes.domains[node] = -1
        }
        let counter = PodCounter(.spread(constraint), nodes)
        parts.append(Part(constraint: constraint, counter: counter, isHostname: true))
        continue
      }
      var mask = SpreadMask.nodes(for: shape, constraint, cache)
      if needsAllLabels {
        for node in mask.indices where lacking[node] { mask[node] = false }
      }
      let counter = PodCounter(.spread(constraint), topology, mask: mask)
      parts.append(Part(constraint: constraint, counter: counter, isHostname: false))
    }
  }

  mutating func count(_ entry: SchedulerCache.Entry, _ shape: PodShape, _ cache: SchedulerCache) {
    for index in parts.indices { parts[index].counter.count(entry, shape, cache) }
  }

  /// The scores of nodes, from 0 to 100.
  func scores(_ nodes: [Int32]) -> [Int64] {
    var sums = [Double](repeating: 0, count: nodes.count)
    for part in parts { add(part, nodes, &sums) }
    var scores = [Int64](repeating: 0, count: nodes.count)
    var most: Int64 = 0
    var least = Int64.max
    for (place, node) in nodes.enumerated() where !isIgnored(node) {
      scores[place] = Int64(sums[place].rounded(.toNearestOrAwayFromZero))
      most = max(most, scores[place])
      least = min(least, scores[place])
    }
    for (place, node) in nodes.enumerated() where !isIgnored(node) {
      scores[place] = most == 0 ? 100 : 100 * (most + least - scores[place]) / most
    }
    return scores
  }

  private func isIgnored(_ node: Int32) -> Bool { needsAllLabels && lacking[Int(node)] }

  private func add(_ part: Part, _ nodes: [Int32], _ sums: inout [Double]) {
    let domains = part.counter.topology.domains
    var size = 0
    if part.isHostname {
      for node in nodes where !isIgnored(node) { size += 1 }
    } else {
      var isSeen = [Bool](repeating: false, count: part.counter.topology.count + 1)
      for node in nodes where !isIgnored(node) {
        // Nodes without the label form one more domain.
        let domain = Int(domains[Int(node)]) + 1
        if !isSeen[domain] { size += 1 }
        isSeen[domain] = true
      }
    }
    let weight = NaturalLogarithm.of(Double(size + 2))
    let skew = Double(part.constraint.maxSkew - 1)
    let counts = part.counter.sums
    for (place, node) in nodes.enumerated() {
      let domain = domains[Int(node)]
      guard domain >= 0, !isIgnored(node) else { continue }
      sums[place] += Double(counts[Int(domain)]) * weight + skew
    }
  }
}

/// The natural logarithm, the same on every machine.
enum NaturalLogarithm {
  private static let ofTwo = 0.693_147_180_559_945_309_4

  /// - Precondition: `number` is above 0 and finite.
  static func of(_ number: Double) -> Double {
    var exponent = Double(number.exponent)
    var part = number.significand
    if part > 1.414_213_562_373_095_1 {
      part /= 2
      exponent += 1
    }
    // ln(m) = 2 · artanh((m − 1) / (m + 1)), whose series converges fast near 1.
    let ratio = (part - 1) / (part + 1)
    let square = ratio * ratio
    var sum = 0.0
    for step in stride(from: 23, through: 1, by: -2) { sum = sum * square + 1 / Double(step) }
    return exponent * ofTwo + 2 * ratio * sum
  }
}
