import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Events are deduplicated (fact 229).
@Suite struct EventRecorderTests {
  private struct World {
    var state = ClusterState()
    var recorder = EventRecorder()
    var now = Time(seconds: 1_700_000_000)
    let pod: ClusterObject

    init() {
      let value: Value = [
        "apiVersion": "v1", "kind": "Pod",
        "metadata": ["name": "web-1", "namespace": "shop", "uid": "u1"],
      ]
      pod = ClusterObject(
        key: ResourceKey(.pods, namespace: "shop", name: "web-1"), value: value, revision: 1)
    }

    mutating func tell(_ reason: String, _ message: String, by writer: String = "kubelet") {
      let event = Action.Event(.warning, about: pod, reason: reason, message: message)
      var writing = ClusterState.Writing(now: now, chance: SeededGenerator(seed: 1))
      for action in recorder.actions(for: event, by: writer, at: now, in: state) {
        _ = try? state.perform(action, &writing)
      }
    }

    /// Each event as `COUNT REASON MESSAGE`.
    var told: [String] {
      state.objects(.events).map { event in
        let count = event.value["count"]?.int64 ?? 0
        return "\(count) \(event.value["reason"]?.string ?? "") "
          + (event.value["message"]?.string ?? "")
      }
    }
  }

  @Test func manyOfAKindBecomeFew() {
    var world = World()
    for _ in 0..<3 {
      world.tell("BackOff", "again")
      world.now = world.now.advanced(bySeconds: 20)
    }
    world.tell("Pulled", "image")
    #expect(world.told == ["3 BackOff again", "1 Pulled image"], "229")
    let event = world.state.objects(.events).first?.value
    #expect(event?["firstTimestamp"] == "2023-11-14T22:13:20Z")
    #expect(event?["lastTimestamp"] == "2023-11-14T22:14:00Z")
    #expect(event?["involvedObject"]?["kind"] == "Pod")
    #expect(event?["metadata"]?["namespace"] == "shop")

    // Many that differ in their text alone are combined from the tenth on.
    var crowd = World()
    for number in 1...14 { crowd.tell("Failed", "number \(number)") }
    #expect(crowd.told.count == 10, "229")
    #expect(crowd.told.last == "5 Failed (combined from similar events): number 14", "229")

    // Who talks without end is not heard for a while.
    var noise = World()
    for number in 0..<60 { noise.tell("R\(number)", "x") }
    #expect(noise.told.count == 25, "229")
    noise.tell("Other", "x", by: "scheduler")
    #expect(noise.told.count == 26, "229: each writer by itself")
    noise.now = noise.now.advanced(bySeconds: 301)
    noise.tell("Later", "x")
    #expect(noise.told.count == 27, "229")
  }

  @Test func oldEventsGo() {
    var world = World()
    world.tell("A", "x")
    world.tell("B", "x")
    world.now = world.now.advanced(bySeconds: 3000)
    world.tell("B", "x")
    world.now = world.now.advanced(bySeconds: 700)
    world.tell("C", "x")
    #expect(world.told == ["2 B x", "1 C x"])
  }
}
