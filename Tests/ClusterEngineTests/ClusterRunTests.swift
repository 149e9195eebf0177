import ClusterControl
import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterEngine

/// A whole cluster in virtual time: all controllers, simulated nodes, a Service in front.
@Suite struct ClusterRunTests {
  @Test func anApplicationComesUpMovesAndGoes() {
    var cluster = RunningCluster(nodes: 3)
    cluster.apply(RunningCluster.shop(replicas: 6))
    cluster.run(seconds: 60)
    #expect(cluster.available("web") == 6)
    #expect(cluster.endpoints("web").count == 6)
    #expect(cluster.subsetCount("web") == 6)
    #expect(Set(cluster.podAddresses).count == 6, "every pod has its own address")
    let budget = cluster.object(.podDisruptionBudgets, "web")?.value["status"]
    #expect(budget?["disruptionsAllowed"] == 2)
    for (resource, name) in [
      (GroupResource.serviceAccounts, "default"), (.configMaps, "kube-root-ca.crt"),
    ] { #expect(cluster.object(resource, name) != nil, "142, 144: \(name)") }

    // A node dies: its pods leave the endpoints within a minute, and move after five more.
    let lost = cluster.pods(on: "n1")
    #expect(lost.count == 2)
    cluster.fail("n1", "down")
    cluster.run(seconds: 60)
    #expect(cluster.endpoints("web").count == 4, "131, 135")
    #expect(cluster.available("web") == 4)
    cluster.run(seconds: 300)
    #expect(cluster.available("web") == 6, "135: moved after 350 seconds")
    let stranded = cluster.pods(on: "n1").count { $0.isTerminating }
    #expect(stranded == 2, "135: the objects stay")
    cluster.fail("n1", nil)
    cluster.run(seconds: 60)
    #expect(cluster.pods(on: "n1").isEmpty, "135: until the node is back")

    // A pod that is to go leaves the endpoints at once, and its node when it has stopped.
    let leaving = cluster.deletePod(on: "n2")
    cluster.run(seconds: 0)
    #expect(cluster.endpoints("web").count == 5, "206: in parallel with TERM")
    #expect(cluster.object(.pods, leaving)?.isTerminating == true, "205: the object stays")
    cluster.run(seconds: 30)
    #expect(cluster.object(.pods, leaving) == nil, "205: until everything has stopped")
    #expect(cluster.endpoints("web").count == 6)

    cluster.deleteNamespace("shop")
    cluster.run(seconds: 120)
    let left = cluster.everything(in: "shop")
    #expect(left.isEmpty, "231: \(left)")
    #expect(cluster.state.object(ResourceKey(.namespaces, name: "shop")) == nil)
  }

  /// Every command of a user ends the controllers and starts them anew: that must change nothing.
  @Test func controllersThatBeginAnewGoOn() {
    var steady = RunningCluster(nodes: 3)
    steady.apply(RunningCluster.shop(replicas: 6))
    steady.run(seconds: 90)
    let quiet = steady.restarted()
    #expect(quiet.isEmpty, "written for nothing: \(quiet)")

    var cluster = RunningCluster(nodes: 3)
    cluster.restartSeconds = 0.7
    cluster.apply(RunningCluster.shop(replicas: 6))
    cluster.run(seconds: 20)
    cluster.restartSeconds = 5.3
    #expect(cluster.available("web") == 6)
    #expect(cluster.endpoints("web").count == 6)
    let pulls = cluster.eventCounts("Pulling")
    #expect(pulls.allSatisfy { $0 == 1 } && pulls.count <= 6, "told once: \(pulls)")
    cluster.fail("n1", "down")
    cluster.run(seconds: 60)
    #expect(cluster.endpoints("web").count == 4, "135")
    cluster.run(seconds: 300)
    #expect(cluster.available("web") == 6, "135")
    cluster.fail("n1", nil)
    cluster.run(seconds: 60)
    #expect(cluster.pods(on: "n1").isEmpty, "135")
    cluster.fail("n2", "down")
    cluster.run(seconds: 20)
    cluster.fail("n2", nil)
    cluster.run(seconds: 60)
    #expect(cluster.available("web") == 6)
    let restarts = cluster.restartCounts(on: "n2")
    #expect(
      restarts.allSatisfy { $0 == 1 } && !restarts.isEmpty, "what ran has crashed: \(restarts)")
  }

  @Test func aBrokenImageStallsTheRolloutAndTheOldPodsServe() {
    var cluster = RunningCluster(nodes: 3)
    cluster.apply(RunningCluster.shop(replicas: 4))
    cluster.run(seconds: 60)
    cluster.setImage("web", to: "registry.invalid/web:2")
    cluster.run(seconds: 900)
    #expect(cluster.available("web") == 3, "43: one may be missing")
    let reasons = Set(cluster.waitingReasons)
    #expect(reasons == ["ImagePullBackOff"], "198: \(reasons)")
    let progressing = cluster.object(.deployments, "web")?.condition("Progressing")
    #expect(progressing?["reason"] == "ProgressDeadlineExceeded", "70")
    #expect(cluster.endpoints("web").count == 3)
    let image = cluster.object(.deployments, "web")?.value["spec"]?["template"]?["spec"]?[
      "containers"]?[0]?["image"]
    #expect(image == "registry.invalid/web:2", "78: nobody goes back by himself")
    cluster.setImage("web", to: "web:1")
    cluster.run(seconds: 120)
    #expect(cluster.available("web") == 4)
    #expect(cluster.waitingReasons.isEmpty)
  }

  /// Everything at once, in any order, on late caches; then quiet.
  @Test func theClusterComesToRestWhateverHappened() {
    for seed in SimulationTests.seeds(usual: 12) {
      var faults = Faults.heavy
      faults.nodeFailurePercent = 1
      var simulation = Simulation(
        RunningCluster.started(nodes: 3), at: RunningCluster.start,
        version: KubernetesVersion(minor: 36), seed: seed, faults: faults,
        controllers: RunningCluster.controllers)
      for object in RunningCluster.shop(replicas: 4) {
        simulation.perform(RunningCluster.creation(object), by: "user")
      }
      for _ in 0..<1500 { simulation.turn() }
      simulation.calm()
      let end = simulation.engine.now.advanced(bySeconds: 2000)
      var turns = 0
      while simulation.engine.now < end, turns < 60_000, simulation.turn() { turns += 1 }
      let cluster = RunningCluster(simulation.engine)
      #expect(cluster.available("web") == 4, "seed \(seed) after \(turns) turns")
      #expect(cluster.endpoints("web").count == 4, "seed \(seed)")
      #expect(simulation.watch.breaches.isEmpty, "seed \(seed): \(simulation.watch.breaches)")
    }
  }
}
