import ManifestSyntax

/// The status that a new object has (CR-03, CR-04, CR-08).
enum StoredStatus {
  static func set(in object: inout Value, kind: Kind) {
    switch (kind.gvk.group, kind.gvk.kind) {
    case ("", "Pod"): object["status"] = podStatus(of: object)
    case ("", "Service"): object["status"] = ["loadBalancer": .emptyMap]
    case ("apps", "Deployment"): object["status"] = .emptyMap
    case ("apps", "ReplicaSet"): object["status"] = ["replicas": 0]
    default: object["status"] = nil
    }
  }

  private static func podStatus(of pod: Value) -> Value {
    var status: Value = ["phase": "Pending"]
    if let gates = pod["spec"]?["schedulingGates"]?.list, !gates.isEmpty {
      status["conditions"] = [
        [
          "type": "PodScheduled", "status": "False", "reason": "SchedulingGated",
          "lastProbeTime": nil, "lastTransitionTime": nil,
          "message": "Scheduling is blocked due to non-empty scheduling gates",
        ]
      ]
    }
    status["qosClass"] = .string(QualityOfService(of: pod["spec"] ?? .emptyMap).rawValue)
    return status
  }
}

/// How a pod fares when its node runs short: decided by requests and limits of cpu and memory.
public enum QualityOfService: String, Hashable, Sendable {
  case guaranteed = "Guaranteed"
  case burstable = "Burstable"
  case bestEffort = "BestEffort"

  private static let names = ["cpu", "memory"]

  /// The class of a pod with this spec, whose requests are defaulted.
  public init(of spec: Value) {
    var requests: [String: Quantity] = [:]
    var limits: [String: Quantity] = [:]
    var isGuaranteed = true
    var owners = ["containers", "initContainers"].flatMap { spec[$0]?.list ?? [] }
    // What the pod asks for as a whole goes before what its containers do.
    if spec["resources"] != nil { owners = [spec] }
    for owner in owners {
      let own = Self.amounts(owner["resources"]?["limits"])
      requests.merge(Self.amounts(owner["resources"]?["requests"]), uniquingKeysWith: +)
      limits.merge(own, uniquingKeysWith: +)
      if own.count < Self.names.count { isGuaranteed = false }
    }
    if requests.isEmpty, limits.isEmpty {
      self = .bestEffort
    } else {
      self = isGuaranteed && requests == limits ? .guaranteed : .burstable
    }
  }

  private static func amounts(_ list: Value?) -> [String: Quantity] {
    var amounts: [String: Quantity] = [:]
    for name in names {
      guard let text = list?[name]?.string, let amount = Quantity(decoding: text), amount.sign > 0
      else { continue }
      amounts[name] = amount
    }
    return amounts
  }
}
