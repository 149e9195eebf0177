import ManifestModel
import ManifestSchema
import ManifestSyntax

/// One look at one ReplicaSet.
struct ReplicaSetSync {
  let set: ClusterObject
  let selector: LabelSelector
  let view: ControllerView
  let wanted: Int
  let minReadySeconds: Int64
  var decision = Decision()
  /// Pods that were taken over or let go in this plan; both are rare.
  private var adopted: [ClusterObject] = []
  /// How many pods count as replicas.
  private(set) var active = 0

  init(_ set: ClusterObject, _ selector: LabelSelector, _ view: ControllerView) {
    self.set = set
    self.selector = selector
    self.view = view
    wanted = Int(set.value["spec"]?["replicas"]?.int64 ?? 1)
    minReadySeconds = set.value["spec"]?["minReadySeconds"]?.int64 ?? 0
  }

  // MARK: - Whose pods

  private var groups: [PodTally.Group] {
    view.state.podTally(controlledBy: set.uid).groups
  }

  private func isSelected(_ labels: ValueMap) -> Bool { selector.matches(labels.texts) }

  /// Takes over pods that nobody owns and lets go of those that are not selected any more.
  mutating func claim() {
    let chosen = groups.filter { isSelected($0.labels) }
    active = chosen.reduce(0) { $0 + $1.active }
    guard !set.isTerminating else { return }
    if chosen.count < groups.count {
      for pod in view.state.objects(.pods, controlledBy: set.uid)
      where pod.isActivePod && !isSelected(pod.labels) {
        decision.add(
          OwnerReferences.release(pod, from: set.uid), tolerates: [.notFound, .invalid])
      }
    }
    for pod in view.state.uncontrolled(.pods, in: set.namespace ?? "")
    where pod.isActivePod && isSelected(pod.labels) {
      guard let live = view.live.object(set.key), live.uid == set.uid, !live.isTerminating
      else {
        decision.isRetry = true
        return
      }
      let adoption = OwnerReferences.adoption(by: set, apiVersion: "apps/v1", kind: "ReplicaSet")
      decision.add(.edit(pod.key, uid: pod.uid, adoption), tolerates: [.notFound])
      adopted.append(pod)
    }
    active += adopted.count
  }

  /// The pods that count as replicas.
  private var activePods: [ClusterObject] {
    // Pods of a template share their labels: most are judged like the one before.
    var last: (labels: ValueMap, isSelected: Bool)?
    return view.state.objects(.pods, controlledBy: set.uid) { pod in
      guard pod.isActivePod else { return false }
      if let last, last.labels == pod.labels { return last.isSelected }
      let isSelected = isSelected(pod.labels)
      last = (pod.labels, isSelected)
      return isSelected
    } + adopted
  }

  // MARK: - Making and deleting pods

  mutating func manage(_ memory: inout Expectations) {
    if active < wanted {
      make(min(wanted - active, ReplicaSetController.burstMax), &memory)
    } else if active > wanted {
      delete(min(active - wanted, ReplicaSetController.burstMax), &memory)
    }
  }

  private mutating func make(_ count: Int, _ memory: inout Expectations) {
    memory.expect(creations: count, for: set.key, at: view.now)
    let pod = Action.create(podFromTemplate, .pods, namespace: set.namespace)
    // A first refusal stops everything, so the first ones go alone: 1, 2, 4, 8 …
    let announcement = Decision.Announcement(
      about: set, reason: "SuccessfulCreate", text: "Created pod: ")
    var batch = 1
    var made = 0
    while made < count {
      let size = min(batch, count - made)
      decision.add(Array(repeating: pod, count: size), announcing: announcement)
      made += size
      batch *= 2
    }
  }

  private mutating func delete(_ count: Int, _ memory: inout Expectations) {
    let pods = activePods
    let chosen: [ClusterObject]
    if count < pods.count {
      let ranking = DeletionRanking(now: view.now, podsByNode: relatedPodsByNode)
      chosen = ranking.first(count, of: pods)
    } else {
      chosen = pods
    }
    memory.expect(deletions: chosen, for: set.key, at: view.now)
    decision.add(
      chosen.map { .delete($0.key, Action.Deletion(uid: $0.uid)) }, tolerates: [.notFound],
      announcing: Decision.Announcement(
        about: set, reason: "SuccessfulDelete", text: "Deleted pod: "))
  }

  /// How many active pods of ReplicaSets with the same controller each node has.
  private var relatedPodsByNode: [String: Int] {
    guard let owner = set.controller else { return [:] }
    let related = view.state.objects(.replicaSets, controlledBy: owner.uid)
    return related.reduce(into: [:]) { counts, set in
      let own = view.state.podTally(controlledBy: set.uid).activeByNode
      if counts.isEmpty { counts = own } else { counts.merge(own, uniquingKeysWith: +) }
    }
  }

  /// A pod as the template says; all pods of a plan share everything but their names.
  private var podFromTemplate: Value {
    let template = set.value["spec"]?["template"]
    let written = template?["metadata"]
    var metadata = ValueMap()
    metadata["generateName"] = .string(set.name + "-")
    metadata["namespace"] = set.namespace.map(Value.string)
    for key in ["labels", "annotations", "finalizers"] { metadata[key] = written?[key] }
    let owner = OwnerReferences.reference(to: set, apiVersion: "apps/v1", kind: "ReplicaSet")
    metadata["ownerReferences"] = .list([owner])
    return [
      "kind": "Pod", "apiVersion": "v1", "metadata": .map(metadata),
      "spec": template?["spec"] ?? .emptyMap, "status": ["phase": "Pending"],
    ]
  }

  // MARK: - Telling

  private func event(
    _ kind: Action.Event.Kind, _ reason: String, _ message: String
  ) -> Action {
    .event(Action.Event(kind, about: set, reason: reason, message: message))
  }

  func event(_ action: Action, _ refusal: WriteRefusal) -> Decision.Step? {
    switch action {
    case .create where refusal.reason != .namespaceTerminating:
      Decision.Step([event(.warning, "FailedCreate", "Error creating: \(refusal.message)")])
    case .delete:
      Decision.Step([event(.warning, "FailedDelete", "Error deleting: \(refusal.message)")])
    default: nil
    }
  }

  // MARK: - Status

  /// Writes the status if it changed, and looks again when the next pod becomes available.
  mutating func writeStatus(failure: WriteRefusal?) {
    var status = ReplicaSetStatus(set.value["status"])
    let before = status
    count(&status)
    status.observedGeneration = set.generation
    if let failure {
      if status.conditions.named("ReplicaFailure") == nil {
        status.conditions.set(
          StatusCondition(
            "ReplicaFailure", "True", reason: active < wanted ? "FailedCreate" : "FailedDelete",
            message: failure.message, at: view.now))
      }
    } else {
      status.conditions.remove("ReplicaFailure")
    }
    if status != before {
      var value = set.value
      value["status"] = status.value
      decision.add(.updateStatus(set, value))
    }
    if minReadySeconds > 0, status.ready != status.available {
      decision.checkAgain = timeToNextAvailable
    }
  }

  private func count(_ status: inout ReplicaSetStatus) {
    let template = set.value["spec"]?["template"]?["metadata"]?["labels"]?.map ?? ValueMap()
    status.replicas = active
    status.labeled = adopted.count { $0.labels.contains(template) }
    status.ready = adopted.count { $0.pod?.isReady == true }
    var terminating = 0
    for group in groups where isSelected(group.labels) {
      if group.labels.contains(template) { status.labeled += group.active }
      status.ready += group.ready
      terminating += group.terminating
    }
    status.available = minReadySeconds == 0 ? status.ready : activePods.count(where: isAvailable)
    if view.version.minor >= 35 { status.terminating = terminating }
  }

  private func availableFrom(_ pod: ClusterObject) -> Time? {
    guard pod.pod?.isReady == true else { return nil }
    return pod.pod?.readySince?.advanced(bySeconds: minReadySeconds)
  }

  private func isAvailable(_ pod: ClusterObject) -> Bool {
    availableFrom(pod).map { $0 <= view.now } ?? false
  }

  private var timeToNextAvailable: Duration? {
    activePods.compactMap(availableFrom).filter { $0 > view.now }.min()
      .map { $0.duration(since: view.now) }
  }
}

/// The status of a ReplicaSet.
struct ReplicaSetStatus: Hashable, Sendable {
  var replicas = 0
  var labeled = 0
  var ready = 0
  var available = 0
  var terminating: Int?
  var observedGeneration: Int64 = 0
  var conditions: [StatusCondition] = []

  init(_ value: Value?) {
    let number = { (key: String) in Int(value?[key]?.int64 ?? 0) }
    replicas = number("replicas")
    labeled = number("fullyLabeledReplicas")
    ready = number("readyReplicas")
    available = number("availableReplicas")
    terminating = value?["terminatingReplicas"]?.int64.map { Int($0) }
    observedGeneration = value?["observedGeneration"]?.int64 ?? 0
    conditions = [StatusCondition](value)
  }

  var value: Value {
    var map = ValueMap()
    map["replicas"] = .int(Int64(replicas))
    for (key, count) in [
      ("fullyLabeledReplicas", labeled), ("readyReplicas", ready),
      ("availableReplicas", available),
    ] where count != 0 { map[key] = .int(Int64(count)) }
    if let terminating { map["terminatingReplicas"] = .int(Int64(terminating)) }
    if observedGeneration != 0 { map["observedGeneration"] = .int(observedGeneration) }
    if !conditions.isEmpty { map["conditions"] = .list(conditions.map(\.value)) }
    return .map(map)
  }
}
