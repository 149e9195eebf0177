import ManifestSchema
import ManifestSyntax

/// Rolls Deployments out: makes a ReplicaSet for every template, moves pods from old ReplicaSets to
/// the new one within the limits of the strategy, and says how far that has come.
public struct DeploymentController: Controller {
  /// Nothing: everything is in the objects.
  public struct Memory: Sendable {}

  public static let name = "deployment-controller"
  public static let watches: [GroupResource] = [.deployments, .replicaSets, .pods]
  public static let retriesMax: Int? = 15
  public static var freshMemory: Memory { Memory() }

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .deployments: wakes.wake(change.key)
    case .replicaSets: observeReplicaSet(change, view, &wakes)
    case .pods: observePod(change, view, &wakes)
    default: break
    }
  }

  private func observeReplicaSet(
    _ change: Change, _ view: ControllerView, _ wakes: inout Wakes
  ) {
    let (old, new) = (change.old, change.new)
    if let old, let new, old.revision == new.revision { return }
    if old?.controller != new?.controller || new == nil {
      wake(old?.controller, change, view, &wakes)
    }
    guard let new else { return }
    if let owner = new.controller { return wake(owner, change, view, &wakes) }
    // Nobody's: whoever selects it may want it.
    guard old == nil || old?.labels != new.labels || old?.controller != nil else { return }
    let labels = new.labelTexts
    for deployment in view.state.objects(.deployments, in: new.namespace) {
      let selector = DeploymentSync.selector(of: deployment)
      if let selector, !selector.isEmpty, selector.matches(labels) { wakes.wake(deployment.key) }
    }
  }

  private func wake(
    _ owner: ClusterObject.Owner?, _ change: Change, _ view: ControllerView, _ wakes: inout Wakes
  ) {
    guard let owner, owner.kind == "Deployment" else { return }
    let key = ResourceKey(.deployments, namespace: change.key.namespace, name: owner.name)
    if view.state.object(key)?.uid == owner.uid { wakes.wake(key) }
  }

  /// Only Recreate waits for pods to go.
  private func observePod(_ change: Change, _ view: ControllerView, _ wakes: inout Wakes) {
    guard change.new == nil, let owner = change.old?.controller, owner.kind == "ReplicaSet"
    else { return }
    let key = ResourceKey(.replicaSets, namespace: change.key.namespace, name: owner.name)
    guard let set = view.state.object(key), set.uid == owner.uid, let manager = set.controller
    else { return }
    let name = ResourceKey(.deployments, namespace: change.key.namespace, name: manager.name)
    guard let deployment = view.state.object(name), deployment.uid == manager.uid,
      deployment.value["spec"]?["strategy"]?["type"] == "Recreate"
    else { return }
    let pods = view.state.objects(.replicaSets, controlledBy: manager.uid).contains {
      !view.state.objects(.pods, controlledBy: $0.uid).isEmpty
    }
    if !pods { wakes.wake(name) }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let object = view.state.object(key) else { return .done }
    var sync = DeploymentSync(DeploymentModel(object), view)
    do throws(DeploymentSync.Trouble) {
      try sync.run()
      return sync.decision
    } catch {
      sync.decision.isRetry = true
      sync.decision.because = error.because
      return sync.decision
    }
  }

  public func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let (action, refusal) = failure.refusals.first, case .create(let set, _, _) = action,
      let object = view.state.object(key)
    else { return .retry }
    if refusal.reason == .namespaceTerminating { return .done }
    var sync = DeploymentSync(DeploymentModel(object), view)
    sync.recover(creating: set, refusal)
    sync.decision.isRetry = true
    return sync.decision
  }
}
