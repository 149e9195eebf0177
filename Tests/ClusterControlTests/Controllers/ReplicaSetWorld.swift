import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// One ReplicaSet with pods as a test wants them.
struct ReplicaSetWorld {
  private(set) var state = ClusterState()
  private var writing = ClusterState.Writing(
    now: Time(seconds: 1_700_000_000), chance: SeededGenerator(seed: 3))
  private let controller = ReplicaSetController()
  private var memory = ReplicaSetController.freshMemory
  private let key = ResourceKey(.replicaSets, namespace: "default", name: "web")
  private static let owner: Value = [
    "apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "manager",
    "controller": true,
  ]

  init(replicas: Int, minReadySeconds: Int = 0, isTerminating: Bool = false) {
    put("web", uid: "set", replicas: replicas, minReadySeconds, isTerminating)
  }

  private mutating func put(
    _ name: String, uid: String, replicas: Int, _ minReadySeconds: Int = 0,
    _ isTerminating: Bool = false
  ) {
    var value: Value = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet",
      "metadata": [
        "name": .string(name), "namespace": "default", "uid": .string(uid), "generation": 1,
        "ownerReferences": .list([Self.owner]),
      ],
      "spec": [
        "replicas": .int(Int64(replicas)), "minReadySeconds": .int(Int64(minReadySeconds)),
        "selector": ["matchLabels": ["app": .string(name)]],
        "template": [
          "metadata": ["labels": ["app": .string(name)]],
          "spec": ["containers": [["name": "a", "image": "a:1"]]],
        ],
      ],
    ]
    if isTerminating {
      value.change("metadata") {
        $0["deletionTimestamp"] = .string(writing.now.description)
        $0["finalizers"] = ["foregroundDeletion"]
      }
    }
    let key = ResourceKey(.replicaSets, namespace: "default", name: name)
    state.put(ClusterObject(key: key, value: value, revision: state.revision + 1))
  }

  // MARK: - Looking

  var set: ClusterObject {
    state.object(key) ?? ClusterObject(key: key, value: .null, revision: 0)
  }
  var pods: [ClusterObject] { state.objects(.pods) }
  func pod(_ name: String) -> ClusterObject? {
    state.object(ResourceKey(.pods, namespace: "default", name: name))
  }
  func creations(_ decision: Decision) -> Int {
    decision.actions.count { if case .create = $0 { true } else { false } }
  }

  func deletions(_ decision: Decision) -> Int {
    decision.actions.count { if case .delete = $0 { true } else { false } }
  }

  // MARK: - Pods

  /// - Parameter ready: For how many seconds; nil for a pod that is not ready.
  mutating func addPod(
    _ name: String, uid: String? = nil, node: String? = "n", phase: String = "Running",
    ready: Int64? = nil, cost: String? = nil, restarts: Int64 = 0, age: Int64 = 500,
    isOwned: Bool = true, labels: Value = ["app": "web"], isTerminating: Bool = false,
    owner: String = "set"
  ) {
    var metadata: Value = [
      "name": .string(name), "namespace": "default", "uid": .string(uid ?? name),
      "labels": labels,
      "creationTimestamp": .string(writing.now.advanced(bySeconds: -age).description),
    ]
    if isOwned {
      metadata["ownerReferences"] = [
        [
          "apiVersion": "apps/v1", "kind": "ReplicaSet",
          "name": owner == "set" ? "web" : "sibling", "uid": .string(owner), "controller": true,
        ]
      ]
    }
    if isTerminating { metadata["deletionTimestamp"] = .string(writing.now.description) }
    if let cost {
      metadata["annotations"] = ["controller.kubernetes.io/pod-deletion-cost": .string(cost)]
    }
    var status: Value = [
      "phase": .string(phase),
      "containerStatuses": [["name": "a", "restartCount": .int(restarts)]],
    ]
    if let ready {
      let since = writing.now.advanced(bySeconds: -ready).description
      status["conditions"] = [
        ["type": "Ready", "status": "True", "lastTransitionTime": .string(since)]
      ]
    }
    var spec: Value = .emptyMap
    spec["nodeName"] = node.map(Value.string)
    let key = ResourceKey(.pods, namespace: "default", name: name)
    let value: Value = ["metadata": metadata, "spec": spec, "status": status]
    state.put(ClusterObject(key: key, value: value, revision: state.revision + 1))
  }

  /// Two pods of another ReplicaSet of the same controller, on `node`.
  mutating func addRelated(_ node: String) {
    put("sibling", uid: "sibling", replicas: 2)
    for name in ["s1", "s2"] {
      addPod(name, node: node, labels: ["app": "sibling"], owner: "sibling")
    }
  }

  // MARK: - Deciding

  mutating func pass(seconds: Int64) { writing.now = writing.now.advanced(bySeconds: seconds) }
  mutating func sawCreation() { memory.sawCreation(for: key) }

  /// Whom a change wakes, and when.
  mutating func wakes(_ old: ClusterObject?, _ new: ClusterObject?) -> [String] {
    guard let key = (new ?? old)?.key else { return [] }
    var wakes = Wakes()
    controller.observe(Change(key: key, old: old, new: new), view, &memory, &wakes)
    return wakes.wakes.map { key, delay in
      key.name + (delay.map { " after \($0.components.seconds) s" } ?? "")
    }
  }

  /// Lets the controller see that a pod is gone.
  mutating func see(_ pod: ClusterObject, gone: Bool) {
    if gone { state.remove(pod.key) }
    _ = wakes(pod, gone ? nil : pod)
  }

  private var view: ControllerView {
    ControllerView(
      state: state, live: state, now: writing.now, version: KubernetesVersion(minor: 36))
  }

  mutating func plan() -> Decision { controller.plan(key, view, &memory) }

  mutating func recover(_ failure: Failure) -> Decision {
    controller.recover(key, from: failure, view, &memory)
  }

  mutating func carryOut(_ decision: Decision) {
    var known: [ResourceKey: Int64] = [:]
    for action in decision.actions {
      do throws(WriteRefusal) {
        let revision = action.key.flatMap { known[$0] }
        for change in try state.perform(action, &writing, known: revision) {
          known[change.key] = change.new?.revision
        }
      } catch {
        Issue.record("refused: \(error.message)")
      }
    }
  }
}
