import ManifestSchema
import ManifestSyntax

/// How many pods that matter to a shape each domain of a topology has, weighted, and kept up to
/// date by the journal.
struct PodCounter: Sendable {
  /// Which pods count, and how much.
  enum Rule: Sendable {
    /// Pods of the same namespace that a spread constraint selects.
    case spread(SpreadConstraint)
    /// Pods that all required affinity terms of the shape select.
    case attracting
    /// Pods that one required anti-affinity term of the shape selects.
    case repelled(PodTerm)
    /// Pods whose own required anti-affinity, over this topology key, selects the shape.
    case repelling(String)
    /// The wishes of both sides over this topology key.
    case wishes(String)
  }

  let rule: Rule
  let topology: Topology
  /// The nodes whose pods count; nil: all.
  let mask: [Bool]?
  /// The sum of each domain.
  private(set) var sums: [Int64]
  /// The sum over all domains.
  private(set) var total: Int64 = 0
  /// What a pod of each shape counts; `unknown` until somebody asks.
  private var weights: [Int64] = []

  private static let unknown = Int64.min

  init(_ rule: Rule, _ topology: Topology, mask: [Bool]? = nil) {
    self.rule = rule
    self.topology = topology
    self.mask = mask
    sums = Array(repeating: 0, count: topology.count)
  }

  /// Whether pods that are being deleted do not count.
  private var isLiveOnly: Bool {
    if case .spread = rule { true } else { false }
  }

  func sum(at node: Int) -> Int64 {
    let domain = topology.domains[node]
    return domain < 0 ? 0 : sums[Int(domain)]
  }

  mutating func count(_ entry: SchedulerCache.Entry, _ mine: PodShape, _ cache: SchedulerCache) {
    let count = isLiveOnly ? entry.live : entry.pods
    guard count != 0, entry.shape >= 0 else { return }
    let node = Int(entry.node)
    let domain = topology.domains[node]
    guard domain >= 0, mask.map({ $0[node] }) ?? true else { return }
    let weight = weight(entry.shape, mine, cache)
    guard weight != 0 else { return }
    let change = weight &* Int64(count)
    sums[Int(domain)] &+= change
    total &+= change
  }

  private mutating func weight(
    _ number: Int32, _ mine: PodShape, _ cache: SchedulerCache
  ) -> Int64 {
    let place = Int(number)
    if place >= weights.count {
      weights += Array(repeating: Self.unknown, count: cache.shapes.count - weights.count)
    }
    if weights[place] != Self.unknown { return weights[place] }
    // Pods of a shape that is gone by now came and went since the last look.
    guard let other = cache.shapes[place] else { return 0 }
    let weight = rule.weight(of: other, for: mine, cache.namespaceLabels)
    weights[place] = weight
    return weight
  }
}

extension PodCounter.Rule {
  /// What existing pods of the shape `other` count for a pod of the shape `mine`.
  func weight(
    of other: PodShape, for mine: PodShape, _ namespaces: [String: [String: String]]
  ) -> Int64 {
    switch self {
    case .spread(let constraint):
      // An empty selector counts nothing, though it selects everything.
      return other.namespace == mine.namespace && constraint.selector?.isEmpty == false
        && constraint.selects(other.labels) ? 1 : 0
    case .attracting:
      return mine.affinity.allSatisfy { $0.selects(other, namespaces) } ? 1 : 0
    case .repelled(let term): return term.selects(other, namespaces) ? 1 : 0
    case .repelling(let key):
      return other.antiAffinity.contains {
        $0.topologyKey == key && $0.selects(mine, namespaces)
      } ? 1 : 0
    case .wishes(let key):
      let sum = { (terms: [PodTerm], pod: PodShape) in
        terms.reduce(Int64(0)) {
          $1.topologyKey == key && $1.selects(pod, namespaces) ? $0 &+ $1.weight : $0
        }
      }
      // What existing pods insist on attracts others a little, too.
      let insisted = other.affinity.count { $0.topologyKey == key && $0.selects(mine, namespaces) }
      return sum(mine.preferredAffinity, other) &- sum(mine.preferredAntiAffinity, other)
        &+ sum(other.preferredAffinity, mine) &- sum(other.preferredAntiAffinity, mine)
        &+ Int64(insisted)
    }
  }
}
