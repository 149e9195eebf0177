import ManifestSchema
import ManifestSyntax

/// Removes pods that nobody else removes: ended ones beyond a number, and those whose node is gone.
///
/// It looks every twenty seconds, but only when there can be something: a node has gone, a pod
/// without a node is to be deleted, a node is out of service, or too many pods have ended.
public struct PodGCController: Controller {
  public struct Memory: Sendable {
    /// Since when a node is missing that pods are bound to.
    var missing: [String: Time] = [:]
    var endedCount = 0
  }

  public static let name = "pod-garbage-collector"
  public static let watches: [GroupResource] = [.pods, .nodes]
  public static var freshMemory: Memory { Memory() }
  static let periodSeconds: Int64 = 20
  static let quarantineSeconds: Int64 = 40
  static let endedMax = 12_500
  /// There is one key for all pods.
  static let all = ResourceKey(.pods, name: "")
  static let outOfService = "node.kubernetes.io/out-of-service"

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    let delay = Duration.seconds(
      Self.periodSeconds - (view.now.seconds % Self.periodSeconds + Self.periodSeconds)
        % Self.periodSeconds)
    if change.key.resource == .nodes {
      if change.new == nil || change.new.map(Self.isOutOfService) == true {
        wakes.wake(Self.all, after: delay)
      } else {
        memory.missing[change.key.name] = nil
      }
      return
    }
    if change.old?.pod?.isTerminal == true { memory.endedCount -= 1 }
    guard let pod = change.new else { return }
    if pod.pod?.isTerminal == true { memory.endedCount += 1 }
    let isStranded: Bool
    if let name = pod.pod?.node {
      let node = view.state.object(ResourceKey(.nodes, name: name))
      isStranded = node == nil || pod.isTerminating && node.map(Self.isOutOfService) == true
    } else {
      isStranded = pod.isTerminating
    }
    if isStranded || memory.endedCount > Self.endedMax { wakes.wake(Self.all, after: delay) }
  }

  private static func isOutOfService(_ node: ClusterObject) -> Bool {
    (node.value["spec"]?["taints"]?.list ?? []).contains { $0["key"]?.string == outOfService }
      && !NodeLifecycleController.isReady(node)
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    var decision = Decision()
    var ended: [ClusterObject] = []
    var orphans: [String: [ClusterObject]] = [:]
    for pod in view.state.objects(.pods) {
      if pod.pod?.isTerminal == true { ended.append(pod) }
      guard let name = pod.pod?.node else {
        if pod.isTerminating { remove(pod, nil, view, &decision) }
        continue
      }
      guard let node = view.state.object(ResourceKey(.nodes, name: name)) else {
        orphans[name, default: []].append(pod)
        continue
      }
      if pod.isTerminating, Self.isOutOfService(node) {
        remove(
          pod, "PodGC: node out of service", view, &decision)
      }
    }
    memory.endedCount = ended.count
    if ended.count > Self.endedMax {
      let oldest = ended.sorted { ($0.created, $0.name) < ($1.created, $1.name) }
      for pod in oldest.prefix(ended.count - Self.endedMax) { remove(pod, nil, view, &decision) }
    }
    removeOrphans(orphans, view, &memory, &decision)
    return decision
  }

  /// A missing node may only be late: it is asked for again after a while, uncached.
  private func removeOrphans(
    _ orphans: [String: [ClusterObject]], _ view: ControllerView, _ memory: inout Memory,
    _ decision: inout Decision
  ) {
    memory.missing = memory.missing.filter { orphans[$0.key] != nil }
    for name in orphans.keys.sorted() {
      let since = memory.missing[name] ?? view.now
      memory.missing[name] = since
      guard view.now.seconds(since: since) >= Self.quarantineSeconds else {
        decision.checkAgain = .seconds(Self.periodSeconds)
        continue
      }
      guard view.live.object(ResourceKey(.nodes, name: name)) == nil else { continue }
      for pod in orphans[name] ?? [] {
        remove(pod, "PodGC: node no longer exists", view, &decision)
      }
    }
  }

  private func remove(
    _ pod: ClusterObject, _ message: String?, _ view: ControllerView, _ decision: inout Decision
  ) {
    if pod.pod?.isTerminal != true {
      let edit =
        message.map {
          PodDisruption.mark("DeletionByPodGC", $0, at: view.now, phase: "Failed")
        }
        ?? Action.Edit("failed", isStatus: true) { value in
          value.change("status") { $0["phase"] = "Failed" }
        }
      decision.add(.edit(pod.key, uid: pod.uid, edit), tolerates: [.notFound])
    }
    decision.add(
      .delete(pod.key, Action.Deletion(uid: pod.uid, graceSeconds: 0)),
      tolerates: [.notFound, .conflict])
  }
}
