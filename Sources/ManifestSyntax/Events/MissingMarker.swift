/// Two objects in one document: the `---` between them is missing.
///
/// Every key of the second object that the first has as well looks like a doubled key; one message
/// about the cause says more than three about its signs.
enum MissingMarker {
  /// The diagnostics of `faults`, with the doubled keys of a second object told as what they are.
  static func merging(_ faults: [TreeBuilder.Fault], in tree: Tree) -> [Diagnostic] {
    guard !faults.isEmpty else { return [] }
    guard let (apiVersion, first) = doubled("apiVersion", faults, tree),
      let (kind, _) = doubled("kind", faults, tree)
    else { return faults.map { $0.diagnostic(in: tree) } }
    let start = min(tree.span(NodeID(apiVersion)).start, tree.span(NodeID(kind)).start)
    let second = tree.span(NodeID(apiVersion)).start == start ? apiVersion : kind
    let marker = Span(start: start, end: start)
    let diagnostic = Diagnostic(
      "DEC-07", .error, .duplicateField, at: FieldPath([.field(tree.string(NodeID(second)))]),
      "a second object begins here without a line '---' before it",
      help: "add a line '---' above this one", anchor: .key, span: tree.span(NodeID(second)),
      related: [
        Diagnostic.Related(
          path: "apiVersion", span: tree.span(NodeID(first)),
          message: "the first object begins here")
      ],
      fixes: [
        FixIt("add '---'", safety: .changesBehavior, edits: [.replace(marker, with: "---\n")])
      ])
    let others = faults.filter {
      guard case .duplicateKey(0, _, _) = $0 else { return true }
      return false
    }
    return [diagnostic] + others.map { $0.diagnostic(in: tree) }
  }

  private static func doubled(
    _ name: String, _ faults: [TreeBuilder.Fault], _ tree: Tree
  ) -> (second: UInt32, first: UInt32)? {
    for case .duplicateKey(0, let first, let second) in faults
    where tree.string(NodeID(second)) == name {
      return (second, first)
    }
    return nil
  }
}
