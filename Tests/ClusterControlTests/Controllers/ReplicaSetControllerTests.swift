import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// The ReplicaSet controller's behaviours, by their numbers in the list of facts.
@Suite struct ReplicaSetControllerTests {
  /// Facts 98, 99 and 101.
  @Test func missingPodsAreMadeInGrowingBatches() {
    var world = ReplicaSetWorld(replicas: 12)
    let decision = world.plan()
    let batches = decision.steps.map { step in
      step.actions.count { if case .create = $0 { true } else { false } }
    }.filter { $0 > 0 }
    #expect(batches == [1, 2, 4, 5])
    world.carryOut(decision)
    #expect(world.pods.count == 12)
    let pod = world.pods.first
    #expect(pod?.name.hasPrefix("web-") == true && pod?.name.count == 9)
    #expect(pod?.controller?.uid == world.set.uid && pod?.labels["app"] == "web")

    var crowd = ReplicaSetWorld(replicas: 1200)
    crowd.carryOut(crowd.plan())
    #expect(crowd.pods.count == ReplicaSetController.burstMax)
  }

  /// Fact 94: what was asked for and is not seen yet is not asked for again.
  @Test func expectationsHoldUntilSeenOrOld() {
    var world = ReplicaSetWorld(replicas: 2)
    _ = world.plan()
    #expect(world.creations(world.plan()) == 0)
    world.pass(seconds: 301)
    #expect(world.creations(world.plan()) == 2)
    world.sawCreation()
    world.sawCreation()
    #expect(world.creations(world.plan()) == 2)
  }

  /// Facts 96, 97 and 104: which pods count.
  @Test func podsAreClaimedAndCounted() {
    var world = ReplicaSetWorld(replicas: 5)
    world.addPod("own", ready: 10)
    world.addPod("orphan", isOwned: false)
    world.addPod("other", labels: ["app": "other"])
    world.addPod("done", phase: "Succeeded")
    world.addPod("going", isTerminating: true)
    world.carryOut(world.plan())
    #expect(world.pod("orphan")?.controller?.uid == world.set.uid)
    #expect(world.pod("other")?.controller == nil)
    let status = world.set.value["status"]
    #expect(status?["replicas"] == 2 && status?["readyReplicas"] == 1)
    #expect(status?["fullyLabeledReplicas"] == 2 && status?["terminatingReplicas"] == 1)
  }

  /// Facts 104 and 107: availability comes with time.
  @Test func podsBecomeAvailableWithTime() {
    var world = ReplicaSetWorld(replicas: 2, minReadySeconds: 30)
    world.addPod("a", ready: 10)
    world.addPod("b", ready: 40)
    let decision = world.plan()
    #expect(decision.checkAgain == .seconds(20))
    world.carryOut(decision)
    #expect(world.set.value["status"]?["availableReplicas"] == 1)
  }

  /// Facts 105, 93 and 99: refusals are said, retried, and end the batches.
  @Test func refusalsAreSaid() {
    var world = ReplicaSetWorld(replicas: 4)
    let decision = world.plan()
    guard let first = decision.steps.first?.actions.first else { return }
    let rest = decision.steps.dropFirst().flatMap(\.actions)
    let after = world.recover(
      Failure(
        refusals: [(first, WriteRefusal(.forbidden, "exceeded quota"))], skipped: rest))
    #expect(after.isRetry)
    world.carryOut(after)
    #expect(world.set.condition("ReplicaFailure")?["reason"] == "FailedCreate")
    #expect(world.creations(world.plan()) == 4)

    var going = ReplicaSetWorld(replicas: 1)
    let plan = going.plan()
    let creation = plan.steps[0].actions[0]
    let end = going.recover(
      Failure(
        refusals: [(creation, WriteRefusal(.namespaceTerminating, ""))], skipped: []))
    #expect(!end.isRetry)
  }

  /// Facts 100 and 103: all at once up to a limit; which ones does not matter where all are to go.
  @Test func podsTooManyAreDeleted() {
    var world = ReplicaSetWorld(replicas: 0)
    world.addPod("ready", ready: 10)
    world.addPod("pending", phase: "Pending")
    let decision = world.plan()
    let step = decision.steps.first { step in
      step.actions.contains { if case .delete = $0 { true } else { false } }
    }
    #expect(step?.actions.count == 2 && step?.tolerates.contains(.notFound) == true)
    let refused = step?.actions.first.map { ($0, WriteRefusal(.internal, "no answer")) }
    #expect(world.deletions(world.plan()) == 0, "expected, and not seen yet")
    let after = world.recover(Failure(refusals: refused.map { [$0] } ?? [], skipped: []))
    #expect(after.isRetry)
    world.carryOut(after)
    #expect(world.set.condition("ReplicaFailure")?["reason"] == "FailedDelete", "105")
    // The other one has gone meanwhile.
    for pod in world.pods where pod.key != refused?.0.key { world.see(pod, gone: true) }
    #expect(world.deletions(world.plan()) == 1)

    var crowd = ReplicaSetWorld(replicas: 0)
    for number in 0..<700 { crowd.addPod("p\(number)") }
    #expect(crowd.deletions(crowd.plan()) == ReplicaSetController.burstMax)
  }

  /// Facts 106 and 108: the status says which version it is about; pods that change hands or become
  /// ready wake whom it concerns.
  @Test func changesWakeWhomTheyConcern() {
    var world = ReplicaSetWorld(replicas: 1, minReadySeconds: 30)
    world.addRelated("n")
    world.addPod("a")
    world.carryOut(world.plan())
    #expect(world.set.value["status"]?["observedGeneration"] == 1, "106")
    #expect(world.plan().actions.isEmpty, "106: only what changed is written")
    let before = world.pod("a")
    world.addPod("a", ready: 0)
    let ready = world.wakes(before, world.pod("a"))
    #expect(ready == ["web", "web after 31 s"], "108: \(ready)")
    let mine = world.pod("a")
    world.addPod("a", ready: 0, labels: ["app": "sibling"], owner: "sibling")
    let moved = world.wakes(mine, world.pod("a"))
    #expect(moved == ["web", "sibling"], "108: \(moved)")
  }

  /// Fact 109.
  @Test func aReplicaSetOnItsWayOutMakesNothing() {
    var world = ReplicaSetWorld(replicas: 3, isTerminating: true)
    #expect(world.creations(world.plan()) == 0)
  }

  /// Fact 102: in each pair the first pod goes before the second.
  @Test func leastValuablePodsGoFirst() {
    for (name, build) in Self.rankingCases {
      var world = ReplicaSetWorld(replicas: 1)
      build(&world)
      world.carryOut(world.plan())
      #expect(world.pod("first")?.isActivePod != true, "\(name)")
      #expect(world.pod("second")?.isActivePod == true, "\(name)")
    }
  }

  private typealias Build = @Sendable (inout ReplicaSetWorld) -> Void
  private static let rankingCases: [(String, Build)] = [
    (
      "not assigned",
      { w in
        w.addPod("first", node: nil)
        w.addPod("second", node: "n")
      }
    ),
    (
      "pending",
      { w in
        w.addPod("first", phase: "Pending")
        w.addPod("second")
      }
    ),
    (
      "unknown",
      { w in
        w.addPod("first", phase: "Unknown")
        w.addPod("second")
      }
    ),
    (
      "not ready",
      { w in
        w.addPod("first")
        w.addPod("second", ready: 5)
      }
    ),
    (
      "cost",
      { w in
        w.addPod("first", cost: "-5")
        w.addPod("second", cost: "+9")
      }
    ),
    (
      "cost that is none",
      { w in
        w.addPod("first", cost: "007")
        w.addPod("second", cost: "1")
      }
    ),
    (
      "crowded node",
      { w in
        w.addPod("first", node: "full")
        w.addPod("second", node: "empty")
        w.addRelated("full")
      }
    ),
    (
      "ready later",
      { w in
        w.addPod("first", ready: 10)
        w.addPod("second", ready: 100)
      }
    ),
    (
      "ready in the same power of two: by uid",
      { w in
        w.addPod("first", uid: "a", ready: 10)
        w.addPod("second", uid: "b", ready: 9)
      }
    ),
    (
      "restarts",
      { w in
        w.addPod("first", ready: 9, restarts: 3)
        w.addPod("second", ready: 9, restarts: 1)
      }
    ),
    (
      "younger",
      { w in
        w.addPod("first", age: 10)
        w.addPod("second", age: 1000)
      }
    ),
  ]
}
