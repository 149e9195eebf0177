import ManifestSchema
import ManifestSyntax

/// Which ReplicaSet is the new one, and making it.
extension DeploymentSync {
  /// The oldest ReplicaSet of the Deployment's template; the template decides, not the hash.
  var newIndex: Int? {
    let template = deployment.template
    return sets.firstIndex { PodTemplateComparison.isEqual($0.template, template) }
  }

  var newSet: ManagedReplicaSet? { newIndex.map { sets[$0] } }

  /// All but the new one, older ones first.
  var oldSets: [ManagedReplicaSet] {
    guard let newIndex else { return sets }
    return sets.enumerated().filter { $0.offset != newIndex }.map(\.element)
  }

  /// Brings revisions and annotations up to date, and makes the new ReplicaSet if that is asked.
  ///
  /// - Returns: The new ReplicaSet; nil when there is none.
  mutating func syncRevisions(creates: Bool) throws(Trouble) -> ManagedReplicaSet? {
    let revision = (oldSets.compactMap(\.revision).max() ?? 0) &+ 1
    guard let newSet else { return creates ? try makeNewSet(revision) : nil }
    var set = newSet
    let isAnnotated = annotate(&set, revision: revision, isNew: false)
    if isAnnotated || set.minReadySeconds != deployment.minReadySeconds {
      set.value.change("spec") { spec in
        let seconds = deployment.minReadySeconds
        spec["minReadySeconds"] = seconds == 0 ? nil : .int(Int64(seconds))
      }
      write(set)
      return set
    }
    var mustWrite = setRevision(set.annotation(DeploymentAnnotation.revision) ?? "")
    if deployment.progressDeadlineSeconds != nil,
      deployment.status.conditions.named("Progressing") == nil
    {
      setProgressing("True", "FoundNewReplicaSet", "Found new replica set \"\(set.name)\"")
      mustWrite = true
    }
    if mustWrite { writeStatus() }
    return set
  }

  private mutating func setRevision(_ text: String) -> Bool {
    guard deployment.annotation(DeploymentAnnotation.revision) != text else { return false }
    deployment.setAnnotation(DeploymentAnnotation.revision, text)
    return true
  }

  mutating func setProgressing(_ status: String, _ reason: String, _ message: String) {
    deployment.status.conditions.set(
      StatusCondition(
        "Progressing", status, reason: reason, message: message, at: view.now,
        hasUpdateTime: true))
  }

  // MARK: - Annotations

  private static let historyTextMax = 2000

  /// Copies the Deployment's annotations and raises the revision.
  ///
  /// - Returns: Whether anything changed.
  private func annotate(
    _ set: inout ManagedReplicaSet, revision: Int64, isNew: Bool
  ) -> Bool {
    var isChanged = false
    for entry in deployment.annotations.entries
    where !DeploymentAnnotation.own.contains(entry.key) {
      if set.setAnnotation(entry.key, entry.value.string ?? "") { isChanged = true }
    }
    let written = set.annotation(DeploymentAnnotation.revision)
    let old = written.flatMap { Int64($0) }
    // A revision that is no number is left alone, with all that would follow.
    if let written, !written.isEmpty, old == nil { return false }
    if (old ?? 0) < revision {
      _ = set.setAnnotation(DeploymentAnnotation.revision, String(revision))
      isChanged = true
      if let written { addHistory(written, to: &set) }
    }
    if isNew, set.setSizes(of: deployment) { isChanged = true }
    return isChanged
  }

  /// Keeps the revision that is being replaced; the oldest ones make room.
  private func addHistory(_ revision: String, to set: inout ManagedReplicaSet) {
    let known = set.annotation(DeploymentAnnotation.revisionHistory) ?? ""
    guard !known.isEmpty else {
      _ = set.setAnnotation(DeploymentAnnotation.revisionHistory, revision)
      return
    }
    var revisions = known.split(separator: ",", omittingEmptySubsequences: false)[...]
    var length = known.utf8.count + revision.utf8.count + 1
    while length > Self.historyTextMax, let first = revisions.popFirst() {
      length -= first.utf8.count + 1
    }
    guard length <= Self.historyTextMax else { return }
    let text = (revisions.map(String.init) + [revision]).joined(separator: ",")
    _ = set.setAnnotation(DeploymentAnnotation.revisionHistory, text)
  }

  // MARK: - Making one

  private mutating func makeNewSet(_ revision: Int64) throws(Trouble) -> ManagedReplicaSet {
    let hash = PodTemplateHash.of(
      deployment.template, collisionCount: deployment.status.collisionCount,
      version: view.version)
    var set = newSetValue(hash)
    let count = try newReplicas(current: 0, total: sets.replicas)
    set.setReplicas(count)
    _ = annotate(&set, revision: revision, isNew: true)
    decision.add(.create(set.value, .replicaSets, namespace: deployment.object.namespace))
    if count > 0 {
      decision.add(
        event(
          .normal, "ScalingReplicaSet",
          "Scaled up replica set \(set.name) from 0 to \(count)"))
    }
    sets.append(set)
    var mustWrite = setRevision(String(revision))
    if deployment.progressDeadlineSeconds != nil {
      setProgressing("True", "NewReplicaSetCreated", "Created new replica set \"\(set.name)\"")
      mustWrite = true
    }
    if mustWrite { writeStatus() }
    return set
  }

  private func newSetValue(_ hash: String) -> ManagedReplicaSet {
    let suffix = "-" + hash
    let name = deployment.object.name.prefix(253 - suffix.utf8.count) + suffix
    let addHash = { (labels: inout Value) in labels[PodTemplateHash.label] = .string(hash) }
    var template = deployment.template
    template.change("metadata") { $0.change("labels", addHash) }
    var selector = deployment.selector
    selector.change("matchLabels", addHash)
    let owner = OwnerReferences.reference(
      to: deployment.object, apiVersion: "apps/v1", kind: "Deployment")
    var metadata = ValueMap()
    metadata["name"] = .string(String(name))
    metadata["namespace"] = deployment.object.namespace.map(Value.string)
    metadata["labels"] = template["metadata"]?["labels"]
    metadata["ownerReferences"] = .list([owner])
    var spec = ValueMap()
    spec["replicas"] = 0
    if deployment.minReadySeconds != 0 {
      spec["minReadySeconds"] = .int(Int64(deployment.minReadySeconds))
    }
    spec["selector"] = selector
    spec["template"] = template
    let value: Value = [
      "kind": "ReplicaSet", "apiVersion": "apps/v1", "metadata": .map(metadata),
      "spec": .map(spec), "status": ["replicas": 0],
    ]
    return ManagedReplicaSet(new: value, name: String(name))
  }

  /// The size that the new ReplicaSet may have now.
  ///
  /// - Parameter total: Σ spec.replicas of all ReplicaSets.
  func newReplicas(current: Int, total: Int) throws(Trouble) -> Int {
    guard deployment.isRolling else { return deployment.replicas }
    guard let surge = (deployment.maxSurge ?? .int(0)).count(of: deployment.replicas, rounding: .up)
    else { throw Trouble(because: "maxSurge is no number and no percentage") }
    let room = deployment.replicas.addingSaturated(surge) - total
    guard room > 0 else { return current }
    return current + min(room, deployment.replicas - current)
  }

  /// What to do when the new ReplicaSet could not be made.
  mutating func recover(creating value: Value, _ refusal: WriteRefusal) {
    let name = value["metadata"]?["name"]?.string ?? ""
    let namespace = deployment.object.namespace
    if refusal.reason == .alreadyExists {
      // As long as it is not seen it may still be our own.
      let key = ResourceKey(.replicaSets, namespace: namespace, name: name)
      guard let known = view.state.object(key) else { return }
      let isOurs = known.controller?.uid == deployment.object.uid
      if isOurs,
        PodTemplateComparison.isEqual(known.value["spec"]?["template"], deployment.template)
      {
        return
      }
      deployment.status.collisionCount = (deployment.status.collisionCount ?? 0) &+ 1
      return writeStatus()
    }
    let message = "Failed to create new replica set \"\(name)\": \(refusal.message)"
    if deployment.progressDeadlineSeconds != nil {
      setProgressing("False", "ReplicaSetCreateError", message)
      writeStatus()
    }
    decision.add(event(.warning, "ReplicaSetCreateError", message))
  }
}
