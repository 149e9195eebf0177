import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Who has to go for whom.
@Suite struct PreemptionTests {
  private func important(_ priority: Int, _ more: String = "") -> String {
    "\"priority\":\(priority)\(more)"
  }

  @Test func makesRoom() {
    var world = SchedulingWorld()
    world.node("n", cpu: "2")
    world.pod("low1", cpu: "1", on: "n", spec: important(1))
    world.pod("low2", cpu: "1", on: "n", spec: important(2))
    world.pod("p", cpu: "1", spec: important(10))
    world.settle()
    // 183: the less important of the two is enough.
    #expect(world.object("low1")?.isTerminating == true)
    #expect(world.object("low2")?.isTerminating == false)
    // 185.
    let condition = world.object("low1")?.condition("DisruptionTarget")
    #expect(condition?["reason"] == "PreemptionByScheduler")
    #expect(world.object("p")?.value["status"]?["nominatedNodeName"] == "n")
    #expect(world.rig.events.contains { $0.hasPrefix("Preempted Preempted by pod ") })
    #expect(world.trouble("p") == "0/1 nodes are available: 1 Insufficient cpu.")
    // 162: its room is kept for it.
    world.remove("low1")
    world.pod("thief", cpu: "1", spec: important(5))
    world.settle()
    #expect(world.place("p") == "n")
    #expect(world.object("p")?.value["status"]?["nominatedNodeName"] == nil)
    #expect(world.place("thief") == nil)
    #expect(world.object("low2")?.isTerminating == true, "the thief finds its own victim")
  }

  @Test func whoMayNot() {
    // 181.
    var world = SchedulingWorld(version: 33)
    world.node("n", cpu: "2")
    world.pod("low", cpu: "2", on: "n", spec: important(1))
    world.pod("p", cpu: "1", spec: important(10, #","preemptionPolicy":"Never""#))
    world.pod("q", cpu: "1", spec: important(1))
    world.settle()
    #expect(
      world.trouble("p") == "0/1 nodes are available: 1 Insufficient cpu. preemption: not"
        + " eligible due to preemptionPolicy=Never.")
    #expect(
      world.trouble("q") == "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes"
        + " are available: 1 No preemption victims found for incoming pod.")
    // 182: where the node itself is the reason, nobody has to go.
    world.pod("r", cpu: "3", spec: important(10))
    world.settle()
    #expect(world.trouble("r")?.contains("1 Preemption is not helpful") == true)
    #expect(world.object("low")?.isTerminating == false)
  }

  @Test func budgets() {
    // 183: pods without disruptions to spare stay if others can go.
    var world = SchedulingWorld()
    world.rig.create(
      #"{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"b","namespace":"#
        + #""default"},"spec":{"selector":{"matchLabels":{"app":"kept"}}},"status":"#
        + #"{"disruptionsAllowed":0}}"#)
    world.node("n", cpu: "2")
    world.pod("kept", cpu: "1", labels: "app=kept", on: "n", spec: important(1))
    world.pod("free", cpu: "1", on: "n", spec: important(2))
    world.pod("p", cpu: "1", spec: important(10))
    world.settle()
    #expect(world.object("kept")?.isTerminating == false)
    #expect(world.object("free")?.isTerminating == true)
  }

  @Test func choice() {
    // 184: the first difference decides.
    typealias Sketch = (violations: Int, victims: [(priority: Int64, started: Int64)])
    let table: [(name: String, nodes: [Sketch], best: Int32)] = [
      ("fewest violations", [(1, [(1, 0)]), (0, [(5, 0), (5, 0)])], 1),
      ("lowest highest priority", [(0, [(5, 0)]), (0, [(4, 0), (4, 0)])], 1),
      ("smallest sum", [(0, [(5, 0), (4, 0)]), (0, [(5, 0), (3, 0)])], 1),
      ("fewest victims", [(0, [(5, 0), (5, 0)]), (0, [(5, 0)])], 1),
      ("latest start", [(0, [(5, 10)]), (0, [(5, 20)]), (0, [(5, 15)])], 1),
      ("the first", [(0, [(5, 10)]), (0, [(5, 10)])], 0),
    ]
    let key = ResourceKey(.pods, namespace: "default", name: "p")
    let pod = ClusterObject(key: key, value: .emptyMap, revision: 1)
    for (name, nodes, best) in table {
      let candidates = nodes.enumerated().map { place, node in
        Preemption.Candidate(
          node: Int32(place),
          victims: node.victims.map {
            Preemption.Victim(
              slot: 0, pod: pod, priority: $0.priority, started: Time(seconds: $0.started))
          }, violations: node.violations)
      }
      #expect(Preemption.best(candidates)?.node == best, "184 \(name)")
    }
  }
}
