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
