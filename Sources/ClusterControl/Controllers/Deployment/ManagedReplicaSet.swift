import ManifestSchema
import ManifestSyntax

/// A ReplicaSet as the Deployment controller works on it.
struct ManagedReplicaSet {
  /// The object as it was read; nil when this plan creates it.
  let object: ClusterObject?
  let name: String
  let uid: String
  let created: Time
  let isTerminating: Bool
  /// With everything that this plan changed.
  var value: Value
  /// spec.replicas.
  var replicas: Int
  let status: Status

  struct Status {
    var observedGeneration: Int64
    var replicas: Int
    var ready: Int
    var available: Int
    /// nil where the ReplicaSet controller does not say.
    var terminating: Int?

    init(_ value: Value?) {
      let number = { (key: String) in Int(value?[key]?.int64 ?? 0) }
      observedGeneration = value?["observedGeneration"]?.int64 ?? 0
      replicas = number("replicas")
      ready = number("readyReplicas")
      available = number("availableReplicas")
      terminating = value?["terminatingReplicas"]?.int64.map { Int($0) }
    }
  }

  init(_ object: ClusterObject) {
    self.init(object: object, name: object.name, uid: object.uid, value: object.value)
  }

  /// One that is about to be created.
  init(new value: Value, name: String) {
    self.init(object: nil, name: name, uid: "", value: value)
  }

  private init(object: ClusterObject?, name: String, uid: String, value: Value) {
    self.object = object
    self.name = name
    self.uid = uid
    created = object?.created ?? Time(seconds: .max)
    isTerminating = object?.isTerminating ?? false
    self.value = value
    replicas = Int(value["spec"]?["replicas"]?.int64 ?? 1)
    status = Status(value["status"])
  }

  var isActive: Bool { replicas > 0 }
  var template: Value { value["spec"]?["template"] ?? .emptyMap }
  var minReadySeconds: Int { Int(value["spec"]?["minReadySeconds"]?.int64 ?? 0) }

  /// What went wrong with its pods.
  var failure: StatusCondition? {
    [StatusCondition](value["status"]).named("ReplicaFailure")
  }

  func annotation(_ key: String) -> String? { value["metadata"]?["annotations"]?[key]?.string }

  /// The number that an annotation holds; nil when it holds none.
  func number(_ annotation: String) -> Int64? { self.annotation(annotation).flatMap { Int64($0) } }

  var revision: Int64? { number(DeploymentAnnotation.revision) }

  /// Whether an annotation was not so before.
  mutating func setAnnotation(_ key: String, _ text: String) -> Bool {
    guard annotation(key) != text else { return false }
    value.change("metadata") { $0.change("annotations") { $0[key] = .string(text) } }
    return true
  }

  /// Notes the sizes by which a later scaling tells what share this ReplicaSet had.
  mutating func setSizes(of deployment: DeploymentModel) -> Bool {
    let desired = setAnnotation(
      DeploymentAnnotation.desiredReplicas, String(deployment.replicas))
    let most = setAnnotation(DeploymentAnnotation.maxReplicas, String(deployment.podsMax))
    return desired || most
  }

  mutating func setReplicas(_ count: Int) {
    replicas = count
    value.change("spec") { $0["replicas"] = .int(Int64(count)) }
  }

  /// Older first, and by name among those of the same second.
  static func isOlder(_ left: ManagedReplicaSet, _ right: ManagedReplicaSet) -> Bool {
    (left.created, left.name) < (right.created, right.name)
  }

  static func isNewer(_ left: ManagedReplicaSet, _ right: ManagedReplicaSet) -> Bool {
    isOlder(right, left)
  }
}

extension [ManagedReplicaSet] {
  /// Σ spec.replicas.
  var replicas: Int { reduce(0) { $0 + $1.replicas } }
  /// Σ status.replicas.
  var actual: Int { reduce(0) { $0 + $1.status.replicas } }
  var ready: Int { reduce(0) { $0 + $1.status.ready } }
  var available: Int { reduce(0) { $0 + $1.status.available } }
  var active: [ManagedReplicaSet] { filter(\.isActive) }

  /// Σ status.terminatingReplicas; nil while one that has been looked at does not say.
  var terminating: Int? {
    var sum = 0
    for set in self {
      if let count = set.status.terminating {
        sum += count
      } else if set.status.observedGeneration != 0 {
        return nil
      }
    }
    return sum
  }
}
