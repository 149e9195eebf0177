import ManifestSchema

/// What a controller has asked for and not seen yet.
///
/// A cache shows a controller its own writes late. Until it has seen them all it must not count
/// again, or it would make the same pods twice. Creations are counted; deletions go by pod.
public struct Expectations: Sendable {
  private struct Expectation: Sendable {
    var creations: Int
    var deletions: Set<String>
    var since: Time
  }

  /// After this time they are given up: what was expected will not come any more.
  static let secondsMax: Int64 = 300

  private var expected: [ResourceKey: Expectation] = [:]

  /// Whether nothing is being waited for (any more).
  func areMet(_ key: ResourceKey, at now: Time) -> Bool {
    guard let expectation = expected[key] else { return true }
    if expectation.creations <= 0, expectation.deletions.isEmpty { return true }
    return now.seconds(since: expectation.since) > Self.secondsMax
  }

  mutating func expect(creations count: Int, for key: ResourceKey, at now: Time) {
    expected[key] = Expectation(creations: count, deletions: [], since: now)
  }

  mutating func expect(
    deletions pods: some Sequence<ClusterObject>, for key: ResourceKey, at now: Time
  ) {
    let names = Set(pods.map { Self.name($0.key, $0.uid) })
    expected[key] = Expectation(creations: 0, deletions: names, since: now)
  }

  mutating func sawCreation(for key: ResourceKey) { expected[key]?.creations -= 1 }

  mutating func sawDeletion(of pod: ClusterObject, for key: ResourceKey) {
    expected[key]?.deletions.remove(Self.name(pod.key, pod.uid))
  }

  mutating func sawDeletion(of pod: ResourceKey, uid: String?, for key: ResourceKey) {
    expected[key]?.deletions.remove(Self.name(pod, uid ?? ""))
  }

  mutating func forget(_ key: ResourceKey) { expected[key] = nil }

  private static func name(_ key: ResourceKey, _ uid: String) -> String {
    uid.isEmpty ? key.name : uid
  }
}
