import ClusterControl
import ManifestMerge
import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterEngine

/// Rollouts recorded from a real control plane, replayed: the same sizes in the same order, the
/// same checkpoints, the same objects in the end.
@Suite struct RecordedRolloutTests {
  /// Facts 33 to 42, 49 to 58, 63 to 69 and 76 to 77, as a real control plane showed them.
  @Test func rolloutsAreThoseOfARealControlPlane() throws {
    guard let lines = try Recordings.values("conformance/rollout.jsonl.gz") else { return }
    let schema = Schema(version: KubernetesVersion(minor: 36))
    let kind = try #require(schema.kind(apiVersion: "apps/v1", kind: "Deployment"))
    var wrong: [String] = []
    for line in lines {
      var replay = Replay(line, schema, kind)
      replay.run()
      for trouble in replay.troubles {
        wrong.append("\(line["id"]?.string ?? "") (\(line["note"]?.string ?? "")): \(trouble)")
      }
    }
    #expect(lines.count >= 56)
    #expect(wrong.isEmpty, "\(wrong.count) differences:\n\(wrong.joined(separator: "\n"))")
  }
}

/// One recorded rollout: the engine, and a kubelet that does one thing at a time.
private struct Replay {
  private let line: Value
  private let objects: StoredObjects
  private let kind: Kind
  private let types: MergeTypes
  private var engine: Engine
  /// Pods in the order of their creation.
  private var pods: [ClusterObject] = []
  private var logged = 0
  /// The state as far as the log was read.
  private var known = ClusterState()
  private var watch = InvariantWatch()
  private var phase = 0
  private var tick = 0
  private var steps: [String] = []
  private var checkpoints: [Value] = []
  private(set) var troubles: [String] = []
  private let key: ResourceKey
  private let isAll: Bool

  init(_ line: Value, _ schema: Schema, _ kind: Kind) {
    self.line = line
    self.kind = kind
    objects = StoredObjects(schema: schema)
    types = MergeTypes(schema: schema)
    isAll = line["kubelet"] == "all"
    let name = line["manifest"]?["metadata"]?["name"]?.string ?? ""
    key = ResourceKey(.deployments, namespace: "default", name: name)
    engine = Engine(
      ClusterState(), at: Time(seconds: 1_700_000_000),
      EngineConfiguration(version: schema.version, seed: 1, keepsLog: true),
      controllers: ControllerFactory.workloads)
  }

  // MARK: - Phases

  mutating func run() {
    var manifest = line["manifest"] ?? .null
    manifest.change("metadata") { $0["namespace"] = "default" }
    act(.create(objects.object(manifest, kind), .deployments, namespace: "default"))
    let actions = line["actions"]?.list ?? []
    for (place, action) in actions.enumerated() {
      live(ticks: action["afterTicks"]?.int64)
      checkpoint()
      phase = place + 1
      tick = 0
      // ReplicaSets of one second would be ordered by name.
      advance(by: 1.5)
      take(action)
    }
    live(ticks: nil)
    checkpoint()
    compare()
  }

  private mutating func act(_ action: Action) {
    do throws(WriteRefusal) {
      try engine.perform(action, by: "user")
    } catch {
      troubles.append("refused: \(error.message)")
    }
    settle()
  }

  private mutating func take(_ action: Value) {
    guard let object = engine.state.object(key) else { return }
    switch action["do"]?.string {
    case "patch":
      guard
        let new = try? Patch.strategic(action["patch"] ?? .null)
          .applied(to: object.value, types: types)
      else { return troubles.append("the patch cannot be applied") }
      var stored = objects.object(new, kind)
      stored["metadata"] = new["metadata"]
      act(.update(object, stored))
    case "undo": act(.update(object, undone(object)))
    default:
      let count = Int(action["count"]?.int64 ?? 0)
      for pod in pods.prefix(count) { setReady(pod, "False") }
      settle()
    }
  }

  /// What `rollout undo` writes: the template and the annotations of the revision before.
  private func undone(_ object: ClusterObject) -> Value {
    let sets = engine.state.objects(.replicaSets, controlledBy: object.uid)
    let revision = { (set: ClusterObject) in
      Int(set.annotation("deployment.kubernetes.io/revision") ?? "") ?? 0
    }
    let sorted = sets.sorted { revision($0) < revision($1) }
    guard sorted.count > 1 else { return object.value }
    var template = sorted[sorted.count - 2].value["spec"]?["template"] ?? .null
    template.change("metadata") { $0.change("labels") { $0["pod-template-hash"] = nil } }
    var value = object.value
    value.change("spec") { $0["template"] = template }
    return value
  }

  // MARK: - The kubelet

  /// Lets the kubelet act until it has nothing to do, or for so many ticks.
  private mutating func live(ticks: Int64?) {
    while ticks.map({ tick < $0 }) ?? true {
      guard hasKubeletWork() || wait() else { return }
      guard hasKubeletWork() else { continue }
      tick += 1
      advance(by: 0.2)
      if isAll {
        let (ready, gone) = (pods.filter(canBecomeReady), pods.filter(\.isTerminating))
        // The controllers see the first of many pods alone, then all the others together.
        for (place, pod) in ready.enumerated() {
          setReady(pod, "True")
          if place == 0 { settle() }
        }
        for pod in gone { remove(pod) }
      } else if let pod = pods.first(where: canBecomeReady) {
        setReady(pod, "True")
      } else if let pod = pods.first(where: \.isTerminating) {
        remove(pod)
      }
      settle()
    }
  }

  /// Lets time pass as long as that changes anything within a few seconds.
  private mutating func wait() -> Bool {
    let written = engine.writeCount
    let end = engine.now.advanced(bySeconds: 20)
    while engine.writeCount == written, let next = engine.nextTimer, next <= end {
      engine.advance(to: max(next, engine.now))
      settle()
    }
    return engine.writeCount > written
  }

  private func canBecomeReady(_ pod: ClusterObject) -> Bool {
    guard !pod.isTerminating, pod.pod?.isReady == false else { return false }
    let containers = pod.value["spec"]?["containers"]?.list ?? []
    // What was made unready on purpose stays so.
    return pod.condition("Ready")?["reason"] == nil
      && !containers.contains { $0["image"]?.string?.contains("bad") == true }
  }

  private func hasKubeletWork() -> Bool {
    pods.contains { canBecomeReady($0) || $0.isTerminating }
  }

  private mutating func setReady(_ pod: ClusterObject, _ status: Value) {
    let now = engine.now.description
    let edit = Action.Edit("status", isStatus: true) { value in
      value.change("status") {
        $0["phase"] = "Running"
        $0["conditions"] = [
          ["type": "Ready", "status": status, "lastTransitionTime": .string(now)]
        ]
        if status == "False" {
          $0["conditions"] = [
            [
              "type": "Ready", "status": status, "lastTransitionTime": .string(now),
              "reason": "ContainersNotReady",
            ]
          ]
        }
      }
    }
    act(quietly: .edit(pod.key, uid: pod.uid, edit))
  }

  private mutating func remove(_ pod: ClusterObject) {
    act(quietly: .delete(pod.key, Action.Deletion(uid: pod.uid, graceSeconds: 0)))
  }

  private mutating func act(quietly action: Action) {
    do throws(WriteRefusal) {
      try engine.perform(action, by: "kubelet")
    } catch {
      troubles.append("refused: \(error.message)")
    }
    readLog()
  }

  private mutating func advance(by seconds: Double) {
    engine.advance(to: engine.now.advanced(by: .milliseconds(Int64(seconds * 1000))))
  }

  /// Lets the controllers act, with their back-off, until they are quiet.
  private mutating func settle() {
    engine.settle()
    while let next = engine.nextTimer, next <= engine.now.advanced(by: .milliseconds(100)) {
      engine.advance(to: max(next, engine.now))
      engine.settle()
    }
    readLog()
  }

  // MARK: - What happened

  private mutating func readLog() {
    for entry in engine.log[logged...] {
      guard case .change(let change) = entry.what else {
        if case .refusal(let refusal, _) = entry.what { troubles.append(refusal.message) }
        continue
      }
      switch change.key.resource {
      case .pods: follow(change)
      case .replicaSets: noteSize(change)
      default: break
      }
      judge(change, by: entry.writer)
    }
    logged = engine.log.count
  }

  private mutating func follow(_ change: Change) {
    let place = pods.firstIndex { $0.key == change.key }
    switch (place, change.new) {
    case (let place?, let new?): pods[place] = new
    case (let place?, nil): pods.remove(at: place)
    case (nil, let new?): pods.append(new)
    case (nil, nil): break
    }
  }

  private mutating func noteSize(_ change: Change) {
    guard let new = change.new else { return }
    let size = { (object: ClusterObject?) in object?.value["spec"]?["replicas"]?.int64 }
    guard size(change.old) != size(new) else { return }
    steps.append(
      "\(phase)/\(tick) \(new.labels["pod-template-hash"]?.string ?? "") \(size(new) ?? 0)")
  }

  /// The laws hold after every write of a controller.
  private mutating func judge(_ change: Change, by writer: String) {
    let before = known
    known.take(change)
    if engine.controllerNames.contains(writer) {
      watch.judge(change, before: before, after: known)
    }
  }

  private mutating func checkpoint() {
    guard let object = engine.state.object(key) else { return }
    let sets = engine.state.objects(.replicaSets).map { set -> Value in
      let status = set.value["status"]
      return [
        "hash": set.labels["pod-template-hash"] ?? .null,
        "revision": .string(set.annotation("deployment.kubernetes.io/revision") ?? ""),
        "replicas": set.value["spec"]?["replicas"] ?? 0, "ready": status?["readyReplicas"] ?? 0,
        "available": status?["availableReplicas"] ?? 0,
      ]
    }
    let status = object.value["status"]
    var counts: Value = .emptyMap
    for name in [
      "replicas", "updatedReplicas", "readyReplicas", "availableReplicas", "unavailableReplicas",
      "terminatingReplicas",
    ] { counts[name] = status?[name] ?? 0 }
    let conditions = (status?["conditions"]?.list ?? []).map { condition -> Value in
      [
        "type": condition["type"] ?? .null, "status": condition["status"] ?? .null,
        "reason": condition["reason"] ?? .null,
      ]
    }
    checkpoints.append([
      "replicaSets": .list(sets), "status": counts, "conditions": .list(conditions),
    ])
  }

  // MARK: - Comparing

  private mutating func compare() {
    troubles += watch.breaches
    if line["stable"] == true {
      let expected = (line["scaleSteps"]?.list ?? []).map {
        "\($0["phase"]?.int64 ?? -1)/\($0["tick"]?.int64 ?? -1) \($0["hash"]?.string ?? "") "
          + "\($0["replicas"]?.int64 ?? -1)"
      }
      if steps != expected { troubles.append("sizes \(steps)\n  expected \(expected)") }
    }
    let recorded = (line["events"]?.list ?? []).compactMap { $0["checkpoint"] }
    if line["stableCheckpoints"] == true {
      for (place, (ours, theirs)) in zip(checkpoints, recorded).enumerated()
      where Self.sorted(ours) != Self.sorted(theirs) {
        troubles.append("checkpoint \(place): \(Self.text(ours))\n  expected \(Self.text(theirs))")
      }
    }
    if line["stable"] == true { compareFinal() }
  }

  private mutating func compareFinal() {
    let final = line["final"]
    if let object = engine.state.object(key) {
      let (ours, theirs) = (Self.bare(object.value), Self.bare(final?["deployment"] ?? .null))
      if ours != theirs {
        troubles.append("deployment \(Self.text(ours))\n  expected \(Self.text(theirs))")
      }
    }
    let theirs = Dictionary(
      (final?["replicaSets"]?.list ?? []).map { ($0["metadata"]?["name"]?.string ?? "", $0) }
    ) { $1 }
    let sets = engine.state.objects(.replicaSets)
    if Set(sets.map(\.name)) != Set(theirs.keys) {
      troubles.append("replica sets \(sets.map(\.name)), expected \(theirs.keys.sorted())")
    }
    for set in sets {
      let (ours, theirs) = (Self.bare(set.value), Self.bare(theirs[set.name] ?? .null))
      if ours != theirs {
        troubles.append("\(set.name): \(Self.text(ours))\n  expected \(Self.text(theirs))")
      }
    }
  }

  private static func text(_ value: Value) -> String { JSONWriter.string(value) }

  /// ReplicaSets by hash, conditions by type, and nothing that the driver adds.
  private static func sorted(_ checkpoint: Value) -> Value {
    var copy = checkpoint
    copy["complete"] = nil
    let byKey = { (list: Value?, key: String) -> Value in
      .list(
        (list?.list ?? []).sorted { ($0[key]?.string ?? "") < ($1[key]?.string ?? "") })
    }
    copy["replicaSets"] = byKey(copy["replicaSets"], "hash")
    copy["conditions"] = byKey(copy["conditions"], "type")
    return copy
  }

  /// An object without times, uids and texts for people.
  private static func bare(_ value: Value) -> Value {
    switch value {
    case .map(let map):
      let dropped: Set<String> = [
        "uid", "namespace", "creationTimestamp", "lastUpdateTime", "lastTransitionTime",
        "message", "resourceVersion", "managedFields",
      ]
      var entries = map.entries.filter { !dropped.contains($0.key) }
      for place in entries.indices { entries[place].value = bare(entries[place].value) }
      entries.removeAll { $0.value == .null }
      return .map(ValueMap(unique: entries))
    case .list(let items):
      let bare = items.map(bare)
      guard bare.allSatisfy({ $0["type"] != nil && $0["status"] != nil }) else {
        return .list(bare)
      }
      return .list(bare.sorted { ($0["type"]?.string ?? "") < ($1["type"]?.string ?? "") })
    default: return value
    }
  }
}
