import ManifestSchema
import ManifestSyntax

/// Keeps pods to the nodes that their selector and their required node affinity allow.
enum NodeAffinityFilter {
  static func judge(_ shape: PodShape, _ node: NodeFacts) -> Rejection? {
    if shape.wants(node) { return nil }
    if let names = named(by: shape), !names.contains(node.name) {
      // Such nodes are not even looked at.
      return Rejection(
        .nodeAffinity, "node(s) didn't satisfy plugin(s) [NodeAffinity]", isFinal: true)
    }
    return Rejection(
      .nodeAffinity, "node(s) didn't match Pod's node affinity/selector", isFinal: true)
  }

  /// The only nodes that come into question, where every alternative names some.
  private static func named(by shape: PodShape) -> Set<String>? {
    guard let terms = shape.nodeTerms, !terms.isEmpty else { return nil }
    var names: Set<String> = []
    for term in terms {
      let lists = term.names.filter { $0.operator == .in }.map { Set($0.values) }
      guard let first = lists.first else { return nil }
      names.formUnion(lists.dropFirst().reduce(first) { $0.intersection($1) })
    }
    return names
  }
}
