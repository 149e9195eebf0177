import ClusterAPI
import ClusterControl
import ManifestSchema
import ManifestSyntax
import Testing

@testable import ControlPlane

/// Clusters that were left alone, and clocks that were wrong meanwhile.
@Suite struct PauseTests {
  private static let day = 86_400.0

  @Test func yearsPassInAMoment() throws {
    let pauses: [(days: Double, writesMax: Int, isCutShort: Bool)] = [
      (0.02, 10_000, false), (40 * 365, 10_000, false), (40 * 365, 50, true),
    ]
    for pause in pauses {
      // One of the two pods crashes every five minutes, for ever.
      let bench = try Self.running(crashes: true)
      bench.clock.advance(by: pause.days * Self.day)
      let other = try Bench(bench.cluster.store, bench.clock)
      #expect(other.plane.missedSecondsMax == 86_400)
      other.plane.missedSecondsMax = 3600
      other.plane.missedWritesMax = pause.writesMax
      let began = other.time.present
      let run = try #require(try other.plane.catchUp())
      #expect(run.time == began && other.time.present == began, "\(pause)")
      #expect(run.writeCount < (pause.isCutShort ? 2500 : 10_000), "\(pause): \(run.writeCount)")
      #expect(try other.plane.catchUp() == nil, "\(pause): all is made up for")
      let pods = try other.objects(.pods)
      #expect(pods.count == 2 && pods.count { Self.isReady($0) } >= 1, "\(pause)")
      // Events are kept for an hour.
      let last = pods.compactMap { $0["status"]?["containerStatuses"]?[0]?["lastState"] }
        .compactMap { $0["terminated"]?["finishedAt"]?.string }.compactMap { Time($0) }.max()
      let age = last.map { began.seconds(since: $0) } ?? .max
      #expect(pause.isCutShort || age < 600, "\(pause): it crashed \(age) s ago")
      // And it goes on as if nothing had been.
      let next = try other.plane.run(until: began.advanced(bySeconds: 3600))
      #expect(next.writeCount > 20 && next.writeCount < 500, "\(pause): \(next.writeCount)")
    }
  }

  /// What was under way when the pause began is done when it ends.
  @Test func whatWasDueIsDone() throws {
    let bench = try Self.running(crashes: false)
    let began = bench.time.present
    let node = ResourceKey(.nodes, name: "n1")
    try bench.edit(node) { value in
      value.change("metadata") { metadata in
        metadata.change("annotations") { $0["sim.kmf.dev/node-failure"] = "down" }
      }
    }
    _ = try bench.plane.run(until: began.advanced(bySeconds: 90))
    #expect(try bench.objects(.pods).contains { !Self.isReady($0) })
    bench.clock.advance(by: 1000 * Self.day)
    bench.plane.missedSecondsMax = 3600
    // The engine that is still there takes the same leap.
    let run = try #require(try bench.plane.catchUp())
    #expect(run.writeCount < 1000)
    let pods = try bench.objects(.pods)
    let living = pods.filter { $0["metadata"]?["deletionTimestamp"] == nil }
    #expect(living.count == 2 && living.allSatisfy(Self.isReady), "others took their place")
    #expect(try bench.stored() == bench.plane.state.map(Bench.contents))
  }

  @Test func clocksThatWereSetBackAreNotFollowed() throws {
    let bench = try Self.running(crashes: false)
    let before = bench.time.present
    let years = 10 * 365 * Self.day
    bench.clock.advance(by: -years)
    var last = before
    _ = try Bench(bench.cluster.store, bench.clock).plane.catchUp()
    bench.clock.advance(by: 5)
    #expect(
      try Bench(bench.cluster.store, bench.clock).time.present == last.advanced(bySeconds: 5))
    for turn in 0..<3 {
      let other = try Bench(bench.cluster.store, bench.clock)
      #expect(other.time.present >= last, "turn \(turn): the clock never runs back")
      try other.apply(other.deployment(replicas: Int64(3 + turn)))
      _ = try other.plane.catchUp()
      // Time passes outside, and so it does here.
      other.clock.advance(by: 60)
      _ = try other.plane.catchUp()
      let pods = try other.objects(.pods)
      #expect(pods.count == 3 + turn && pods.allSatisfy(Self.isReady), "turn \(turn)")
      #expect(other.time.present >= last.advanced(bySeconds: 60), "turn \(turn)")
      last = other.time.present
    }
    // Time passes even if nobody writes.
    for _ in 0..<2 {
      bench.clock.advance(by: 60)
      let other = try Bench(bench.cluster.store, bench.clock)
      last = last.advanced(bySeconds: 60)
      #expect(other.time.present == last)
      _ = try other.plane.catchUp()
    }
    bench.clock.advance(by: years)
    let right = try Bench(bench.cluster.store, bench.clock)
    #expect(right.time.setBack == .zero)
    #expect(right.time.present == last, "the clock is right again, and nothing is added to it")
    _ = try right.plane.catchUp()
    #expect(try right.objects(.pods).allSatisfy(Self.isReady))
  }

  // MARK: - The cluster

  /// Two nodes and two pods that run.
  private static func running(crashes: Bool) throws -> Bench {
    let bench = try Bench()
    try bench.turnOn()
    for name in ["n1", "n2"] {
      let node: Value = [
        "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)],
      ]
      #expect(bench.send("POST", "/api/v1/nodes", node) == 201)
    }
    try bench.apply(bench.deployment(replicas: crashes ? 1 : 2))
    if crashes {
      let pod: Value = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "weak", "annotations": ["sim.kmf.dev/crash-after": "5s"]],
        "spec": ["containers": [["name": "c", "image": "c:1"]]],
      ]
      #expect(bench.send("POST", "/api/v1/namespaces/default/pods", pod) == 201)
    }
    _ = try bench.plane.catchUp()
    bench.clock.advance(by: 1800)
    _ = try bench.plane.catchUp()
    #expect(try bench.objects(.pods).count { isReady($0) } >= (crashes ? 1 : 2))
    return bench
  }

  private static func isReady(_ pod: Value) -> Bool {
    pod["status"]?["conditions"]?.list?.contains {
      $0["type"] == "Ready" && $0["status"] == "True"
    } == true
  }
}

extension Bench {
  fileprivate func edit(_ key: ResourceKey, _ change: @escaping (inout Value) -> Void) throws {
    let path = "/api/v1/nodes/" + key.name
    let object = try objects(.nodes).first { $0["metadata"]?["name"]?.string == key.name }
    var value = try #require(object)
    change(&value)
    value.change("metadata") { $0["resourceVersion"] = nil }
    #expect(send("PUT", path, value) == 200)
  }
}
