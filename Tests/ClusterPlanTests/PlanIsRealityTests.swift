import ClusterControl
import Foundation
import ManifestSyntax
import Testing

/// What a plan says is what the controllers then do.
@Suite struct PlanIsRealityTests {
  /// `KMF_SEEDS=1000` runs more; `KMF_SEED=7` runs that one alone.
  private static func seeds(usual: UInt64) -> Range<UInt64> {
    let environment = ProcessInfo.processInfo.environment
    if let one = environment["KMF_SEED"].flatMap(UInt64.init) { return one..<(one + 1) }
    return 0..<(environment["KMF_SEEDS"].flatMap(UInt64.init) ?? usual)
  }

  /// Every write of every ReplicaSet's size: when, which, from where to where.
  @Test func schedulesAreTheLogsOfTheNextApply() throws {
    var wrong: [String] = []
    var tally = Tally()
    for seed in Self.seeds(usual: 20) {
      let generated = GeneratedChange(seed: seed)
      let world = try RolloutWorld(seed: seed, generated)
      let planned = RolloutWorld.Course(try world.forecast(generated.after))
      let done = try world.applyAndFollow(generated.after)
      tally.add(planned, done)
      guard planned.writes != done.writes else { continue }
      wrong.append(
        "KMF_SEED=\(seed) \(generated.text):\n\(Self.compare(planned.writes, done.writes))")
    }
    print("plans against what then happened: \(tally)")
    let isEqual = wrong.isEmpty
    let shown = wrong.prefix(20).joined(separator: "\n")
    #expect(isEqual, "\(wrong.count) of \(tally.changes):\n\(shown)")
  }

  private static func compare(
    _ planned: [String: [String]], _ done: [String: [String]]
  ) -> String {
    Set(planned.keys).union(done.keys).sorted().compactMap { name -> String? in
      let (left, right) = (planned[name] ?? [], done[name] ?? [])
      guard left != right else { return nil }
      let same = zip(left, right).prefix { $0 == $1 }.count
      return "  \(name): \(same) alike, then planned \(left[same...].prefix(6)) of \(left.count), "
        + "done \(right[same...].prefix(6)) of \(right.count)"
    }.joined(separator: "\n")
  }

  private struct Tally: CustomStringConvertible {
    var changes = 0
    var workloads = 0
    var writes = 0
    var blocked = 0

    mutating func add(_ planned: RolloutWorld.Course, _ done: RolloutWorld.Course) {
      changes += 1
      workloads += planned.writes.count
      writes += done.writes.values.reduce(0) { $0 + $1.count }
      blocked += planned.isBlocked ? 1 : 0
    }

    var description: String {
      "\(changes) changes of \(workloads) Deployments, \(writes) writes, \(blocked) changes blocked"
    }
  }
}
