import ClusterControl

/// The scheduler never overloads a node.
struct PodsFit: Invariant {
  static let law = "no pod on a node that it does not fit"

  func breach(_ change: Change, before: ClusterState, after: ClusterState) -> String? {
    guard change.key.resource == .pods, let pod = change.new, let node = pod.pod?.node,
      let old = change.old, old.pod?.node == nil
    else { return nil }
    return NodeFit.shortage(on: node, in: after)
  }
}
