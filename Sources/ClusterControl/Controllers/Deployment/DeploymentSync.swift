import ManifestModel
import ManifestSchema
import ManifestSyntax

/// One look at one Deployment, in the order of the real controller.
///
/// Every plan makes one class of changes at most (it grows the new ReplicaSet, or shrinks old
/// ones); the changes wake the controller again, and so both take turns. That order is what a
/// rollout looks like from outside, so it is kept to the letter.
struct DeploymentSync {
  /// Why a plan cannot go on; it is made anew later.
  struct Trouble: Error {
    var because: String
  }

  let view: ControllerView
  var deployment: DeploymentModel
  var decision = Decision()
  /// Every ReplicaSet of the Deployment, older ones first, as changed by this plan so far.
  var sets: [ManagedReplicaSet] = []

  init(_ deployment: DeploymentModel, _ view: ControllerView) {
    self.deployment = deployment
    self.view = view
  }

  static func selector(of object: ClusterObject) -> LabelSelector? {
    object.value["spec"]?["selector"].flatMap { LabelSelectorView(.value($0)).selector }
  }

  mutating func run() throws(Trouble) {
    if deployment.selector == .emptyMap { return refuseEmptySelector() }
    try claim()
    if deployment.object.isTerminating { return try syncStatusOnly() }
    notePause()
    if deployment.isPaused { return try scaleOnly() }
    if rollbackRevision != nil { return try rollBack() }
    if try isScalingEvent() { return try scaleOnly() }
    switch deployment.strategy {
    case "Recreate": try recreate()
    case "RollingUpdate": try roll()
    default: throw Trouble(because: "unexpected strategy '\(deployment.strategy)'")
    }
  }

  private mutating func refuseEmptySelector() {
    decision.add(
      event(
        .warning, "SelectingAll",
        "This deployment is selecting all pods. A non-empty selector is required."))
    guard deployment.status.observedGeneration < deployment.object.generation else { return }
    deployment.status.observedGeneration = deployment.object.generation
    writeStatus()
  }

  // MARK: - Whose ReplicaSets

  /// Finds the Deployment's ReplicaSets, adopts what it selects and lets go of what it does not.
  private mutating func claim() throws(Trouble) {
    guard let selector = Self.selector(of: deployment.object) else {
      throw Trouble(because: "the selector cannot be read")
    }
    let owner = deployment.object
    for set in view.state.objects(.replicaSets, controlledBy: owner.uid) {
      if selector.matches(set.labelTexts) {
        sets.append(ManagedReplicaSet(set))
      } else if !owner.isTerminating {
        decision.add(OwnerReferences.release(set, from: owner.uid), tolerates: [.notFound])
      }
    }
    for set in view.state.uncontrolled(.replicaSets, in: owner.namespace ?? "")
    where !owner.isTerminating && !set.isTerminating && selector.matches(set.labelTexts) {
      guard let live = view.live.object(owner.key), live.uid == owner.uid, !live.isTerminating
      else { throw Trouble(because: "the deployment is gone or going") }
      let adoption = OwnerReferences.adoption(by: owner, apiVersion: "apps/v1", kind: "Deployment")
      decision.add(.edit(set.key, uid: set.uid, adoption), tolerates: [.notFound])
      var model = ManagedReplicaSet(set)
      // Later writes of this plan must not undo it.
      adoption.change(&model.value)
      sets.append(model)
    }
    sets.sort(by: ManagedReplicaSet.isOlder)
  }

  // MARK: - Writing

  func event(_ kind: Action.Event.Kind, _ reason: String, _ message: String) -> Action {
    .event(Action.Event(kind, about: deployment.object, reason: reason, message: message))
  }

  /// Writes the status and the annotations as they are now.
  mutating func writeStatus() {
    var value = deployment.value
    value["status"] = deployment.status.value
    decision.add(.updateStatus(deployment.object, value))
  }

  /// Writes a ReplicaSet as it is now, and remembers it so.
  mutating func write(_ set: ManagedReplicaSet) {
    guard let object = set.object else { return }
    decision.add(.update(object, set.value))
    if let place = sets.firstIndex(where: { $0.uid == set.uid }) { sets[place] = set }
  }

  /// Sets the size of a ReplicaSet.
  ///
  /// - Returns: Whether the size changed.
  @discardableResult
  mutating func scale(_ set: ManagedReplicaSet, to count: Int, always: Bool = false) -> Bool {
    let old = set.replicas
    guard old != count || always else { return false }
    var set = set
    let isNoted = set.setSizes(of: deployment)
    guard old != count || isNoted else { return false }
    set.setReplicas(count)
    write(set)
    if old != count {
      let way = count > old ? "up" : "down"
      decision.add(
        event(
          .normal, "ScalingReplicaSet",
          "Scaled \(way) replica set \(set.name) from \(old) to \(count)"))
    }
    return old != count
  }
}

/// Taking over and letting go of objects.
enum OwnerReferences {
  static func reference(to owner: ClusterObject, apiVersion: String, kind: String) -> Value {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(owner.name),
      "uid": .string(owner.uid), "controller": true, "blockOwnerDeletion": true,
    ]
  }

  static func adoption(by owner: ClusterObject, apiVersion: String, kind: String) -> Action.Edit {
    let reference = reference(to: owner, apiVersion: apiVersion, kind: kind)
    return Action.Edit("adopt", sparesTerminating: true) { value in
      value.change("metadata") { metadata in
        let others = (metadata["ownerReferences"]?.list ?? []).filter {
          $0["uid"] != reference["uid"]
        }
        metadata["ownerReferences"] = .list(others + [reference])
      }
    }
  }

  static func release(_ object: ClusterObject, from uid: String) -> Action {
    let edit = Action.Edit("release") { value in
      value.change("metadata") { metadata in
        let rest = (metadata["ownerReferences"]?.list ?? []).filter { $0["uid"]?.string != uid }
        metadata["ownerReferences"] = rest.isEmpty ? nil : .list(rest)
      }
    }
    return .edit(object.key, uid: object.uid, edit)
  }
}
