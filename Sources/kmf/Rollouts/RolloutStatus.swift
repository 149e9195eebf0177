import ClusterControl
import ManifestSyntax

/// How far a workload is from what its spec asks for, in the words of `kubectl rollout status`.
enum RolloutStatus: Equatable {
  case waiting(String)
  case done(String)
  /// It will not get there by itself.
  case failed(String)

  var text: String {
    switch self {
    case .waiting(let text), .done(let text), .failed(let text): text
    }
  }

  var isWaiting: Bool {
    if case .waiting = self { return true }
    return false
  }

  /// The kinds that can be waited for: the cluster's controllers bring them to an end.
  static let kinds: Set<GroupResource> = [.deployments, .replicaSets, .pods]

  /// The status of an object of one of ``kinds``; nil for an object that is not there.
  init(_ key: ResourceKey, _ object: Value?) {
    guard let object else {
      self = .failed("\(key.plural) \"\(key.name)\" not found")
      return
    }
    switch key.resource {
    case .deployments: self = Self.deployment(key.name, object)
    case .replicaSets: self = Self.replicaSet(key.name, object)
    default: self = Self.pod(key.name, object)
    }
  }

  private static func deployment(_ name: String, _ object: Value) -> RolloutStatus {
    let status = object["status"]
    let count = { (field: String) in status?[field]?.int64 ?? 0 }
    guard isObserved(object) else {
      return .waiting("Waiting for deployment spec update to be observed...")
    }
    let progress = status?["conditions"]?.list?.first { $0["type"] == "Progressing" }
    if progress?["reason"] == "ProgressDeadlineExceeded" {
      return .failed("deployment \"\(name)\" exceeded its progress deadline")
    }
    let begin = "Waiting for deployment \"\(name)\" rollout to finish: "
    let wanted = object["spec"]?["replicas"]?.int64 ?? 1
    let updated = count("updatedReplicas")
    if updated < wanted {
      return .waiting("\(begin)\(updated) out of \(wanted) new replicas have been updated...")
    }
    let old = count("replicas") - updated
    if old > 0 { return .waiting("\(begin)\(old) old replicas are pending termination...") }
    let available = count("availableReplicas")
    if available < updated {
      return .waiting("\(begin)\(available) of \(updated) updated replicas are available...")
    }
    return .done("deployment \"\(name)\" successfully rolled out")
  }

  private static func replicaSet(_ name: String, _ object: Value) -> RolloutStatus {
    guard isObserved(object) else {
      return .waiting("Waiting for replicaset spec update to be observed...")
    }
    let wanted = object["spec"]?["replicas"]?.int64 ?? 1
    let present = object["status"]?["replicas"]?.int64 ?? 0
    let available = object["status"]?["availableReplicas"]?.int64 ?? 0
    guard available == wanted, present == wanted else {
      return .waiting(
        "Waiting for replicaset \"\(name)\": \(available) of \(wanted) replicas are available...")
    }
    return .done("replicaset \"\(name)\" has all its replicas")
  }

  private static func pod(_ name: String, _ object: Value) -> RolloutStatus {
    let status = object["status"]
    let phase = status?["phase"]?.string ?? "Pending"
    let ready = status?["conditions"]?.list?.first { $0["type"] == "Ready" }
    if phase == "Failed" { return .failed("pod \"\(name)\" failed") }
    if phase == "Succeeded" { return .done("pod \"\(name)\" completed") }
    if ready?["status"] == "True" { return .done("pod \"\(name)\" is ready") }
    return .waiting("Waiting for pod \"\(name)\" to be ready (\(phase))...")
  }

  private static func isObserved(_ object: Value) -> Bool {
    let generation = object["metadata"]?["generation"]?.int64 ?? 0
    return object["status"]?["observedGeneration"]?.int64 ?? 0 >= generation
  }
}
