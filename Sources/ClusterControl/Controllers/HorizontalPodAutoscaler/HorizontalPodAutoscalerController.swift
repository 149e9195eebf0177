import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Changes the number of pods of a workload with what they are found to use.
///
/// It looks every fifteen seconds, counted from the autoscaler's creation, but only as long as
/// looking again can come to something else: while nothing changes and nothing waits, it rests.
public struct HorizontalPodAutoscalerController: Controller {
  public struct Memory: Sendable {
    var autoscalers: [String: Set<String>] = [:]
    var histories: [String: ScalingHistory] = [:]
  }

  public static let name = "horizontal-pod-autoscaler"
  public static let watches: [GroupResource] = [
    .autoscalers, .pods, .deployments, .replicaSets, .statefulSets, .replicationControllers,
  ]
  public static var freshMemory: Memory { Memory() }
  static let periodSeconds: Int64 = 15

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    let namespace = change.key.namespace ?? ""
    if change.key.resource == .autoscalers {
      guard let new = change.new else {
        memory.autoscalers[namespace]?.remove(change.key.name)
        if let old = change.old { memory.histories[old.uid] = nil }
        return
      }
      memory.autoscalers[namespace, default: []].insert(change.key.name)
      if let old = change.old, old.value["spec"] == new.value["spec"],
        old.annotations == new.annotations
      {
        return
      }
      return wakes.wake(new.key, after: Self.nextTurn(of: new, view.now))
    }
    guard let names = memory.autoscalers[namespace], !names.isEmpty, Self.matters(change) else {
      return
    }
    for name in names.sorted() {
      let key = ResourceKey(.autoscalers, namespace: namespace, name: name)
      if let object = view.state.object(key) {
        wakes.wake(key, after: Self.nextTurn(of: object, view.now))
      }
    }
  }

  private static func matters(_ change: Change) -> Bool {
    guard let old = change.old, let new = change.new else { return true }
    if change.key.resource != .pods {
      return old.value["spec"]?["replicas"] != new.value["spec"]?["replicas"]
    }
    return old.pod != new.pod || old.isTerminating != new.isTerminating
      || old.annotations != new.annotations
  }

  /// How long until the autoscaler is looked at again.
  private static func nextTurn(of object: ClusterObject, _ now: Time) -> Duration {
    let passed = now.nanoseconds(since: object.created)
    let period = periodSeconds * Time.nanosecondsPerSecond
    let over = ((passed % period) + period) % period
    return .nanoseconds(period - over)
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let object = view.state.object(key), !object.isTerminating else { return .done }
    var history = memory.histories[object.uid] ?? ScalingHistory()
    // One look at a time is enough, however many asked for it.
    guard history.lastTurn != view.now else { return .done }
    history.lastTurn = view.now
    var turn = AutoscalerTurn(object, view)
    turn.run(&history)
    memory.histories[object.uid] = history
    var decision = turn.decision
    if turn.looksAgain { decision.checkAgain = Self.nextTurn(of: object, view.now) }
    return decision
  }

  public func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    // There is another turn soon.
    var decision = Decision()
    decision.checkAgain = .seconds(Self.periodSeconds)
    return decision
  }
}
