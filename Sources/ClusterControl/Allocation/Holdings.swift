import ManifestSyntax

/// What stored objects hold that others cannot.
public enum Holdings {
  /// The keys that must be taken for `object`, which is one of `resource`'s.
  public static func keys(of object: Value, _ resource: GroupResource) -> [AllocationKey] {
    switch resource {
    case .services: ServiceHoldings.keys(of: object)
    case .nodes: PodCIDRAllocator.keys(of: object)
    default: []
    }
  }
}
