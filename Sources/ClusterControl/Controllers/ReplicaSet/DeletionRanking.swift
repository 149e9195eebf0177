import ManifestSchema
import ManifestSyntax

/// Which pods go first when there are too many: those whose loss costs least.
struct DeletionRanking {
  let now: Time
  /// How many active pods of related ReplicaSets each node has.
  let podsByNode: [String: Int]

  /// The pods, those to delete first in front.
  func sorted(_ pods: [ClusterObject]) -> [ClusterObject] {
    order(pods, pods.indices.map { $0 }, pods.map { First($0, self) })
  }

  /// The pods at `places`, sorted.
  private func order(
    _ pods: [ClusterObject], _ places: [Int], _ firsts: [First]
  ) -> [ClusterObject] {
    // Ranks hold no references, so that sorting them counts none.
    places.map { Rank(pods[$0], $0, firsts[$0], now) }.sorted { left, right in
      switch left.compare(right) {
      case let order?: order
      case nil: pods[left.place].uid < pods[right.place].uid
      }
    }.map { pods[$0.place] }
  }

  /// The first `count` of the sorted pods.
  ///
  /// Pods that differ in what is compared first are told apart by that alone: of ten thousand pods
  /// only those are looked at whole that may be among the first.
  func first(_ count: Int, of pods: [ClusterObject]) -> [ClusterObject] {
    let firsts = pods.map { First($0, self) }
    var places = pods.indices.map { $0 }
    if count > 0, count < pods.count {
      let limit = Self.limit(ofSmallest: count, in: firsts)
      places = places.filter { firsts[$0] <= limit }
    }
    return Array(order(pods, places, firsts).prefix(max(count, 0)))
  }

  /// The last of the `count` smallest.
  private static func limit(ofSmallest count: Int, in all: [First]) -> First {
    // Pods hardly differ here, so those that are equal are counted and only the rest sorted.
    var groups: [(first: First, count: Int)] = []
    for first in all {
      if let place = groups.firstIndex(where: { $0.first == first }) {
        groups[place].count += 1
      } else if groups.count < 16 {
        groups.append((first, 1))
      } else {
        return all.sorted()[count - 1]
      }
    }
    var left = count
    for group in groups.sorted(by: { $0.first < $1.first }) {
      left -= group.count
      if left <= 0 { return group.first }
    }
    return all[all.count - 1]
  }

  /// What is compared of a pod first, as plain numbers.
  private struct First: Comparable {
    let isAssigned: Bool
    let phase: Int
    let isReady: Bool
    let cost: Int32
    let crowd: Int

    private static let deletionCost = "controller.kubernetes.io/pod-deletion-cost"

    init(_ pod: ClusterObject, _ ranking: DeletionRanking) {
      let facts = pod.pod
      isAssigned = facts?.node != nil
      phase =
        switch facts?.phase {
        case .pending: 0
        case .unknown: 1
        default: 2
        }
      isReady = facts?.isReady ?? false
      cost = pod.annotation(Self.deletionCost).flatMap(Self.cost) ?? 0
      // The fullest nodes first.
      crowd = -(ranking.podsByNode[facts?.node ?? ""] ?? 0)
    }

    /// An int32 without a plus sign and without zeros in front.
    private static func cost(_ text: String) -> Int32? {
      guard let number = Int32(text), String(number) == text else { return nil }
      return number
    }

    static func < (left: First, right: First) -> Bool {
      if left.isAssigned != right.isAssigned { return right.isAssigned }
      if left.phase != right.phase { return left.phase < right.phase }
      if left.isReady != right.isReady { return right.isReady }
      return (left.cost, left.crowd) < (right.cost, right.crowd)
    }
  }

  /// What is compared of a pod, in this order; the smaller one goes first.
  private struct Rank {
    /// Where the pod stands in the list.
    let place: Int
    let first: First
    let isReady: Bool
    /// Powers of two of the time since it is ready, and since it was created; nil: not known.
    let readyAge: Int?
    let readySince: Time?
    let restarts: (regular: Int64, sidecar: Int64)
    let createdAge: Int
    let created: Time
    /// The start of the uid, as a number of the same order.
    let uid: UInt64

    init(_ pod: ClusterObject, _ place: Int, _ first: First, _ now: Time) {
      self.place = place
      self.first = first
      isReady = first.isReady
      readySince = pod.pod?.readySince
      readyAge = readySince.map { Self.power($0, now) }
      restarts = (pod.pod?.restarts ?? 0, pod.pod?.sidecarRestarts ?? 0)
      created = pod.created
      createdAge = Self.power(created, now)
      let start = pod.uid.utf8.prefix(8)
      uid = start.reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * (8 - start.count))
    }

    /// floor(log2(age in nanoseconds)), so that ages within the same power of two count as equal.
    private static func power(_ time: Time, _ now: Time) -> Int {
      let age = now.nanoseconds(since: time)
      return age > 0 ? 63 - age.leadingZeroBitCount : -1
    }

    /// Whether it goes before the other; nil where that is for the rest of their uids to say.
    func compare(_ other: Rank) -> Bool? {
      if first != other.first { return first < other.first }
      if isReady, other.isReady, readySince != other.readySince {
        // One that became ready at no known time is taken for the newest.
        guard let readyAge, let otherAge = other.readyAge else { return readyAge == nil }
        return readyAge == otherAge ? compareUIDs(other) : readyAge < otherAge
      }
      if restarts != other.restarts { return restarts > other.restarts }
      if created != other.created, createdAge != other.createdAge {
        return createdAge < other.createdAge
      }
      return compareUIDs(other)
    }

    private func compareUIDs(_ other: Rank) -> Bool? { uid == other.uid ? nil : uid < other.uid }
  }
}
