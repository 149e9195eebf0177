import ClusterControl
import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterEngine

@Suite struct EngineTests {
  @Test func timersGoOffInOrder() {
    var timers = TimerQueue<Int>()
    let start = Time(seconds: 100)
    for (item, second) in [(1, 5), (2, 3), (3, 3), (1, 9), (4, 1), (2, 2)] {
      timers.set(item, at: start.advanced(bySeconds: Int64(second)))
    }
    var popped: [Int] = []
    while let item = timers.pop(at: start.advanced(bySeconds: 10)) { popped.append(item) }
    #expect(popped == [4, 2, 3, 1])
    #expect(timers.isEmpty)
  }

  /// Facts 6, 93 and 228: 5 ms, doubled up to 1000 s; some give up after 15 tries.
  @Test func failuresAreTriedAgainLaterEachTime() {
    var queue = WorkQueue()
    let work = Work(controller: 0, key: ResourceKey(.pods, name: "a"))
    let delays = (0..<20).map { _ in queue.backOff(work, retriesMax: nil) }
    let expected = (0..<18).map { Duration.milliseconds(5 << $0) }
    #expect(delays == expected + [.seconds(1000), .seconds(1000)])
    queue.forgetFailures(work)
    #expect(queue.backOff(work, retriesMax: nil) == .milliseconds(5))
    queue.forgetFailures(work)
    let tries = (0..<17).map { _ in
      queue.backOff(work, retriesMax: DeploymentController.retriesMax) != nil
    }
    #expect(tries == Array(repeating: true, count: 15) + [false, true])
    #expect(ReplicaSetController.retriesMax == nil)
  }

  /// Fact 227: who writes over a version that he has not seen is refused, and looks again.
  @Test func nobodyWritesOverWhatHeHasNotSeen() throws {
    var state = ClusterState()
    var writing = ClusterState.Writing(now: Time(seconds: 0), chance: SeededGenerator(seed: 1))
    let map: Value = ["metadata": ["name": "a"], "data": ["k": "1"]]
    let made = try state.perform(.create(map, .configMaps, namespace: "default"), &writing)
    let seen = try #require(made.first?.new)
    var value = seen.value
    value["data"] = ["k": "2"]
    _ = try state.perform(.update(seen, value), &writing)
    value["data"] = ["k": "3"]
    let late = Action.update(seen, value)
    #expect(throws: WriteRefusal.self) { try state.perform(late, &writing) }
  }

  /// Every hundredth creation is refused: the pods come all the same, each under its own name.
  @Test func refusedCreationsAreTriedAgain() {
    struct Gate: EngineGate {
      func admit(
        _ object: inout Value, _ resource: GroupResource, namespace: String?, seed: UInt64,
        in state: ClusterState
      ) throws(WriteRefusal) {
        if resource == .pods, seed % 100 == 0 { throw WriteRefusal(.forbidden, "not now") }
      }
    }
    var engine = Engine(
      ClusterState(), at: Time(seconds: 1_700_000_000),
      EngineConfiguration(version: KubernetesVersion(minor: 36), seed: 1, keepsLog: true),
      controllers: ControllerFactory.workloads)
    engine.gate = Gate()
    let set = Value(
      json: #"""
        {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web"},"spec":
        {"replicas":1500,"selector":{"matchLabels":{"app":"web"}},"template":
        {"metadata":{"labels":{"app":"web"}},"spec":{"containers":[]}}}}
        """#)
    _ = try? engine.perform(.create(set, .replicaSets, namespace: "default"), by: "user")
    engine.run(until: engine.now.advanced(bySeconds: 600))
    #expect(engine.state.count(of: .pods) == 1500)
    let refusals = engine.log.filter { if case .refusal = $0.what { true } else { false } }
    #expect(!refusals.isEmpty)
    let told = engine.log.compactMap { entry -> String? in
      guard case .event(let event) = entry.what, event.reason == "SuccessfulCreate" else {
        return nil
      }
      return event.message
    }
    #expect(Set(told).count == 1500)
  }
}
