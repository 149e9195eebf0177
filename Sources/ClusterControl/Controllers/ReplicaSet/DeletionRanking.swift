import ManifestSchema
import ManifestSyntax

/// Which pods go first when there are too many: those whose loss costs least.
struct DeletionRanking {
  let now: Time
  /// How many active pods of related ReplicaSets each node has.
  let podsByNode: [String: Int]

  /// The pods, those to delete first in front.
  func sorted(_ pods: [ClusterObject]) -> [ClusterObject] {
    pods.map { Rank($0, self) }.sorted(by: <).map(\.object)
  }

  /// The first `count` of the sorted pods.
  ///
  /// Pods that differ in what is compared first are told apart by that alone: of ten thousand pods
  /// only those are looked at whole that may be among the first.
  func first(_ count: Int, of pods: [ClusterObject]) -> [ClusterObject] {
    let firsts = pods.map { First($0, self) }
    guard count > 0, count < pods.count else { return Array(sorted(pods).prefix(count)) }
    let limit = firsts.sorted()[count - 1]
    let candidates = zip(pods, firsts).filter { $0.1 <= limit }.map(\.0)
    return Array(sorted(candidates).prefix(count))
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
    let object: ClusterObject
    let first: First
    /// Powers of two of the time since it is ready, and since it was created; nil: not known.
    let readyAge: Int?
    let readySince: Time?
    let restarts: (regular: Int64, sidecar: Int64)
    let createdAge: Int
    let created: Time
    let isReady: Bool

    init(_ pod: ClusterObject, _ ranking: DeletionRanking) {
      object = pod
      isReady = pod.pod?.isReady ?? false
      first = First(pod, ranking)
      readySince = isReady ? pod.readySince : nil
      readyAge = readySince.map { Self.power($0, ranking.now) }
      restarts = Self.restarts(pod)
      created = pod.created
      createdAge = Self.power(created, ranking.now)
    }

    /// floor(log2(age in nanoseconds)), so that ages within the same power of two count as equal.
    private static func power(_ time: Time, _ now: Time) -> Int {
      let age = now.nanoseconds(since: time)
      return age > 0 ? 63 - age.leadingZeroBitCount : -1
    }

    private static func restarts(_ pod: ClusterObject) -> (regular: Int64, sidecar: Int64) {
      let status = pod.value["status"]
      let most = { (list: Value?, isCounted: (Value) -> Bool) in
        (list?.list ?? []).filter(isCounted).compactMap { $0["restartCount"]?.int64 }.max() ?? 0
      }
      if (status?["initContainerStatuses"]?.list ?? []).isEmpty {
        return (most(status?["containerStatuses"]) { _ in true }, 0)
      }
      let sidecars = Set(
        (pod.value["spec"]?["initContainers"]?.list ?? [])
          .filter { $0["restartPolicy"] == "Always" }.compactMap { $0["name"]?.string })
      return (
        most(status?["containerStatuses"]) { _ in true },
        most(status?["initContainerStatuses"]) { sidecars.contains($0["name"]?.string ?? "") }
      )
    }

    static func < (left: Rank, right: Rank) -> Bool {
      if left.first != right.first { return left.first < right.first }
      if left.isReady, right.isReady, left.readySince != right.readySince {
        // One that became ready at no known time is taken for the newest.
        guard let leftAge = left.readyAge, let rightAge = right.readyAge else {
          return left.readyAge == nil
        }
        return leftAge == rightAge ? left.object.uid < right.object.uid : leftAge < rightAge
      }
      if left.restarts != right.restarts { return left.restarts > right.restarts }
      if left.created != right.created, left.createdAge != right.createdAge {
        return left.createdAge < right.createdAge
      }
      return left.object.uid < right.object.uid
    }
  }
}
