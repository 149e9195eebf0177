import ManifestSchema
import ManifestSyntax
import Testing

@testable import ClusterControl

/// One Deployment and its ReplicaSets, with nothing that makes pods.
struct DeploymentWorld {
  private(set) var state = ClusterState()
  private var writing = ClusterState.Writing(
    now: Time(seconds: 1_700_000_000), chance: SeededGenerator(seed: 3))
  private let controller = DeploymentController()
  private var memory = DeploymentController.freshMemory
  private(set) var lastDecision = Decision.done
  private(set) var events: [String] = []
  /// What every creation is answered with.
  var refusal: WriteRefusal?
  private let key = ResourceKey(.deployments, namespace: "default", name: "web")

  init(replicas: Int, surge: Value = "25%", unavailable: Value = "25%") {
    let deployment: Value = [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
      "spec": [
        "replicas": .int(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
        "template": Self.template("now"), "progressDeadlineSeconds": 600,
        "revisionHistoryLimit": 10,
        "strategy": [
          "type": "RollingUpdate",
          "rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable],
        ],
      ],
    ]
    perform(.create(deployment, .deployments, namespace: "default"))
  }

  static func template(_ version: String) -> Value {
    [
      "metadata": ["labels": ["app": "web", "version": .string(version)]],
      "spec": ["containers": [["name": "web", "image": .string("web:" + version)]]],
    ]
  }

  // MARK: - Looking

  var object: ClusterObject {
    state.object(key) ?? ClusterObject(key: key, value: .null, revision: 0)
  }
  var model: DeploymentModel { DeploymentModel(object) }
  var status: Value? { object.value["status"] }
  var sets: [ClusterObject] { state.objects(.replicaSets) }
  func reason(_ condition: String) -> String? { object.condition(condition)?["reason"]?.string }
  func version(_ set: ClusterObject) -> String { set.labels["version"]?.string ?? "" }
  func size(_ version: String) -> Int {
    Int(set(version)?.value["spec"]?["replicas"]?.int64 ?? -1)
  }
  private func set(_ version: String) -> ClusterObject? {
    sets.first { self.version($0) == version }
  }

  // MARK: - Changing

  @discardableResult
  private mutating func perform(_ action: Action, known: Int64? = nil) -> [Change] {
    do throws(WriteRefusal) {
      return try state.perform(action, &writing, known: known)
    } catch {
      Issue.record("refused: \(error.message)")
      return []
    }
  }

  mutating func pass(seconds: Int64) { writing.now = writing.now.advanced(bySeconds: seconds) }

  mutating func change(_ body: (inout Value) -> Void) {
    var value = object.value
    value.change("spec", body)
    perform(.update(object, value))
  }

  mutating func annotate(_ annotations: [String: String]) {
    var value = object.value
    value.change("metadata") { metadata in
      metadata.change("annotations") {
        for (key, text) in annotations { $0[key] = .string(text) }
      }
    }
    perform(.update(object, value))
  }

  /// Deletes it in the foreground, so that it is there as long as its dependents are.
  mutating func delete() {
    perform(.delete(key, Action.Deletion(propagation: .foreground)))
  }

  mutating func setStatus(_ status: Value) {
    var value = object.value
    value["status"] = status
    perform(.updateStatus(object, value))
  }

  /// The status of a rollout that is over.
  mutating func complete() {
    setStatus([
      "observedGeneration": .int(object.generation), "replicas": 1, "updatedReplicas": 1,
      "readyReplicas": 1, "availableReplicas": 1, "terminatingReplicas": 0,
    ])
  }

  /// Adds a ReplicaSet whose pods are all available.
  mutating func add(
    _ version: String, _ size: Int, created: Int, desired: Int? = nil, most: Int? = nil,
    revision: Int? = nil, isOwned: Bool = true, terminating: Int64 = 0
  ) {
    var annotations: Value = .emptyMap
    annotations[DeploymentAnnotation.desiredReplicas] = desired.map { .string(String($0)) }
    annotations[DeploymentAnnotation.maxReplicas] = most.map { .string(String($0)) }
    annotations[DeploymentAnnotation.revision] = revision.map { .string(String($0)) }
    var value: Value = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet",
      "metadata": [
        "name": .string("web-" + version), "annotations": annotations,
        "labels": ["app": "web", "version": .string(version), "pod-template-hash": "x"],
        "uid": .string(version), "generation": 1, "namespace": "default",
        "creationTimestamp": .string(Time(seconds: Int64(created)).description),
      ],
      "spec": [
        "replicas": .int(Int64(size)), "template": Self.template(version),
        "selector": ["matchLabels": ["app": "web", "version": .string(version)]],
      ],
      "status": [
        "replicas": .int(Int64(size)), "availableReplicas": .int(Int64(size)),
        "readyReplicas": .int(Int64(size)), "observedGeneration": 1,
        "terminatingReplicas": .int(terminating),
      ],
    ]
    if isOwned {
      let owner = OwnerReferences.reference(to: object, apiVersion: "apps/v1", kind: "Deployment")
      value.change("metadata") { $0["ownerReferences"] = .list([owner]) }
    }
    let key = ResourceKey(.replicaSets, namespace: "default", name: "web-" + version)
    state.put(ClusterObject(key: key, value: value, revision: state.revision + 1))
  }

  /// Adds a pod; ReplicaSets have their versions as uids.
  mutating func addPod(labels: Value, owner: String?, phase: String) {
    var metadata: Value = ["name": "pod", "labels": labels, "uid": "pod", "namespace": "default"]
    metadata["ownerReferences"] = owner.map {
      [["kind": "ReplicaSet", "name": "web-old", "uid": .string($0), "controller": true]]
    }
    let value: Value = [
      "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": ["phase": .string(phase)],
    ]
    let key = ResourceKey(.pods, namespace: "default", name: "pod")
    state.put(ClusterObject(key: key, value: value, revision: state.revision + 1))
  }

  /// Puts somebody else's ReplicaSet in the way.
  mutating func occupy(_ name: String) {
    let value: Value = [
      "metadata": ["name": .string(name), "labels": ["app": "strange"]],
      "spec": ["replicas": 0, "template": Self.template("strange")],
    ]
    perform(.create(value, .replicaSets, namespace: "default"))
  }

  mutating func relabel(_ version: String, _ labels: Value) {
    guard let set = set(version) else { return }
    var value = set.value
    value.change("metadata") { $0["labels"] = labels }
    perform(.update(set, value))
  }

  // MARK: - Deciding

  private var view: ControllerView {
    ControllerView(
      state: state, live: state, now: writing.now, version: KubernetesVersion(minor: 36))
  }

  /// One look of the controller, with all that it leads to.
  mutating func sync() {
    pass(seconds: 1)
    carryOut(controller.plan(key, view, &memory))
  }

  private mutating func carryOut(_ decision: Decision) {
    lastDecision = decision
    var known: [ResourceKey: Int64] = [:]
    for action in decision.actions {
      if case .event(let event) = action { events.append(event.reason) }
      var reason = refusal
      if case .create(_, _, _) = action {
        if reason == nil, let key = action.key, state.object(key) != nil {
          reason = WriteRefusal(.alreadyExists, "it exists")
        }
        if let reason {
          let failure = Failure(refusals: [(action, reason)], skipped: [])
          return carryOut(controller.recover(key, from: failure, view, &memory))
        }
      }
      for change in perform(action, known: action.key.flatMap { known[$0] }) {
        known[change.key] = change.new?.revision
      }
    }
  }
}
