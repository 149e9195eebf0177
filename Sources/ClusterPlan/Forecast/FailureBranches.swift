import ClusterControl
import ManifestSchema
import ManifestSyntax

/// What is left when something goes wrong on the way.
public struct FailureBranch: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    /// The node with most of the pods fails.
    case nodeDown = "node-down"
    /// The quota of the namespace is used up.
    case quota
  }

  public var kind: Kind
  /// The node, or the quota.
  public var name: String
  /// For `node-down`: so many pods stay available.
  public var available: Int?
  /// A sentence without a full stop.
  public var text: String
}

/// Works out what could go wrong, from where the pods are and what quotas allow.
struct FailureBranches {
  let state: ClusterState
  let workload: WorkloadForecast

  func all() -> [FailureBranch] {
    guard workload.isRollout, workload.replicas > 0 else { return [] }
    return [nodeDown()].compactMap(\.self) + quotas()
  }

  /// The node with most of the pods when the rollout is over, where there is another one.
  private func nodeDown() -> FailureBranch? {
    guard let room = workload.room, state.count(of: .nodes) > 1, workload.course.isComplete,
      let (node, count) = room.placed.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })
    else { return nil }
    let kept = max(0, workload.replicas - count)
    return FailureBranch(
      kind: .nodeDown, name: node, available: kept,
      text: "node \(node) then has \(count) of \(PodEffect.pods(workload.replicas)): if it fails, "
        + "\(kept) stay available until the others are made anew, after five minutes")
  }

  /// How much of each quota the rollout takes at its peak.
  private func quotas() -> [FailureBranch] {
    state.objects(.resourceQuotas, in: workload.object.namespace).flatMap { quota in
      let limits = quota.value["spec"]?["hard"]?.map?.entries ?? []
      return limits.compactMap { branch(quota, $0.key, hard: $0.value) }
    }
  }

  private func branch(_ quota: ClusterObject, _ key: String, hard: Value) -> FailureBranch? {
    guard let each = request(key), let hard = amount(hard) else { return nil }
    let now = workload.course.moments.first?.total ?? 0
    let used = amount(quota.value["status"]?["used"]?[key]) ?? Quantity(0)
    let most = used + times(each, max(0, workload.peakWithTerminating - now))
    guard most.sign > 0 else { return nil }
    let limit =
      most > hard ? ", and only \(hard) allowed: new pods wait for old ones" : " of \(hard)"
    return FailureBranch(
      kind: .quota, name: quota.name, available: nil,
      text: "quota \(quota.name): \(key) up to \(most)\(limit)")
  }

  private func times(_ each: Quantity, _ count: Int) -> Quantity {
    var sum = Quantity(0)
    var part = each
    var rest = count
    while rest > 0 {
      if rest & 1 == 1 { sum += part }
      part += part
      rest >>= 1
    }
    return sum
  }

  private func amount(_ value: Value?) -> Quantity? {
    if let number = value?.int64 { return Quantity(number) }
    return value?.string.flatMap { Quantity($0) }
  }

  /// What one pod takes of what a quota limits; nil where that is no matter of pods.
  private func request(_ key: String) -> Quantity? {
    if key == "pods" || key == "count/pods" { return Quantity(1) }
    let name = key.hasPrefix("requests.") ? String(key.dropFirst("requests.".count)) : key
    guard name == "cpu" || name == "memory" else { return nil }
    var sum = Quantity(0)
    for container in workload.containers {
      if let part = amount(container["resources"]?["requests"]?[name]) { sum += part }
    }
    return sum.sign > 0 ? sum : nil
  }
}
