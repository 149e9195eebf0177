import ManifestSchema
import ManifestSyntax

/// Deletes pods that do not tolerate a NoExecute taint of their node, or not any longer.
public struct TaintEvictionController: Controller {
  /// When each pod is to go, by uid.
  public struct Memory: Sendable {
    var due: [String: Time] = [:]
  }

  public static let name = "taint-eviction-controller"
  public static let watches: [GroupResource] = [.pods, .nodes]
  public static var freshMemory: Memory { Memory() }

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    if change.key.resource == .nodes {
      let taints = { (node: ClusterObject?) in node.map(Self.taints) ?? [] }
      guard taints(change.old) != taints(change.new) else { return }
      for pod in view.state.pods(on: change.key.name) { wakes.wake(pod.key) }
      return
    }
    guard let new = change.new else {
      if let old = change.old { memory.due[old.uid] = nil }
      return
    }
    guard let node = new.pod?.node else { return }
    let tolerations = { (pod: ClusterObject?) in pod?.value["spec"]?["tolerations"] }
    guard change.old?.pod?.node != node || tolerations(change.old) != tolerations(new) else {
      return
    }
    let home = view.state.object(ResourceKey(.nodes, name: node))
    if let home, !Self.taints(of: home).isEmpty { wakes.wake(new.key) }
  }

  static func taints(of node: ClusterObject) -> [Value] {
    (node.value["spec"]?["taints"]?.list ?? []).filter { $0["effect"] == "NoExecute" }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let pod = view.state.object(key), let name = pod.pod?.node, !pod.isTerminating,
      let node = view.state.object(ResourceKey(.nodes, name: name))
    else { return .done }
    let taints = Self.taints(of: node)
    guard !taints.isEmpty else {
      if memory.due.removeValue(forKey: pod.uid) != nil {
        var decision = Decision()
        decision.add(
          .event(
            Action.Event(
              .normal, about: pod, reason: "TaintManagerEviction",
              message: "Cancelling deletion of Pod \(key.namespace ?? "")/\(key.name)")))
        return decision
      }
      return .done
    }
    guard let patience = patience(of: pod, with: taints) else {
      memory.due[pod.uid] = nil
      return .done
    }
    guard patience > .zero else { return evict(pod, view, &memory) }
    // What has begun to run out runs on, whatever is judged again.
    let since = max(pod.created, taints.compactMap(Self.added).max() ?? view.now)
    let due = memory.due[pod.uid] ?? min(since, view.now).advanced(by: patience)
    guard due > view.now else { return evict(pod, view, &memory) }
    memory.due[pod.uid] = due
    var decision = Decision()
    decision.checkAgain = due.duration(since: view.now)
    return decision
  }

  private static func added(_ taint: Value) -> Time? {
    taint["timeAdded"]?.string.flatMap { Time($0) }
  }

  /// How long the pod bears the taints; nil for ever, zero not at all.
  private func patience(of pod: ClusterObject, with taints: [Value]) -> Duration? {
    let tolerations = pod.value["spec"]?["tolerations"]?.list ?? []
    var used: [Value] = []
    for taint in taints {
      guard let toleration = tolerations.first(where: { Self.tolerates($0, taint) }) else {
        return .zero
      }
      used.append(toleration)
    }
    let seconds = used.compactMap { $0["tolerationSeconds"]?.int64 }
    return seconds.min().map { .seconds(min(max($0, 0), Int64(Int32.max))) }
  }

  static func tolerates(_ toleration: Value, _ taint: Value) -> Bool {
    let effect = toleration["effect"]?.string ?? ""
    guard effect.isEmpty || effect == taint["effect"]?.string else { return false }
    let key = toleration["key"]?.string ?? ""
    guard key.isEmpty || key == taint["key"]?.string else { return false }
    switch toleration["operator"]?.string ?? "Equal" {
    case "Exists": return true
    case "Equal", "":
      return toleration["value"]?.string ?? "" == taint["value"]?.string ?? ""
    default: return false
    }
  }

  private func evict(
    _ pod: ClusterObject, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    memory.due[pod.uid] = nil
    var decision = Decision()
    let edit = PodDisruption.mark(
      "DeletionByTaintManager", "Taint manager: deleting due to NoExecute taint", at: view.now)
    decision.add(.edit(pod.key, uid: pod.uid, edit), tolerates: [.notFound])
    decision.add(
      .event(
        Action.Event(
          .normal, about: pod, reason: "TaintManagerEviction",
          message: "Marking for deletion Pod \(pod.namespace ?? "")/\(pod.name)")))
    decision.add(
      .delete(pod.key, Action.Deletion(uid: pod.uid)), tolerates: [.notFound, .conflict])
    return decision
  }
}

/// The condition that tells why a pod is being removed from outside.
enum PodDisruption {
  static func mark(
    _ reason: String, _ message: String, at now: Time, phase: String? = nil
  ) -> Action.Edit {
    Action.Edit("disruption target", isStatus: true) { value in
      value.change("status") { status in
        var conditions = [StatusCondition](status)
        let condition = StatusCondition(
          "DisruptionTarget", "True", reason: reason, message: message, at: now)
        guard conditions.named("DisruptionTarget")?.status != "True" || phase != nil else { return }
        conditions.set(condition)
        // Conditions of pods have fields that others do not have: only this one is written anew.
        var values = (status["conditions"]?.list ?? []).filter { $0["type"] != "DisruptionTarget" }
        if let own = conditions.named("DisruptionTarget") { values.append(own.value) }
        status["conditions"] = .list(values)
        if let phase { status["phase"] = .string(phase) }
      }
    }
  }
}
