import ManifestSchema
import ManifestSyntax

/// Something about allocations that cannot be: objects and what is taken disagree.
public enum AllocationProblem: Hashable, Sendable {
  /// Taken for an object that is gone or has it no more: nobody else can get it.
  case leaked(AllocationKey, AllocationOwner)
  /// An object has what is not taken: somebody else may get it too.
  case lost(AllocationKey, AllocationOwner)
  /// An object has what is taken for another.
  case doubled(AllocationKey, holder: AllocationOwner, other: AllocationOwner)

  public var key: AllocationKey {
    switch self {
    case .leaked(let key, _), .lost(let key, _), .doubled(let key, _, _): key
    }
  }

  /// What is wrong; lower case, no full stop.
  public var message: String {
    switch self {
    case .leaked(let key, let owner): "'\(key.path)' is taken for \(owner), which has it not"
    case .lost(let key, let owner): "\(owner) has '\(key.path)', which is not taken"
    case .doubled(let key, let holder, let other):
      "\(other) has '\(key.path)', which is taken for \(holder)"
    }
  }
}

/// Compares the objects of a cluster with what is taken for them.
public enum AllocationCheck {
  /// - Parameters:
  ///   - services: All services.
  ///   - nodes: All nodes.
  ///   - taken: All allocations.
  /// - Returns: what is wrong, in the order of `services`, `nodes` and `taken`; empty for a sound
  ///   cluster.
  public static func problems(
    services: [Value], nodes: [Value], taken: [(key: AllocationKey, owner: AllocationOwner)]
  ) -> [AllocationProblem] {
    var problems: [AllocationProblem] = []
    let holders = Dictionary(taken.map { ($0.key, $0.owner) }) { first, _ in first }
    var used: [AllocationKey: Set<AllocationOwner>] = [:]
    let claims =
      services.map { (owner(of: $0, .services), ServiceHoldings.keys(of: $0)) }
      + nodes.map { (owner(of: $0, .nodes), PodCIDRAllocator.keys(of: $0)) }
    for (owner, keys) in claims {
      for key in keys {
        used[key, default: []].insert(owner)
        guard let holder = holders[key] else {
          problems.append(.lost(key, owner))
          continue
        }
        if holder != owner { problems.append(.doubled(key, holder: holder, other: owner)) }
      }
    }
    for (key, owner) in taken where used[key]?.contains(owner) != true {
      problems.append(.leaked(key, owner))
    }
    return problems
  }

  private static func owner(of object: Value, _ resource: GroupResource) -> AllocationOwner {
    let metadata = object["metadata"]
    return AllocationOwner(
      ResourceKey(
        resource, namespace: resource == .nodes ? nil : metadata?["namespace"]?.string,
        name: metadata?["name"]?.string ?? ""), uid: metadata?["uid"]?.string ?? "")
  }
}
