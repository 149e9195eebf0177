import ManifestSyntax

/// Following spec.replicas, which comes before any step of a rollout.
extension DeploymentSync {
  /// Whether an active ReplicaSet was made for another number of replicas.
  mutating func isScalingEvent() throws(Trouble) -> Bool {
    _ = try syncRevisions(creates: false)
    return sets.active.contains(where: wantsOtherSize)
  }

  private func wantsOtherSize(_ set: ManagedReplicaSet) -> Bool {
    let desired = set.number(DeploymentAnnotation.desiredReplicas)
    return desired.map { $0 != Int64(deployment.replicas) } ?? false
  }

  /// Scales, and rolls nothing.
  mutating func scaleOnly() throws(Trouble) {
    let new = try syncRevisions(creates: false)
    scaleAll(new)
    if deployment.isPaused, rollbackRevision == nil { cleanUp() }
    syncDeploymentStatus(sets, new)
  }

  mutating func syncStatusOnly() throws(Trouble) {
    let new = try syncRevisions(creates: false)
    syncDeploymentStatus(sets, new)
  }

  private mutating func scaleAll(_ new: ManagedReplicaSet?) {
    if let only = activeOrLatest(new) {
      scale(only, to: deployment.replicas)
      return
    }
    if isSaturated(new) {
      for set in oldSets.active { scale(set, to: 0) }
    } else if deployment.isRolling {
      scaleProportionally()
    }
  }

  /// The ReplicaSet that has all the pods, or would have; nil when several have some.
  private func activeOrLatest(_ new: ManagedReplicaSet?) -> ManagedReplicaSet? {
    let active = sets.active
    switch active.count {
    case 0: return new ?? oldSets.max(by: ManagedReplicaSet.isOlder)
    case 1: return active[0]
    default: return nil
    }
  }

  /// Whether the new ReplicaSet has every pod that is wanted, all available.
  private func isSaturated(_ new: ManagedReplicaSet?) -> Bool {
    guard let new, let desired = new.number(DeploymentAnnotation.desiredReplicas) else {
      return false
    }
    return new.replicas == deployment.replicas && desired == Int64(deployment.replicas)
      && new.status.available == deployment.replicas
  }

  /// Shares what is to be added or taken among the active ReplicaSets by their sizes, so that a
  /// broken new version grows no faster than it should.
  private mutating func scaleProportionally() {
    var active = sets.active
    let allowed = deployment.replicas > 0 ? deployment.podsMax : 0
    let toAdd = allowed - active.replicas
    active.sort { left, right in
      if left.replicas != right.replicas { return left.replicas > right.replicas }
      return toAdd > 0
        ? ManagedReplicaSet.isNewer(left, right) : ManagedReplicaSet.isOlder(left, right)
    }
    var sizes = active.map(\.replicas)
    if toAdd != 0, !active.isEmpty {
      var added = 0
      for place in active.indices {
        let share = share(of: active[place], toAdd: toAdd, added: added)
        sizes[place] += share
        added += share
      }
      sizes[0] = max(0, sizes[0] + toAdd - added)
    }
    for (set, size) in zip(active, sizes) { scale(set, to: size, always: true) }
  }

  private func share(of set: ManagedReplicaSet, toAdd: Int, added: Int) -> Int {
    guard set.replicas != 0, toAdd != added else { return 0 }
    let fraction = fraction(of: set)
    return toAdd > 0 ? min(fraction, toAdd - added) : max(fraction, toAdd - added)
  }

  private func fraction(of set: ManagedReplicaSet) -> Int {
    if deployment.replicas == 0 { return -set.replicas }
    var before = set.number(DeploymentAnnotation.maxReplicas).map(Double.init) ?? 0
    if before == 0 { before = Double(deployment.status.replicas) }
    guard before != 0 else { return 0 }
    let size = Double(set.replicas) * Double(deployment.podsMax) / before
    let rounded = size.rounded(.toNearestOrAwayFromZero)
    // Annotations may hold anything; sizes end where the API's do.
    return Int(min(max(rounded, 0), Double(Int32.max))) - set.replicas
  }

  // MARK: - History

  /// Deletes old ReplicaSets without pods beyond the number that is kept.
  mutating func cleanUp() {
    guard let limit = deployment.revisionHistoryLimit else { return }
    var candidates = oldSets.filter { !$0.isTerminating }
    let excess = candidates.count - limit
    guard excess > 0 else { return }
    candidates.sort { left, right in
      if let first = left.revision, let second = right.revision, first != second {
        return first < second
      }
      return ManagedReplicaSet.isOlder(left, right)
    }
    for set in candidates.prefix(excess) {
      guard let object = set.object, set.status.replicas == 0, set.replicas == 0,
        object.generation <= set.status.observedGeneration
      else { continue }
      decision.add(.delete(object.key, Action.Deletion()), tolerates: [.notFound])
    }
  }
}
