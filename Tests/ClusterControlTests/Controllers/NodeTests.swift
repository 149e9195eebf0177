import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Nodes that come, fall silent and go, and their pods (facts 126 to 136, 212).
@Suite struct NodeTests {
  private static func rig(_ nodes: [String], zones: [String: String] = [:]) -> ControllerRig {
    var rig = ControllerRig()
    rig.add(NodeIPAMController())
    rig.add(NodeKubelet())
    rig.add(NodeLifecycleController())
    rig.add(TaintEvictionController())
    rig.add(Kubelet())
    rig.add(PodGCController())
    for name in nodes {
      rig.create(
        #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"\#(name)","labels":"#
          + #"{"topology.kubernetes.io/zone":"\#(zones[name] ?? "z")"}},"#
          + #""spec":{"taints":[{"key":"node.kubernetes.io/not-ready","effect":"NoSchedule"}]}}"#)
    }
    rig.settle()
    return rig
  }

  private static let usual = #"""
    [{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute",
    "tolerationSeconds":300},{"key":"node.kubernetes.io/unreachable","operator":"Exists",
    "effect":"NoExecute","tolerationSeconds":300}]
    """#

  @discardableResult
  private static func pod(
    _ name: String, on node: String, _ rig: inout ControllerRig, tolerations: String = usual
  ) -> ResourceKey {
    rig.create(
      #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"default"},
      "spec":{"nodeName":"\#(node)","tolerations":\#(tolerations),
      "containers":[{"name":"c","image":"i:1"}]},"status":{"phase":"Pending"}}
      """#
    ).key
  }

  private static func node(_ name: String) -> ResourceKey { ResourceKey(.nodes, name: name) }

  private static func fail(_ name: String, _ how: String?, _ rig: inout ControllerRig) {
    rig.edit(node(name)) { value in
      value.change("metadata") { metadata in
        metadata.change("annotations") {
          $0["sim.kmf.dev/node-failure"] = how.map(Value.string)
        }
      }
    }
  }

  private static func taints(_ name: String, _ rig: ControllerRig) -> [String] {
    (rig.state.object(node(name))?.value["spec"]?["taints"]?.list ?? []).compactMap { taint in
      (taint["key"]?.string ?? "").replacing("node.kubernetes.io/", with: "") + ":"
        + (taint["effect"]?.string ?? "")
    }.sorted()
  }

  private static func seconds(_ rig: ControllerRig, _ found: (Change) -> Bool) -> Int64? {
    zip(rig.changes, rig.times).first { found($0.0) }?.1
  }

  @Test func nodesRegister() {
    let rig = Self.rig(["n1", "n2"])
    let nodes = rig.state.objects(.nodes)
    #expect(nodes.allSatisfy { $0.condition("Ready")?["status"] == "True" })
    #expect(Self.taints("n1", rig) == [], "128: no taint once it is ready")
    let ranges = nodes.map { $0.value["spec"]?["podCIDR"]?.string }
    #expect(ranges == ["10.244.0.0/24", "10.244.1.0/24"], "212")
    let addresses = nodes.map { $0.value["status"]?["addresses"]?[0]?["address"]?.string }
    #expect(addresses == ["172.18.0.2", "172.18.0.3"])
    let lease = rig.state.object(
      ResourceKey(.leases, namespace: "kube-node-lease", name: "n1"))
    #expect(lease?.value["spec"]?["leaseDurationSeconds"] == 40, "127")
  }

  @Test func rangesGoRound() {
    var rig = Self.rig(["n1", "n2", "n3"])
    rig.delete(Self.node("n2"))
    rig.create(#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n4"},"spec":{}}"#)
    rig.settle()
    let range = rig.state.object(Self.node("n4"))?.value["spec"]?["podCIDR"]
    #expect(range == "10.244.3.0/24", "212: the next after the last given")
    rig.simulation.podRange = "10.244.0.0/22"
    rig.create(#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n5"},"spec":{}}"#)
    rig.create(#"{"apiVersion":"v1","kind":"Node","metadata":{"name":"n6"},"spec":{}}"#)
    rig.run(until: 3)
    let wrapped = rig.state.object(Self.node("n5"))?.value["spec"]?["podCIDR"]
    #expect(wrapped == "10.244.1.0/24", "212: then from the beginning")
    #expect(rig.state.object(Self.node("n6"))?.value["spec"]?["podCIDR"] == nil)
    #expect(rig.events.contains { $0.hasPrefix("CIDRNotAvailable") }, "212: exhausted")
  }

  @Test func silentNodesAreEmptied() {
    var rig = Self.rig(["n1", "n2", "n3"])
    let pod = Self.pod("web", on: "n1", &rig)
    let loyal = Self.pod("loyal", on: "n1", &rig, tolerations: #"[{"operator":"Exists"}]"#)
    let weak = Self.pod("weak", on: "n1", &rig, tolerations: "[]")
    rig.run(until: 100)
    #expect(rig.state.object(pod)?.pod?.isReady == true)
    Self.fail("n1", "down", &rig)
    rig.run(until: 600)
    let unknown = Self.seconds(rig) {
      $0.key == Self.node("n1") && $0.new?.condition("Ready")?["status"] == "Unknown"
    }
    #expect(unknown == 150, "126: after fifty seconds, at the next look")
    let condition = rig.state.object(Self.node("n1"))?.condition("MemoryPressure")
    #expect(condition?["reason"] == "NodeStatusUnknown", "126")
    let unready = zip(rig.changes, rig.times).first { change, time in
      change.key == pod && time > 100 && change.new?.pod?.isReady == false
    }?.1
    #expect(unready == 150, "131: not ready at once")
    #expect(
      Self.taints("n1", rig) == ["unreachable:NoExecute", "unreachable:NoSchedule"], "128, 129")
    let deleted = { (key: ResourceKey) in
      Self.seconds(rig) { $0.key == key && $0.new?.isTerminating == true }
    }
    #expect(deleted(weak) == 150, "133: no toleration, no delay")
    #expect(deleted(pod) == 450, "132, 133, 135: three hundred seconds later")
    #expect(deleted(loyal) == nil, "133: a toleration without end")
    let reason = rig.state.object(pod)?.condition("DisruptionTarget")?["reason"]
    #expect(reason == "DeletionByTaintManager", "134")
    #expect(rig.state.object(pod) != nil, "135: the object stays while the node is silent")
    Self.fail("n1", nil, &rig)
    rig.run(until: 700)
    #expect(rig.state.object(pod) == nil, "135: until the node is back")
    #expect(Self.taints("n1", rig) == [], "128: taints go")
    let restarted = rig.state.object(loyal)?.value["status"]?["containerStatuses"]?[0]
    #expect(restarted?["restartCount"] == 1, "the node went down with its containers")
    #expect(rig.state.object(loyal)?.pod?.isReady == true)
  }

  @Test func nodesThatComeBackInTimeKeepTheirPods() {
    var rig = Self.rig(["n1", "n2", "n3"])
    let pod = Self.pod("web", on: "n1", &rig)
    rig.run(until: 10)
    Self.fail("n1", "unreachable", &rig)
    rig.run(until: 200)
    #expect(rig.state.object(pod)?.pod?.isReady == false)
    Self.fail("n1", nil, &rig)
    rig.run(until: 900)
    let status = rig.state.object(pod)?.value["status"]
    #expect(rig.state.object(pod)?.pod?.isReady == true, "133: the timer was cancelled")
    #expect(status?["containerStatuses"]?[0]?["restartCount"] == 0, "it ran all the time")
  }

  @Test func zonesAreEmptiedSlowly() {
    struct Case {
      var name: String
      var nodes: Int
      var failing: Int
      var otherZone: Int
      /// How many nodes are tainted a minute and a half after the failure.
      var tainted: Int
    }
    let cases = [
      Case(name: "130: one every ten seconds", nodes: 10, failing: 3, otherZone: 0, tainted: 3),
      Case(
        name: "130: most of a small zone: none", nodes: 10, failing: 6, otherZone: 0, tainted: 0),
      Case(
        name: "130: most of a large zone: one in a hundred seconds", nodes: 60, failing: 40,
        otherZone: 0, tainted: 1),
      Case(name: "130: all zones: none", nodes: 4, failing: 4, otherZone: 0, tainted: 0),
      Case(name: "130: one zone of two", nodes: 4, failing: 4, otherZone: 2, tainted: 4),
    ]
    for one in cases {
      let names = (0..<one.nodes).map { "a\($0)" } + (0..<one.otherZone).map { "b\($0)" }
      var zones: [String: String] = [:]
      for name in names where name.hasPrefix("b") { zones[name] = "y" }
      var rig = Self.rig(names, zones: zones)
      for number in 0..<one.failing { Self.fail("a\(number)", "down", &rig) }
      rig.run(until: 90)
      let tainted = names.count { Self.taints($0, rig).contains("unreachable:NoExecute") }
      #expect(tainted == one.tainted, "\(one.name)")
    }
  }

  @Test func cordonedNodesSayIt() {
    var rig = Self.rig(["n1"])
    rig.edit(Self.node("n1")) { $0.change("spec") { $0["unschedulable"] = true } }
    rig.settle()
    #expect(Self.taints("n1", rig) == ["unschedulable:NoSchedule"], "128")
    rig.edit(Self.node("n1")) { $0.change("spec") { $0["unschedulable"] = nil } }
    rig.settle()
    #expect(Self.taints("n1", rig) == [], "128")
  }

  @Test func podsOfRemovedNodesAreCollected() {
    var rig = Self.rig(["n1", "n2"])
    let pod = Self.pod("web", on: "n1", &rig)
    let loose = rig.create(
      #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"loose","namespace":"default",
      "finalizers":["a/b"]},"spec":{"containers":[{"name":"c","image":"i:1"}]},
      "status":{"phase":"Pending"}}
      """#
    ).key
    rig.run(until: 10)
    rig.delete(Self.node("n1"))
    rig.delete(loose)
    rig.run(until: 200)
    let gone = Self.seconds(rig) { $0.key == pod && $0.new == nil }
    // The first look is at the next full twenty seconds.
    #expect(gone.map { (50...75).contains($0) } == true, "136: \(gone ?? -1)")
    let failed = rig.changes.contains {
      $0.key == pod
        && $0.new?.condition("DisruptionTarget")?["reason"] == "DeletionByPodGC"
        && $0.new?.pod?.phase == .failed
    }
    #expect(failed, "136")
    #expect(rig.state.object(loose)?.pod?.phase == .failed, "136: never bound, to be deleted")
  }
}
