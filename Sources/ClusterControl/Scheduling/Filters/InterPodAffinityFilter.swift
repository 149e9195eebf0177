/// Keeps pods near those that they must be near, and apart from those that they must not, or that
/// must not be near them.
struct InterPodAffinityFilter: Sendable {
  /// One for each required affinity term; they count the same pods over their own topologies.
  private var attracting: [PodCounter] = []
  private var repelled: [PodCounter] = []
  /// One for each topology key by which others keep pods away.
  private var repelling: [PodCounter] = []
  /// Whether the first pod of a group, which attracts itself, may go anywhere.
  private let attractsItself: Bool

  init?(_ shape: PodShape, _ cache: inout SchedulerCache) {
    let keys = cache.repellingKeys.sorted()
    guard !keys.isEmpty || !shape.affinity.isEmpty || !shape.antiAffinity.isEmpty else {
      return nil
    }
    for term in shape.affinity {
      attracting.append(PodCounter(.attracting, cache.topology(term.topologyKey)))
    }
    for term in shape.antiAffinity {
      repelled.append(PodCounter(.repelled(term), cache.topology(term.topologyKey)))
    }
    for key in keys { repelling.append(PodCounter(.repelling(key), cache.topology(key))) }
    let namespaces = cache.namespaceLabels
    attractsItself = shape.affinity.allSatisfy { $0.selects(shape, namespaces) }
  }

  mutating func count(_ entry: SchedulerCache.Entry, _ shape: PodShape, _ cache: SchedulerCache) {
    for index in attracting.indices { attracting[index].count(entry, shape, cache) }
    for index in repelled.indices { repelled[index].count(entry, shape, cache) }
    for index in repelling.indices { repelling[index].count(entry, shape, cache) }
  }

  func passes(_ node: Int) -> Bool {
    isNearEnough(node) && repelled.allSatisfy { $0.sum(at: node) == 0 }
      && repelling.allSatisfy { $0.sum(at: node) == 0 }
  }

  private func isNearEnough(_ node: Int) -> Bool {
    guard !attracting.isEmpty else { return true }
    var isNear = true
    for counter in attracting {
      if counter.topology.domains[node] < 0 { return false }
      if counter.sum(at: node) <= 0 { isNear = false }
    }
    return isNear || attractsItself && attracting.allSatisfy { $0.total == 0 }
  }

  func judge(_ node: Int) -> Rejection? {
    if !isNearEnough(node) {
      return Rejection(
        .interPodAffinity, "node(s) didn't match pod affinity rules", isFinal: true)
    }
    if repelled.contains(where: { $0.sum(at: node) > 0 }) {
      return Rejection(.interPodAffinity, "node(s) didn't match pod anti-affinity rules")
    }
    if repelling.contains(where: { $0.sum(at: node) > 0 }) {
      return Rejection(
        .interPodAffinity, "node(s) didn't satisfy existing pods anti-affinity rules")
    }
    return nil
  }
}
