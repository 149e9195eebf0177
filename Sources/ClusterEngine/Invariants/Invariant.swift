import ClusterControl
import ManifestSyntax

/// A law that holds after every write of a controller, whatever happens around it.
public protocol Invariant: Sendable {
  /// What must hold, in a few words.
  static var law: String { get }

  init()

  /// How the law is broken by the write from `before` to `after`; nil when it holds.
  func breach(_ change: Change, before: ClusterState, after: ClusterState) -> String?
}

/// All laws, asked after every write.
public struct InvariantWatch: Sendable {
  private let invariants: [any Invariant]
  public private(set) var breaches: [String] = []

  public static let all: [any Invariant.Type] = [
    NoForeignPods.self, OneController.self, PodsFit.self, RevisionsGrow.self, SurgeCeiling.self,
  ]

  public init(_ types: [any Invariant.Type] = InvariantWatch.all) {
    invariants = types.map { $0.init() }
  }

  public mutating func judge(_ change: Change, before: ClusterState, after: ClusterState) {
    for invariant in invariants {
      if let breach = invariant.breach(change, before: before, after: after) {
        breaches.append("\(type(of: invariant).law): \(change.key): \(breach)")
      }
    }
  }
}

/// Pods of a ReplicaSet are only made while it wants more than it has.
struct NoForeignPods: Invariant {
  static let law = "a pod is made for an owner that exists"

  func breach(_ change: Change, before: ClusterState, after: ClusterState) -> String? {
    guard change.old == nil, let pod = change.new, change.key.resource == .pods,
      let owner = pod.controller, owner.kind == "ReplicaSet"
    else { return nil }
    let key = ResourceKey(.replicaSets, namespace: pod.namespace, name: owner.name)
    return after.object(key)?.uid == owner.uid ? nil : "its owner \(owner.name) is gone"
  }
}

/// An object has one controller at most.
struct OneController: Invariant {
  static let law = "an object has one controller"

  func breach(_ change: Change, before: ClusterState, after: ClusterState) -> String? {
    let count = change.new?.owners.count { $0.isController } ?? 0
    return count > 1 ? "it has \(count)" : nil
  }
}

/// The revision of a ReplicaSet never falls.
struct RevisionsGrow: Invariant {
  static let law = "revisions only grow"

  func breach(_ change: Change, before: ClusterState, after: ClusterState) -> String? {
    guard change.key.resource == .replicaSets else { return nil }
    let revision = { (object: ClusterObject?) in
      object?.annotation("deployment.kubernetes.io/revision").flatMap { Int64($0) }
    }
    guard let old = revision(change.old), let new = revision(change.new), new < old else {
      return nil
    }
    return "from \(old) to \(new)"
  }
}

/// Rolling never asks for more pods than replicas and surge allow.
struct SurgeCeiling: Invariant {
  static let law = "total never over the ceiling"

  func breach(_ change: Change, before: ClusterState, after: ClusterState) -> String? {
    guard change.key.resource == .replicaSets, let owner = change.new?.controller,
      let deployment = after.object(
        ResourceKey(.deployments, namespace: change.key.namespace, name: owner.name)),
      deployment.uid == owner.uid, let limits = RolloutLimits(deployment)
    else { return nil }
    let (old, new) = (total(before, owner.uid), total(after, owner.uid))
    return new > max(old, limits.podsMax) ? "\(new) pods, at most \(limits.podsMax)" : nil
  }

  private func total(_ state: ClusterState, _ uid: String) -> Int {
    state.objects(.replicaSets, controlledBy: uid).reduce(0) {
      $0 + Int($1.value["spec"]?["replicas"]?.int64 ?? 0)
    }
  }
}
