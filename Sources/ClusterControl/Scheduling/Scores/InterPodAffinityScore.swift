/// Prefers nodes near the pods that the pod wishes near, and that wish it near.
struct InterPodAffinityScore: Sendable {
  private var counters: [PodCounter] = []

  init?(_ shape: PodShape, _ cache: inout SchedulerCache) {
    let keys = cache.wishingKeys.sorted()
    guard !keys.isEmpty else { return nil }
    for key in keys { counters.append(PodCounter(.wishes(key), cache.topology(key))) }
  }

  mutating func count(_ entry: SchedulerCache.Entry, _ shape: PodShape, _ cache: SchedulerCache) {
    for index in counters.indices { counters[index].count(entry, shape, cache) }
  }

  /// The scores of nodes, from 0 to 100.
  func scores(_ nodes: [Int32]) -> [Int64] {
    var scores = nodes.map { node in
      counters.reduce(Int64(0)) { $0 &+ $1.sum(at: Int(node)) }
    }
    Normalizing.betweenEnds(&scores)
    return scores
  }
}
