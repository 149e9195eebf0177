import ManifestSchema
import ManifestSyntax

/// The two strategies.
extension DeploymentSync {
  /// RollingUpdate: grow the new ReplicaSet as far as the surge allows, or else shrink old ones as
  /// far as availability allows.
  mutating func roll() throws(Trouble) {
    guard let new = try syncRevisions(creates: true) else { return }
    let all = sets
    if try growNew(new, all) { return syncRolloutStatus(all, new) }
    if shrinkOld(new, all) { return syncRolloutStatus(all, new) }
    if isComplete(deployment.status) { cleanUp() }
    syncRolloutStatus(all, new)
  }

  private mutating func growNew(
    _ new: ManagedReplicaSet, _ all: [ManagedReplicaSet]
  ) throws(Trouble) -> Bool {
    if new.replicas == deployment.replicas { return false }
    if new.replicas > deployment.replicas { return scale(new, to: deployment.replicas) }
    return scale(new, to: try newReplicas(current: new.replicas, total: all.replicas))
  }

  private mutating func shrinkOld(
    _ new: ManagedReplicaSet, _ all: [ManagedReplicaSet]
  ) -> Bool {
    var old = oldSets.active
    guard old.replicas > 0 else { return false }
    // New pods that are not available yet are charged in full: a version that does not work never
    // costs more old pods than may be missing.
    let missing = new.replicas - new.status.available
    let room = all.replicas - deployment.availableMin - missing
    guard room > 0 else { return false }
    let before = decision
    guard let unhealthy = shrinkUnhealthy(&old, most: room),
      let healthy = shrinkHealthy(old, new)
    else {
      // As the real controller does, this counts as nothing shrunk; what was written stays.
      if decision.steps.isEmpty { decision = before }
      return false
    }
    return unhealthy + healthy > 0
  }

  /// Takes pods that are not available anyway, from the oldest ReplicaSet on.
  ///
  /// - Returns: How many; nil when the counts make no sense.
  private mutating func shrinkUnhealthy(
    _ old: inout [ManagedReplicaSet], most: Int
  ) -> Int? {
    var taken = 0
    for place in old.indices {
      guard taken < most else { break }
      let set = old[place]
      if set.replicas == 0 || set.replicas == set.status.available { continue }
      let count = min(most - taken, set.replicas - set.status.available)
      guard count > 0 else { return nil }
      scale(set, to: set.replicas - count)
      old[place].setReplicas(set.replicas - count)
      taken += count
    }
    return taken
  }

  /// Takes available pods as long as enough remain.
  private mutating func shrinkHealthy(
    _ old: [ManagedReplicaSet], _ new: ManagedReplicaSet
  ) -> Int? {
    let surplus = (old + [new]).available - deployment.availableMin
    var taken = 0
    for set in old where taken < surplus && set.replicas > 0 {
      let count = min(set.replicas, surplus - taken)
      // What an earlier step of this plan changed is in `sets`.
      let current = sets.first { $0.uid == set.uid } ?? set
      scale(current, to: set.replicas - count)
      taken += count
    }
    return taken
  }

  /// Recreate: the old pods go, all of them, before a new one comes.
  mutating func recreate() throws(Trouble) {
    var new = try syncRevisions(creates: false)
    let all = sets
    var isScaled = false
    for set in oldSets.active where scale(set, to: 0) { isScaled = true }
    if isScaled || oldPodsRun(new) { return syncRolloutStatus(all, new) }
    if new == nil { new = try syncRevisions(creates: true) }
    guard let new else { return }
    let everything = sets
    scale(new, to: deployment.replicas)
    if isComplete(deployment.status) { cleanUp() }
    syncRolloutStatus(everything, new)
  }

  /// Whether pods of another version are still there: not finished, also while they stop.
  private func oldPodsRun(_ new: ManagedReplicaSet?) -> Bool {
    if oldSets.actual > 0 { return true }
    guard let selector = Self.selector(of: deployment.object) else { return false }
    return sets.contains { set in
      set.uid != new?.uid
        && view.state.objects(.pods, controlledBy: set.uid).contains {
          $0.pod?.isTerminal == false && selector.matches($0.labelTexts)
        }
    }
  }
}
