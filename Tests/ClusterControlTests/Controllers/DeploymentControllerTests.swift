import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// The Deployment controller's behaviours, by their numbers in the list of facts.
@Suite struct DeploymentControllerTests {
  /// Facts 28 to 32.
  @Test func surgeAndUnavailabilityAreResolved() {
    let cases: [(IntOrString?, IntOrString?, Int, [Int]?)] = [
      (.string("0%"), .string("0%"), 0, [0, 1]), (.string("39%"), .string("39%"), 10, [4, 3]),
      (nil, nil, 10, [0, 1]), (.string("oops"), .int(0), 10, nil),
      (.int(0), .string("oops"), 10, nil), (.string("1%"), .string("0%"), 3, [1, 0]),
      (.string("0%"), .string("1%"), 3, [0, 1]),
    ]
    for (surge, unavailable, replicas, expected) in cases {
      let found = DeploymentModel.fenceposts(
        surge: surge, unavailable: unavailable, replicas: replicas)
      #expect(found.map { [$0.surge, $0.unavailable] } == expected, "\(replicas)")
    }
    let quarters = [
      1: [1, 0], 2: [1, 0], 3: [1, 0], 4: [1, 1], 5: [2, 1], 8: [2, 2], 10: [3, 2], 100: [25, 25],
    ]
    for (replicas, expected) in quarters {
      let world = DeploymentWorld(replicas: replicas)
      #expect([world.model.surgeMax, world.model.unavailableMax] == expected, "\(replicas)")
    }
  }

  /// Facts 15 and 49 to 58: sizes of ReplicaSets after spec.replicas changed; that comes first, and
  /// no new ReplicaSet with it.
  @Test func scalingIsProportional() {
    let cases: [(from: Int, to: Int, surge: (Int, Int), new: Int?, old: [Int], expected: [Int])] = [
      (10, 12, (0, 0), 10, [], [12]), (5, 10, (0, 0), 2, [3], [4, 6]),
      (5, 3, (0, 0), 2, [3], [1, 2]), (9, 4, (0, 0), 8, [1], [4, 0]),
      (7, 10, (0, 0), 2, [3, 2], [3, 4, 3]), (13, 8, (0, 0), 2, [8, 3], [1, 5, 2]),
      (3, 4, (0, 0), 1, [1, 1], [2, 1, 1]), (3, 2, (0, 0), 1, [1, 1], [1, 1, 0]),
      (4, 5, (0, 0), nil, [2, 2], [3, 2]), (6, 0, (0, 0), 3, [2, 1], [0, 0, 0]),
      (0, 6, (0, 0), 0, [], [6]), (10, 20, (2, 2), 6, [6], [11, 11]),
      (10, 50, (3, 6), 5, [8], [22, 34]),
    ]
    for (place, one) in cases.enumerated() {
      var world = DeploymentWorld(
        replicas: one.to, surge: .int(Int64(one.surge.1)), unavailable: 0)
      // Newest first, as the cases count: the new one, then the old ones.
      let sizes = (one.new.map { [$0] } ?? []) + one.old
      for (age, size) in sizes.enumerated() {
        let version = age == 0 && one.new != nil ? "now" : "old\(age)"
        world.add(
          version, size, created: 1000 - age, desired: one.from, most: one.from + one.surge.0)
      }
      world.setStatus(["replicas": .int(Int64(sizes.reduce(0, +)))])
      world.sync()
      let found = sizes.indices.map { age in
        world.size(age == 0 && one.new != nil ? "now" : "old\(age)")
      }
      #expect(found == one.expected, "case \(place): \(found)")
    }
  }

  /// Facts 17 to 27: names, labels, annotations, revisions, history.
  @Test func theNewReplicaSetCarriesWhatItShould() {
    var world = DeploymentWorld(replicas: 3)
    world.annotate(["team": "red", DeploymentAnnotation.lastApplied: "{}"])
    world.sync()
    let set = world.sets.first
    let hash = set?.labels[PodTemplateHash.label]?.string ?? ""
    #expect(set?.name == "web-" + hash && !hash.isEmpty)
    #expect(set?.annotation("team") == "red")
    #expect(set?.annotation(DeploymentAnnotation.lastApplied) == nil)
    #expect(set?.annotation(DeploymentAnnotation.desiredReplicas) == "3")
    #expect(set?.annotation(DeploymentAnnotation.maxReplicas) == "4")
    #expect(set?.annotation(DeploymentAnnotation.revision) == "1")
    #expect(set?.value["spec"]?["selector"]?["matchLabels"]?[PodTemplateHash.label]?.string == hash)
    #expect(world.object.annotation(DeploymentAnnotation.revision) == "1")
    #expect(world.reason("Progressing") == "NewReplicaSetCreated")

    world.change { $0["template"] = DeploymentWorld.template("then") }
    world.sync()
    world.change { $0["template"] = DeploymentWorld.template("now") }
    world.sync()
    let first = world.sets.first { $0.name == set?.name }
    #expect(first?.annotation(DeploymentAnnotation.revision) == "3")
    #expect(first?.annotation(DeploymentAnnotation.revisionHistory) == "1")
  }

  /// Facts 25 and 26.
  @Test func refusedCreationsAreSaid() {
    var world = DeploymentWorld(replicas: 1)
    world.sync()
    let name = world.sets.first?.name ?? ""
    var other = DeploymentWorld(replicas: 1)
    other.occupy(name)
    other.sync()
    #expect(other.status?["collisionCount"] == 1)
    other.sync()
    #expect(other.sets.count == 2 && other.sets.contains { $0.name != name })

    var refused = DeploymentWorld(replicas: 1)
    refused.refusal = WriteRefusal(.forbidden, "exceeded quota")
    refused.sync()
    #expect(refused.reason("Progressing") == "ReplicaSetCreateError")
    #expect(refused.lastDecision.isRetry)
    refused.refusal = WriteRefusal(.namespaceTerminating, "going")
    #expect(DeploymentWorld(replicas: 1).reason("Progressing") == nil)
  }

  /// Facts 59 to 62.
  @Test func oldReplicaSetsAreCleanedUp() {
    var world = DeploymentWorld(replicas: 1)
    world.change { $0["revisionHistoryLimit"] = 1 }
    world.add("now", 1, created: 100, revision: 9)
    for age in 1...3 { world.add("old\(age)", 0, created: 10 + age, revision: age) }
    world.complete()
    world.sync()
    #expect(world.sets.map { world.version($0) }.sorted() == ["now", "old3"])
  }

  /// Facts 12, 13 and 65 to 75: deadlines are per step; pausing is said and rests them.
  @Test func progressHasADeadline() {
    var world = DeploymentWorld(replicas: 2)
    for _ in 0..<4 { world.sync() }
    #expect(world.lastDecision.checkAgain == .seconds(598))
    world.pass(seconds: 601)
    world.sync()
    #expect(world.reason("Progressing") == "ProgressDeadlineExceeded")
    #expect(world.reason("Available") == "MinimumReplicasUnavailable")

    var paused = DeploymentWorld(replicas: 2)
    paused.sync()
    paused.change { $0["paused"] = true }
    paused.sync()
    #expect(paused.reason("Progressing") == "DeploymentPaused")
    paused.change { $0["template"] = DeploymentWorld.template("then") }
    paused.sync()
    #expect(paused.sets.count == 1)
    paused.change { $0["replicas"] = 5 }
    paused.sync()
    #expect(paused.size("now") == 5, "13: a paused Deployment is scaled all the same")
    paused.change { $0["paused"] = nil }
    paused.sync()
    #expect(paused.sets.count == 2)

    var endless = DeploymentWorld(replicas: 1)
    endless.change { $0["progressDeadlineSeconds"] = .int(Int64(Int32.max)) }
    endless.sync()
    #expect(endless.reason("Progressing") == nil)
  }

  /// Fact 76: going back by annotation; 8: an empty selector; 9: adoption and release.
  @Test func rareRequestsAreAnswered() {
    var world = DeploymentWorld(replicas: 1)
    world.sync()
    world.change { $0["template"] = DeploymentWorld.template("then") }
    world.sync()
    world.annotate([DeploymentAnnotation.rollbackTo: "0"])
    world.sync()
    #expect(world.object.value["spec"]?["template"] == DeploymentWorld.template("now"))
    #expect(world.object.annotation(DeploymentAnnotation.rollbackTo) == nil)
    #expect(world.events.contains("DeploymentRollback"))
    world.annotate([DeploymentAnnotation.rollbackTo: "77"])
    world.sync()
    #expect(world.events.contains("DeploymentRollbackRevisionNotFound"))

    world.annotate([DeploymentAnnotation.rollbackTo: "the first one"])
    world.change { $0["template"] = DeploymentWorld.template("later") }
    world.sync()
    #expect(world.size("later") >= 0, "14: what is no number is no request")

    var empty = DeploymentWorld(replicas: 1)
    empty.change { $0["selector"] = .emptyMap }
    empty.sync()
    #expect(empty.events == ["SelectingAll"] && empty.sets.isEmpty)

    var orphans = DeploymentWorld(replicas: 1)
    orphans.add("now", 1, created: 5, isOwned: false)
    orphans.sync()
    #expect(orphans.sets.first?.controller?.name == "web")
    orphans.relabel("now", ["app": "other"])
    orphans.sync()
    #expect(orphans.sets.first?.controller == nil)
  }

  /// Fact 10: pods belong to the ReplicaSet whose uid their owner has, if the selector finds them.
  @Test func podsAreGroupedByTheirOwners() {
    let own: Value = ["app": "web", "version": "old"]
    let cases: [(labels: Value, owner: String?, phase: String, isWaitedFor: Bool)] = [
      (own, "old", "Running", true), (own, "old", "Pending", true), (own, "old", "Failed", false),
      (own, "other", "Running", false), (own, nil, "Running", false),
      (["app": "other"], "old", "Running", false),
    ]
    for one in cases {
      var world = DeploymentWorld(replicas: 1)
      world.change { $0["strategy"] = ["type": "Recreate"] }
      world.add("old", 0, created: 100)
      world.addPod(labels: one.labels, owner: one.owner, phase: one.phase)
      world.sync()
      #expect(world.sets.count == (one.isWaitedFor ? 1 : 2), "\(one)")
    }
  }

  /// Facts 11, 16 and 44.
  @Test func someDeploymentsAreLeftAlone() {
    var going = DeploymentWorld(replicas: 2)
    going.delete()
    going.sync()
    #expect(going.sets.isEmpty && going.status?["observedGeneration"] != nil, "11: status only")

    var strange = DeploymentWorld(replicas: 2)
    strange.change { $0["strategy"] = ["type": "Sometimes"] }
    strange.sync()
    #expect(strange.lastDecision.isRetry && strange.sets.isEmpty, "16")

    // Nine pods are still stopping, and nobody counts them.
    var crowded = DeploymentWorld(replicas: 3, surge: 1, unavailable: 0)
    crowded.add("now", 1, created: 200, desired: 3, most: 4)
    crowded.add("old", 2, created: 100, desired: 3, most: 4, terminating: 9)
    crowded.sync()
    #expect(crowded.size("now") == 2, "44")
  }
}
