import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A Deployment as its controller works on it: the object read, and what this plan made of it.
struct DeploymentModel {
  let object: ClusterObject
  /// With the annotations as they shall be; the status is in `status`.
  var value: Value
  var status: DeploymentStatus
  let replicas: Int
  let strategy: String
  let maxSurge: IntOrString?
  let maxUnavailable: IntOrString?
  let minReadySeconds: Int
  let isPaused: Bool
  /// nil when no deadline is kept.
  let progressDeadlineSeconds: Int64?
  /// nil when nothing is ever cleaned up.
  let revisionHistoryLimit: Int?

  static let noDeadline = Int64(Int32.max)

  init(_ object: ClusterObject) {
    self.object = object
    value = object.value
    status = DeploymentStatus(object.value["status"])
    let spec = object.value["spec"]
    replicas = Int(spec?["replicas"]?.int64 ?? 1)
    strategy = spec?["strategy"]?["type"]?.string ?? "RollingUpdate"
    let rolling = spec?["strategy"]?["rollingUpdate"]
    maxSurge = rolling?["maxSurge"].flatMap(Self.intOrString)
    maxUnavailable = rolling?["maxUnavailable"].flatMap(Self.intOrString)
    minReadySeconds = Int(spec?["minReadySeconds"]?.int64 ?? 0)
    isPaused = spec?["paused"] == true
    let deadline = spec?["progressDeadlineSeconds"]?.int64
    progressDeadlineSeconds = deadline == Self.noDeadline ? nil : deadline
    let limit = spec?["revisionHistoryLimit"]?.int64
    revisionHistoryLimit = limit == Self.noDeadline ? nil : limit.map { Int($0) }
  }

  private static func intOrString(_ value: Value) -> IntOrString? {
    IntOrString.read(.value(value))
  }

  var isRolling: Bool { strategy == "RollingUpdate" }
  var template: Value { value["spec"]?["template"] ?? .emptyMap }
  var selector: Value { value["spec"]?["selector"] ?? .emptyMap }
  var annotations: ValueMap { value["metadata"]?["annotations"]?.map ?? ValueMap() }

  func annotation(_ key: String) -> String? { annotations[key]?.string }

  mutating func setAnnotation(_ key: String, _ text: String?) {
    value.change("metadata") { metadata in
      metadata.change("annotations") { $0[key] = text.map(Value.string) }
      if metadata["annotations"]?.map?.isEmpty == true { metadata["annotations"] = nil }
    }
  }

  // MARK: - Surge and unavailability

  /// Both numbers, surge rounded up and unavailability down; nil for text that is no percentage.
  ///
  /// They cannot both be 0, or nothing would ever move: then one pod may be missing.
  static func fenceposts(
    surge: IntOrString?, unavailable: IntOrString?, replicas: Int
  ) -> (surge: Int, unavailable: Int)? {
    guard let surge = (surge ?? .int(0)).count(of: replicas, rounding: .up),
      let unavailable = (unavailable ?? .int(0)).count(of: replicas, rounding: .down)
    else { return nil }
    return (surge, surge == 0 && unavailable == 0 ? 1 : unavailable)
  }

  private var fenceposts: (surge: Int, unavailable: Int) {
    Self.fenceposts(surge: maxSurge, unavailable: maxUnavailable, replicas: replicas) ?? (0, 0)
  }

  /// How many pods may be missing.
  var unavailableMax: Int {
    guard isRolling, replicas > 0 else { return 0 }
    return min(fenceposts.unavailable, replicas)
  }

  var availableMin: Int { replicas - unavailableMax }

  /// How many pods may be too many.
  var surgeMax: Int { isRolling ? fenceposts.surge : 0 }

  /// The most pods while a rollout or a scaling goes on.
  var podsMax: Int { replicas.addingSaturated(surgeMax) }
}

extension Int {
  func addingSaturated(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? .min : .max) : sum
  }
}

/// The annotations that the controller keeps.
enum DeploymentAnnotation {
  static let revision = "deployment.kubernetes.io/revision"
  static let revisionHistory = "deployment.kubernetes.io/revision-history"
  static let desiredReplicas = "deployment.kubernetes.io/desired-replicas"
  static let maxReplicas = "deployment.kubernetes.io/max-replicas"
  static let rollbackTo = "deprecated.deployment.rollback.to"
  static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// Those that belong to one object and are not copied between Deployment and ReplicaSet.
  static let own: Set<String> = [
    revision, revisionHistory, desiredReplicas, maxReplicas, rollbackTo, lastApplied,
  ]
}

/// The status of a Deployment.
struct DeploymentStatus: Hashable, Sendable {
  var observedGeneration: Int64 = 0
  var replicas = 0
  var updated = 0
  var ready = 0
  var available = 0
  var unavailable = 0
  var terminating: Int?
  var collisionCount: Int32?
  var conditions: [StatusCondition] = []

  init() {}

  init(_ value: Value?) {
    let number = { (key: String) in Int(value?[key]?.int64 ?? 0) }
    observedGeneration = value?["observedGeneration"]?.int64 ?? 0
    replicas = number("replicas")
    updated = number("updatedReplicas")
    ready = number("readyReplicas")
    available = number("availableReplicas")
    unavailable = number("unavailableReplicas")
    terminating = value?["terminatingReplicas"]?.int64.map { Int($0) }
    collisionCount = value?["collisionCount"]?.int64.flatMap(Int32.init(exactly:))
    conditions = [StatusCondition](value)
  }

  var value: Value {
    var map = ValueMap()
    let counts: [(String, Int)] = [
      ("observedGeneration", Int(observedGeneration)), ("replicas", replicas),
      ("updatedReplicas", updated), ("readyReplicas", ready), ("availableReplicas", available),
      ("unavailableReplicas", unavailable),
    ]
    for (key, count) in counts where count != 0 { map[key] = .int(Int64(count)) }
    if let terminating { map["terminatingReplicas"] = .int(Int64(terminating)) }
    if !conditions.isEmpty { map["conditions"] = .list(conditions.map(\.value)) }
    if let collisionCount { map["collisionCount"] = .int(Int64(collisionCount)) }
    return .map(map)
  }
}
