import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// Which changes make the Deployment controller look at which Deployments.
@Suite struct TriggerTests {
  private static func object(
    _ resource: GroupResource, _ name: String, revision: Int64 = 1, owner: String? = nil,
    ownerUID: String? = nil, labels: Value = ["app": "web"], spec: Value = .emptyMap
  ) -> ClusterObject {
    var metadata: Value = [
      "name": .string(name), "namespace": "default", "uid": .string("uid of " + name),
      "labels": labels,
    ]
    if let owner {
      let kind: Value = resource == .pods ? "ReplicaSet" : "Deployment"
      metadata["ownerReferences"] = [
        [
          "kind": kind, "name": .string(owner), "controller": true,
          "uid": .string(ownerUID ?? "uid of " + owner),
        ]
      ]
    }
    return ClusterObject(
      key: ResourceKey(resource, namespace: "default", name: name),
      value: ["metadata": metadata, "spec": spec], revision: revision)
  }

  private static func deployment(_ name: String, strategy: Value = "RollingUpdate")
    -> ClusterObject
  {
    object(
      .deployments, name,
      spec: ["strategy": ["type": strategy], "selector": ["matchLabels": ["app": "web"]]])
  }

  /// The Deployments that a change wakes, in a cluster with these objects.
  private static func woken(
    _ objects: [ClusterObject], _ old: ClusterObject?, _ new: ClusterObject?
  ) -> [String] {
    var state = ClusterState()
    for object in objects { state.put(object) }
    if let new { state.put(new) }
    guard let key = (new ?? old)?.key else { return [] }
    var memory = DeploymentController.freshMemory
    var wakes = Wakes()
    let view = ControllerView(
      state: state, live: state, now: Time(seconds: 0), version: KubernetesVersion(minor: 36))
    DeploymentController().observe(
      Change(key: key, old: old, new: new), view, &memory, &wakes)
    return wakes.wakes.map(\.key.name)
  }

  /// Facts 2 to 5.
  @Test func changesWakeTheirDeployments() {
    let (web, other) = (Self.deployment("web"), Self.deployment("other"))
    let owned = Self.object(.replicaSets, "web-1", owner: "web")
    let orphan = Self.object(.replicaSets, "web-1")
    let scaled = Self.object(
      .replicaSets, "web-1", revision: 2, owner: "web", spec: ["replicas": 3])
    let again = Self.object(.replicaSets, "web-1", owner: "web", spec: ["replicas": 3])
    let moved = Self.object(.replicaSets, "web-1", revision: 2, owner: "other")
    let stranger = Self.object(
      .replicaSets, "web-1", revision: 2, owner: "web", ownerUID: "of the last one")
    let bare = Self.object(.replicaSets, "web-1", revision: 2, labels: ["app": "none"])
    let cases: [(String, ClusterObject?, ClusterObject?, [String])] = [
      ("2: itself", nil, web, ["web"]), ("2: gone", web, nil, ["web"]),
      ("3: its ReplicaSet appears", nil, owned, ["web"]),
      ("3: its ReplicaSet changes", owned, scaled, ["web"]),
      ("3: its ReplicaSet goes", owned, nil, ["web"]),
      ("3: the new owner and the old one", owned, moved, ["web", "other"]),
      ("3: kind and uid must be the owner's", nil, stranger, []),
      ("3: an orphan is shown to all who select it", nil, orphan, ["web", "other"]),
      ("3: one that was let go too", owned, orphan.at(2), ["web", "web", "other"]),
      ("3: an orphan that nobody selects", nil, bare, []),
      ("4: told anew, nothing changed", owned, again, []),
    ]
    for (name, old, new, expected) in cases {
      #expect(Self.woken([web, other], old, new) == expected, "\(name)")
    }
  }

  /// Facts 2 and 5: pods wake nobody but the Recreate that waits for the last of them to go.
  @Test func onlyTheLastPodOfRecreateCounts() {
    let set = Self.object(.replicaSets, "web-1", owner: "web")
    let pods = ["a", "b"].map { Self.object(.pods, $0, owner: "web-1") }
    for (strategy, expected) in [("RollingUpdate", []), ("Recreate", ["web"])] {
      let web = Self.deployment("web", strategy: .string(strategy))
      #expect(Self.woken([web, set], nil, pods[0]) == [], "2: \(strategy)")
      #expect(Self.woken([web, set], pods[0], pods[0].at(2)) == [], "2: \(strategy)")
      #expect(Self.woken([web, set, pods[1]], pods[0], nil) == [], "5: \(strategy)")
      #expect(Self.woken([web, set], pods[0], nil) == expected, "5: \(strategy)")
    }
  }

  /// Facts 6 and 7: a namespace on its way out is no failure; what is gone needs nothing.
  @Test func someThingsAreNoTrouble() {
    let view = ControllerView(
      state: ClusterState(), live: ClusterState(), now: Time(seconds: 0),
      version: KubernetesVersion(minor: 36))
    var memory = DeploymentController.freshMemory
    let key = ResourceKey(.deployments, namespace: "default", name: "web")
    let decision = DeploymentController().plan(key, view, &memory)
    #expect(decision.isEmpty && !decision.isRetry && decision.checkAgain == nil)
    var world = DeploymentWorld(replicas: 1)
    world.refusal = WriteRefusal(.namespaceTerminating, "going")
    world.sync()
    #expect(!world.lastDecision.isRetry && world.sets.isEmpty)
  }
}

extension ClusterObject {
  fileprivate func at(_ revision: Int64) -> ClusterObject {
    ClusterObject(key: key, value: value, revision: revision)
  }
}
