import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// The order in which pods are tried, and when they are tried again.
@Suite struct QueueTests {
  @Test func order() {
    // 153: the most important first, then who came first.
    var queue = SchedulingQueue()
    let start = Time(seconds: 1000)
    for (slot, priority, second) in [(1, 0, 0), (2, 10, 5), (3, 10, 3), (4, 5, 1), (5, 0, 0)] {
      queue.add(
        Int32(slot), 0, priority: Int64(priority), at: start.advanced(bySeconds: Int64(second)),
        isGated: false)
    }
    queue.add(6, 0, priority: 99, at: start, isGated: true)
    var tried: [Int32] = []
    while let slot = queue.pop(at: start, isEager: true) { tried.append(slot) }
    #expect(tried == [3, 2, 4, 1, 5])
  }

  @Test func backoff() {
    // 154.
    let seconds = (1...7).map { SchedulingQueue.backoff(attempts: $0).components.seconds }
    #expect(seconds == [1, 2, 4, 8, 10, 10, 10])
    for (version, waits) in [(32, true), (33, false)] {
      var world = SchedulingWorld(version: version)
      world.pod("p", cpu: "1")
      world.settle()
      #expect(world.trouble("p") == "no nodes available to schedule pods")
      world.node("n")
      world.settle()
      // Newer schedulers do not let a pod wait while they have nothing to do.
      #expect((world.place("p") == nil) == waits, "1.\(version)")
      world.rig.run(until: 1)
      #expect(world.place("p") == "n", "1.\(version)")
    }
  }

  @Test func helpfulChanges() {
    // 155: only changes that may help.
    var world = SchedulingWorld()
    world.node("n", cpu: "1")
    world.pod("q", cpu: "1", on: "n")
    world.pod("p", cpu: "1")
    world.settle()
    let failures = { (world: SchedulingWorld) in
      world.rig.events.count { $0.hasPrefix("FailedScheduling") }
    }
    #expect(failures(world) == 1)
    world.node("small", cpu: "500m")
    world.settle()
    #expect(failures(world) == 1, "a node that is too small")
    world.node("tainted", spec: #""taints":[{"key":"k","effect":"NoExecute"}]"#)
    world.settle()
    #expect(failures(world) == 1, "a node that is closed")
    world.rig.edit(ResourceKey(.nodes, name: "tainted")) { node in
      node.change("spec") { $0["taints"] = nil }
    }
    world.rig.run(until: 5)
    #expect(world.place("p") == "tainted")
    #expect(world.rig.events.last == "Scheduled Successfully assigned default/p to tainted")
  }

  @Test func longWaits() {
    // 155: after five minutes even without a helpful change, if anything changed at all.
    var world = SchedulingWorld()
    world.node("n", cpu: "1")
    world.pod("p", cpu: "2")
    world.rig.run(until: 1000)
    #expect(world.rig.events.count == 1)
    world.pod("q", cpu: "500m")
    world.rig.run(until: 1400)
    #expect(world.rig.events.count { $0.hasPrefix("FailedScheduling") } == 2)
  }

  @Test func gates() {
    // 156.
    var world = SchedulingWorld()
    world.node("n")
    world.pod("p", spec: #""schedulingGates":[{"name":"g"}]"#)
    world.settle()
    #expect(world.place("p") == nil)
    #expect(world.object("p")?.condition("PodScheduled")?["reason"] == "SchedulingGated")
    world.rig.edit(world.key("p")) { pod in pod.change("spec") { $0["schedulingGates"] = nil } }
    world.settle()
    #expect(world.place("p") == "n")
    let condition = world.object("p")?.condition("PodScheduled")
    #expect(condition?["status"] == "True")
    #expect(condition?["reason"] == nil)
  }

  @Test func othersPods() {
    // 165: pods with a node, and pods of other schedulers.
    var world = SchedulingWorld()
    world.node("n")
    world.pod("mine")
    world.pod("theirs", spec: #""schedulerName":"another""#)
    world.pod("placed", on: "m")
    world.settle()
    #expect(world.place("mine") == "n")
    #expect(world.place("theirs") == nil)
    #expect(world.object("placed")?.condition("PodScheduled") == nil)
  }

  @Test func messages() {
    // 157: reasons are sorted as text, counts first.
    var world = SchedulingWorld(version: 33)
    for number in 1...2 { world.node("cordoned\(number)", spec: #""unschedulable":true"#) }
    for number in 1...10 { world.node("small\(number)", cpu: "1") }
    world.node("tainted", spec: #""taints":[{"key":"k","value":"v","effect":"NoSchedule"}]"#)
    world.pod("p", cpu: "2")
    world.settle()
    #expect(
      world.trouble("p")
        == "0/13 nodes are available: 1 node(s) had untolerated taint {k: v}, 10 Insufficient cpu,"
        + " 2 node(s) were unschedulable. preemption: 0/13 nodes are available: 13 Preemption is"
        + " not helpful for scheduling.")
    #expect(world.rig.events == ["FailedScheduling \(world.trouble("p") ?? "")"])
  }

  /// Restarted in the middle, or told half of what happened, it ends with the same places.
  @Test func startsAnew() {
    var world = SchedulingWorld()
    for number in 0..<4 { world.node("n\(number)", cpu: "2") }
    for number in 0..<6 { world.pod("p\(number)", cpu: "1") }
    world.settle()
    world.rig.restart(0)
    for number in 6..<10 { world.pod("p\(number)", cpu: "1") }
    world.rig.run(until: 20)
    var counts: [String: Int] = [:]
    for number in 0..<10 { counts[world.place("p\(number)") ?? "none", default: 0] += 1 }
    #expect(counts == ["n0": 2, "n1": 2, "n2": 2, "n3": 2, "none": 2])
  }
}
