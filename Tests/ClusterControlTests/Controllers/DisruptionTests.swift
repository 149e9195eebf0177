import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// How many pods a budget lets go (facts 137 to 139).
@Suite struct DisruptionTests {
  @Test func budgetsAllowWhatTheySay() {
    struct Case {
      var name: String
      var spec: String
      var replicas = 10
      var pods = 10
      var ready = 10
      /// expected, healthy, desired, allowed.
      var numbers: [Int64]
    }
    let cases = [
      Case(name: "137: a number counts pods", spec: #""minAvailable":8"#, numbers: [10, 10, 8, 2]),
      Case(
        name: "137: a share is of what the controller wants", spec: #""minAvailable":"50%""#,
        replicas: 20, numbers: [20, 10, 10, 0]),
      Case(name: "138: rounded up", spec: #""minAvailable":"28%""#, numbers: [10, 10, 3, 7]),
      Case(
        name: "138: rounded up here, too", spec: #""maxUnavailable":"28%""#,
        numbers: [10, 10, 7, 3]),
      Case(
        name: "137: maxUnavailable", spec: #""maxUnavailable":1"#, replicas: 12, ready: 12,
        numbers: [12, 10, 11, 0]),
      Case(name: "138: not below zero", spec: #""maxUnavailable":50"#, numbers: [10, 10, 0, 10]),
      Case(
        name: "139: only ready ones are healthy", spec: #""minAvailable":5"#, ready: 6,
        numbers: [10, 6, 5, 1]),
      Case(
        name: "139: none to expect, none to lose", spec: #""minAvailable":0"#, pods: 0,
        numbers: [0, 0, 0, 0]),
      Case(
        name: "139: never negative", spec: #""minAvailable":9"#, ready: 3,
        numbers: [10, 3, 9, 0]),
    ]
    for one in cases {
      var rig = Self.rig(one.spec, replicas: one.replicas)
      let set = rig.state.objects(.replicaSets).first
      for number in 0..<one.pods {
        rig.create(Self.pod("p\(number)", ready: number < one.ready, owner: set))
      }
      rig.settle()
      #expect(Self.numbers(rig) == one.numbers, "\(one.name)")
    }
  }

  @Test func evictedPodsCountOnlyForAWhile() {
    var rig = Self.rig(#""minAvailable":2"#, replicas: 3)
    let set = rig.state.objects(.replicaSets).first
    for number in 0..<3 { rig.create(Self.pod("p\(number)", ready: true, owner: set)) }
    rig.settle()
    #expect(Self.numbers(rig) == [3, 3, 2, 1])
    let now = rig.now.description
    rig.edit(Self.budget) { value in
      value.change("status") { $0["disruptedPods"] = ["p0": .string(now)] }
    }
    rig.run(until: 60)
    #expect(Self.numbers(rig) == [3, 2, 2, 0], "139: its eviction was granted")
    rig.run(until: 125)
    #expect(Self.numbers(rig) == [3, 3, 2, 1], "139: for two minutes")
  }

  @Test func unknownControllersAreAFault() {
    var rig = Self.rig(#""maxUnavailable":1"#, replicas: 1)
    rig.create(
      Self.pod("p", ready: true, owner: nil).replacing(
        #""labels""#,
        with: #""ownerReferences":[{"kind":"X","name":"x","uid":"1","controller":true}],"labels""#))
    rig.settle()
    let budget = rig.state.object(Self.budget)
    #expect(budget?.condition("DisruptionAllowed")?["reason"] == "SyncFailed", "137")
    #expect(budget?.value["status"]?["disruptionsAllowed"] == 0)
  }

  private static let budget = ResourceKey(
    .podDisruptionBudgets, namespace: "default", name: "web")

  private static func numbers(_ rig: ControllerRig) -> [Int64] {
    let status = rig.state.object(budget)?.value["status"]
    return ["expectedPods", "currentHealthy", "desiredHealthy", "disruptionsAllowed"].compactMap {
      status?[$0]?.int64
    }
  }

  private static func rig(_ spec: String, replicas: Int) -> ControllerRig {
    var rig = ControllerRig()
    rig.add(DisruptionController())
    let deployment = rig.create(
      #"""
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},
      "spec":{"replicas":\#(replicas)}}
      """#)
    rig.create(
      #"""
      {"apiVersion":"apps/v1","kind":"ReplicaSet","metadata":{"name":"web-1","namespace":"default",
      "ownerReferences":[{"kind":"Deployment","name":"web","uid":"\#(deployment.uid)",
      "controller":true}]},"spec":{"replicas":1}}
      """#)
    rig.create(
      #"""
      {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web",
      "namespace":"default"},"spec":{"selector":{"matchLabels":{"app":"web"}},\#(spec)}}
      """#)
    return rig
  }

  private static func pod(_ name: String, ready: Bool, owner: ClusterObject?) -> String {
    let owners = owner.map {
      #""ownerReferences":[{"kind":"ReplicaSet","name":"\#($0.name)","uid":"\#($0.uid)","controller":true}],"#
    }
    return #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","namespace":"default",
      \#(owners ?? "")"labels":{"app":"web"}},"spec":{},"status":{"phase":"Running",
      "conditions":[{"type":"Ready","status":"\#(ready ? "True" : "False")"}]}}
      """#
  }
}
