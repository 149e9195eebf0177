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
    let name = pod["spec"]?["nodeName"]?.string ?? ""
    node = name.isEmpty ? nil : name
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
