import ManifestSchema
import ManifestSyntax

/// What is asked of a pod at every turn, read once for each of its versions.
public struct PodFacts: Hashable, Sendable {
  public enum Phase: String, Hashable, Sendable {
    case pending = "Pending"
    case running = "Running"
    case succeeded = "Succeeded"
    case failed = "Failed"
    case unknown = "Unknown"
  }

  public let phase: Phase
  /// Whether the condition Ready is True.
  public let isReady: Bool
  /// Since when, where that is written; nil for a pod that is not ready.
  public let readySince: Time?
  /// The most that a container was restarted, among the regular ones and among the sidecars.
  public let restarts: Int64
  public let sidecarRestarts: Int64
  /// The node that it is bound to.
  public let node: String?

  /// Whether it has run to its end.
  public var isTerminal: Bool { phase == .succeeded || phase == .failed }

  init(_ pod: Value) {
    let status = pod["status"]
    phase = status?["phase"]?.string.flatMap(Phase.init) ?? .pending
    let ready = Self.condition("Ready", of: status)
    isReady = ready?["status"] == "True"
    readySince = isReady ? ready?["lastTransitionTime"]?.string.flatMap { Time($0) } : nil
    restarts = Self.restarts(status?["containerStatuses"]) { _ in true }
    sidecarRestarts = Self.sidecarRestarts(pod, status)
    let name = pod["spec"]?["nodeName"]?.string ?? ""
    node = name.isEmpty ? nil : name
  }

  private static func sidecarRestarts(_ pod: Value, _ status: Value?) -> Int64 {
    guard let initial = status?["initContainerStatuses"] else { return 0 }
    let sidecars = Set(
      (pod["spec"]?["initContainers"]?.list ?? [])
        .filter { $0["restartPolicy"] == "Always" }.compactMap { $0["name"]?.string })
    return restarts(initial) { sidecars.contains($0["name"]?.string ?? "") }
  }

  private static func restarts(_ statuses: Value?, _ isCounted: (Value) -> Bool) -> Int64 {
    var most: Int64 = 0
    for status in statuses?.list ?? [] where isCounted(status) {
      most = max(most, status["restartCount"]?.int64 ?? 0)
    }
    return most
  }

  static func condition(_ type: String, of status: Value?) -> Value? {
    status?["conditions"]?.list?.first { $0["type"]?.string == type }
  }
}

extension ClusterObject {
  /// Of a pod: whether it counts as a replica, neither finished nor being deleted.
  public var isActivePod: Bool { pod.map { !$0.isTerminal && !isTerminating } ?? false }

  /// The status condition of this type.
  public func condition(_ type: String) -> Value? {
    PodFacts.condition(type, of: value["status"])
  }
}
