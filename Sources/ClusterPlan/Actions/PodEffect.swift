import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What a change of a workload does to its pods.
public struct PodEffect: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    /// No pod restarts.
    case none
    /// Pods are added or taken away; those that stay are left alone.
    case scales
    /// Pods are replaced step by step.
    case rolls
    /// All pods stop before new ones start.
    case recreates
    /// Pods are replaced when somebody deletes the old ones.
    case waits
    /// The object is a pod, and made anew.
    case replaces
    /// New pods start.
    case starts
    /// The pods go away.
    case stops

    /// Whether running pods end because of it.
    var restarts: Bool { [.rolls, .recreates, .replaces].contains(self) }
  }

  public var kind: Kind
  /// How many pods; nil where only a scheduler knows.
  public var count: Int?
  /// A sentence without a full stop: `rolls 3 pods`.
  public var text: String

  init(_ kind: Kind, _ count: Int? = nil, _ text: String) {
    self.kind = kind
    self.count = count
    self.text = text
  }

  /// `1 pod`, `3 pods`, `its pods`.
  static func pods(_ count: Int?) -> String {
    count.map { $0 == 1 ? "1 pod" : "\($0) pods" } ?? "its pods"
  }
}

extension PodEffect {
  /// What an update does; nil for kinds without pods.
  static func ofUpdate(_ gvk: GroupVersionKind, from old: Value, to new: Value) -> PodEffect? {
    guard let kind = WorkloadView.WorkloadKind(gvk) else { return nil }
    let count = podCount(kind, of: old)
    switch kind {
    case .pod:
      return PodEffect(.none, 1, "no pod restarts: the pod is changed in place")
    case .podTemplate: return nil
    case .cronJob:
      guard templateChanges(kind, old, new) else { return unchanged(kind) }
      return PodEffect(.none, nil, "no pod restarts: the next runs take the new template")
    case .job: return ofJob(old, new)
    case .replicaSet, .replicationController:
      if let scaling = scaling(kind, old, new) { return scaling }
      guard templateChanges(kind, old, new) else { return unchanged(kind) }
      return PodEffect(.none, nil, "no pod restarts: only new pods take the new template")
    case .deployment, .statefulSet, .daemonSet:
      guard templateChanges(kind, old, new) else {
        return scaling(kind, old, new) ?? unchanged(kind)
      }
      return rollout(kind, new, count)
    }
  }

  /// What a creation does; nil for kinds without pods.
  static func ofCreation(_ gvk: GroupVersionKind, _ new: Value) -> PodEffect? {
    guard let kind = WorkloadView.WorkloadKind(gvk) else { return nil }
    switch kind {
    case .podTemplate, .cronJob: return nil
    case .pod: return PodEffect(.starts, 1, "starts 1 pod")
    default:
      let count = podCount(kind, of: new)
      if count == 0 { return PodEffect(.none, 0, "starts no pod: it has 0 replicas") }
      if kind == .daemonSet, count == nil {
        return PodEffect(.starts, nil, "starts a pod on every suitable node")
      }
      return PodEffect(.starts, count, "starts \(pods(count))")
    }
  }

  /// What a deletion does; nil for kinds without pods.
  static func ofDeletion(_ gvk: GroupVersionKind, _ old: Value) -> PodEffect? {
    guard let kind = WorkloadView.WorkloadKind(gvk), kind != .podTemplate else { return nil }
    let count = podCount(kind, of: old)
    return PodEffect(.stops, count, "stops \(pods(count))")
  }

  /// What a replacement does; nil for kinds without pods.
  static func ofReplacement(_ gvk: GroupVersionKind, _ old: Value) -> PodEffect? {
    guard let kind = WorkloadView.WorkloadKind(gvk), kind != .podTemplate else { return nil }
    let count = podCount(kind, of: old)
    return PodEffect(.replaces, count, "replaces \(pods(count)): all stop before new ones start")
  }

  // MARK: - Kinds

  private static func unchanged(_ kind: WorkloadView.WorkloadKind) -> PodEffect {
    PodEffect(.none, nil, "no pod restarts")
  }

  private static func ofJob(_ old: Value, _ new: Value) -> PodEffect {
    let before = old["spec"]?["suspend"]?.bool ?? false
    let after = new["spec"]?["suspend"]?.bool ?? false
    if before == after { return unchanged(.job) }
    let count = podCount(.job, of: new)
    return after
      ? PodEffect(.stops, nil, "stops its running pods: the job is suspended")
      : PodEffect(.starts, count, "starts \(pods(count)): the job goes on")
  }

  private static func rollout(
    _ kind: WorkloadView.WorkloadKind, _ new: Value, _ count: Int?
  ) -> PodEffect {
    let spec = new["spec"]
    if count == 0 { return PodEffect(.none, 0, "no pod restarts: it has 0 replicas") }
    switch kind {
    case .deployment:
      if spec?["paused"]?.bool == true {
        return PodEffect(.none, nil, "no pod restarts until it is resumed: the rollout is paused")
      }
      if spec?["strategy"]?["type"]?.string == "Recreate" {
        return PodEffect(
          .recreates, count, "restarts \(pods(count)): all stop before new ones start")
      }
    default:
      let strategy = spec?["updateStrategy"]
      if strategy?["type"]?.string == "OnDelete" {
        return PodEffect(
          .waits, nil, "no pod restarts: each takes the new template when it is deleted")
      }
      if kind == .statefulSet, let count,
        let partition = strategy?["rollingUpdate"]?["partition"]?.int64, partition > 0
      {
        let rolled = max(0, count - Int(clamping: partition))
        return PodEffect(
          rolled == 0 ? .none : .rolls, rolled,
          "rolls \(pods(rolled)) of \(count): the partition holds the others back")
      }
    }
    return PodEffect(.rolls, count, "rolls \(pods(count))")
  }

  private static func scaling(
    _ kind: WorkloadView.WorkloadKind, _ old: Value, _ new: Value
  ) -> PodEffect? {
    guard let before = podCount(kind, of: old), let after = podCount(kind, of: new),
      kind != .daemonSet, before != after
    else { return nil }
    let difference = abs(after &- before)
    return after > before
      ? PodEffect(.scales, difference, "starts \(pods(difference)); no pod restarts")
      : PodEffect(.scales, difference, "stops \(pods(difference)); the others stay")
  }

  private static func templateChanges(
    _ kind: WorkloadView.WorkloadKind, _ old: Value, _ new: Value
  ) -> Bool {
    let path = kind.templatePath
    return old[path] != new[path]
  }

  /// How many pods a workload has or wants.
  private static func podCount(_ kind: WorkloadView.WorkloadKind, of object: Value) -> Int? {
    switch kind {
    case .pod: 1
    case .daemonSet:
      object["status"]?["desiredNumberScheduled"]?.int64.flatMap {
        $0 > 0 ? Int(clamping: $0) : nil
      }
    case .job:
      object["spec"]?["suspend"]?.bool == true
        ? 0 : Int(clamping: object["spec"]?["parallelism"]?.int64 ?? 1)
    case .podTemplate, .cronJob: nil
    default: Int(clamping: object["spec"]?["replicas"]?.int64 ?? 1)
    }
  }
}
