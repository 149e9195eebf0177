import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Keeps as many pods as a ReplicaSet asks for: makes missing ones, deletes those that matter
/// least.
public struct ReplicaSetController: Controller {
  /// What it still waits to see of its own creations and deletions, by ReplicaSet.
  public typealias Memory = Expectations

  public static let name = "replicaset-controller"
  public static let watches: [GroupResource] = [.replicaSets, .pods]
  public static var freshMemory: Expectations { Expectations() }
  /// The most pods that one plan makes or deletes.
  public static let burstMax = 500

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Expectations, _ wakes: inout Wakes
  ) {
    guard change.key.resource == .pods else {
      // Another object of the same name starts without history.
      if change.new == nil || change.old.map({ $0.uid != change.new?.uid }) == true {
        memory.forget(change.key)
      }
      return wakes.wake(change.key)
    }
    switch (change.old, change.new) {
    case (nil, let new?): podAppeared(new, view, &memory, &wakes)
    case (let old?, let new?): podChanged(old, new, view, &memory, &wakes)
    case (let old?, nil): podWent(old, view, &memory, &wakes)
    case (nil, nil): break
    }
  }

  private func podAppeared(
    _ pod: ClusterObject, _ view: ControllerView, _ memory: inout Expectations,
    _ wakes: inout Wakes
  ) {
    // One that is on its way out when it is first seen counts as gone.
    if pod.isTerminating { return podWent(pod, view, &memory, &wakes) }
    if pod.controller != nil {
      guard let set = replicaSet(of: pod, view) else { return }
      memory.sawCreation(for: set.key)
      return wakes.wake(set.key)
    }
    wakeSelectors(of: pod, view, &wakes)
  }

  private func podChanged(
    _ old: ClusterObject, _ new: ClusterObject, _ view: ControllerView,
    _ memory: inout Expectations, _ wakes: inout Wakes
  ) {
    if old.revision == new.revision { return }
    let areLabelsNew = old.labels != new.labels
    if new.isTerminating {
      podWent(new, view, &memory, &wakes)
      if areLabelsNew { podWent(old, view, &memory, &wakes) }
      return
    }
    let isOwnerNew = old.controller != new.controller
    if isOwnerNew, let set = replicaSet(of: old, view) { wakes.wake(set.key) }
    if new.controller != nil {
      guard let set = replicaSet(of: new, view) else { return }
      wakes.wake(set.key)
      let seconds = set.value["spec"]?["minReadySeconds"]?.int64 ?? 0
      if old.pod?.isReady == false, new.pod?.isReady == true, seconds > 0 {
        // A second more, for clocks that differ.
        wakes.wake(set.key, after: .seconds(seconds) + .seconds(1))
      }
      return
    }
    if areLabelsNew || isOwnerNew { wakeSelectors(of: new, view, &wakes) }
  }

  private func podWent(
    _ pod: ClusterObject, _ view: ControllerView, _ memory: inout Expectations,
    _ wakes: inout Wakes
  ) {
    guard let set = replicaSet(of: pod, view) else { return }
    memory.sawDeletion(of: pod, for: set.key)
    wakes.wake(set.key)
  }

  private func replicaSet(of pod: ClusterObject, _ view: ControllerView) -> ClusterObject? {
    guard let owner = pod.controller, owner.kind == "ReplicaSet" else { return nil }
    let key = ResourceKey(.replicaSets, namespace: pod.namespace, name: owner.name)
    return view.state.object(key).flatMap { $0.uid == owner.uid ? $0 : nil }
  }

  private func wakeSelectors(
    of pod: ClusterObject, _ view: ControllerView, _ wakes: inout Wakes
  ) {
    let labels = pod.labelTexts
    for set in view.state.objects(.replicaSets, in: pod.namespace) {
      let selector = DeploymentSync.selector(of: set)
      if let selector, !selector.isEmpty, selector.matches(labels) { wakes.wake(set.key) }
    }
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Expectations
  ) -> Decision {
    guard let object = view.state.object(key) else {
      memory.forget(key)
      return .done
    }
    guard let selector = DeploymentSync.selector(of: object) else { return .retry }
    var sync = ReplicaSetSync(object, selector, view)
    sync.claim()
    if memory.areMet(key, at: view.now), !object.isTerminating { sync.manage(&memory) }
    sync.writeStatus(failure: nil)
    return sync.decision
  }

  public func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView,
    _ memory: inout Expectations
  ) -> Decision {
    var refusal: WriteRefusal?
    var isAboutReplicas = false
    for (action, reason) in failure.refusals {
      unexpect(action, key, &memory)
      switch action {
      case .create, .delete: isAboutReplicas = true
      default: continue
      }
      // In a namespace that is being deleted there is nothing left to wish for.
      if reason.reason != .namespaceTerminating { refusal = refusal ?? reason }
    }
    for action in failure.skipped { unexpect(action, key, &memory) }
    guard isAboutReplicas, let object = view.state.object(key),
      let selector = DeploymentSync.selector(of: object)
    else { return .retry }
    var sync = ReplicaSetSync(object, selector, view)
    sync.claim()
    sync.decision.steps = failure.refusals.compactMap { sync.event($0.action, $0.refusal) }
    sync.writeStatus(failure: refusal)
    sync.decision.isRetry = refusal != nil
    return sync.decision
  }

  private func unexpect(
    _ action: Action, _ key: ResourceKey, _ memory: inout Expectations
  ) {
    switch action {
    case .create: memory.sawCreation(for: key)
    case .delete(let pod, let deletion):
      memory.sawDeletion(of: pod, uid: deletion.uid, for: key)
    default: break
    }
  }
}
