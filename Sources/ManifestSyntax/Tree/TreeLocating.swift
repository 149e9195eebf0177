extension Tree {
  /// The place that a reader should look at for `path`: the scalar, or for containers their key,
  /// or, where the path leads nowhere, the deepest part of it that exists.
  ///
  /// Synthetic nodes have no place of their own: the nearest written ancestor's key stands for
  /// them.
  /// - Parameter start: The node that the path begins at.
  public func span(
    of path: FieldPath, from start: NodeID = .root, at anchor: Diagnostic.Anchor = .value
  ) -> Span {
    var node = writtenAncestor(of: start)
    var best = node == .root ? documentSpan : shown(node, key: key(of: node), anchor, isLast: true)
    guard node == start else { return best }
    for (number, step) in path.steps.enumerated() {
      guard let (key, value) = part(step, of: node), !isSynthetic(key ?? value) else { break }
      best = shown(value, key: key, anchor, isLast: number == path.steps.count - 1)
      node = value
    }
    return best
  }

  private func writtenAncestor(of node: NodeID) -> NodeID {
    var node = node
    while node != .root, isSynthetic(key(of: node) ?? node) || isSynthetic(node) {
      node = NodeID(placeTable()[Int(node.index)].parent)
    }
    return node
  }

  private func shown(
    _ value: NodeID, key: NodeID?, _ anchor: Diagnostic.Anchor, isLast: Bool
  ) -> Span {
    let wantsKey =
      isLast && anchor == .key || !kind(value).isScalar || span(value).count == 0
      || isSynthetic(value)
    if let key, wantsKey || !isLast { return span(key) }
    return kind(value).isScalar ? span(value) : firstLine(of: value)
  }

  /// The node at `path`, if there is one.
  public func node(at path: FieldPath) -> NodeID? {
    var node = NodeID.root
    for step in path.steps {
      guard let found = part(step, of: node) else { return nil }
      node = found.value
    }
    return node
  }

  /// The first line of a container, so that an excerpt does not underline a whole block.
  private func firstLine(of container: NodeID) -> Span {
    let inner = resolved(container)
    let first = records[Int(inner.index)].link
    guard !isAlias(container), first != 0 else { return span(container) }
    if kind(container) == .mapping { return span(NodeID(first)) }
    return Span(
      start: records[Int(container.index)].start, end: records[Int(container.index)].start + 1)
  }

  /// Where trouble with the document as a whole is shown: its first key, or its first byte.
  public var documentSpan: Span {
    let root = records[0]
    if root.kind == .mapping, root.link != 0 { return span(NodeID(root.link)) }
    return root.kind.isScalar
      ? span(.root) : Span(start: root.start, end: min(root.start + 1, root.end))
  }

  /// The path of `target`, a value or a key, from the root.
  ///
  /// - Complexity: O(nodes) for the first path asked of a tree, O(depth) after.
  public func path(to target: NodeID) -> FieldPath {
    let places = placeTable()
    var steps: [FieldPath.Step] = []
    steps.reserveCapacity(8)
    var node = target.index
    while node != 0 {
      let place = places[Int(node)]
      if records[Int(place.parent)].kind == .mapping {
        steps.append(step(key: NodeID(place.ordinal)))
      } else {
        steps.append(.index(Int(place.ordinal)))
      }
      node = place.parent
    }
    steps.reverse()
    return FieldPath(steps)
  }

  /// A key as a step; one with dots is shown in brackets, as the API server shows map keys.
  private func step(key: NodeID) -> FieldPath.Step {
    let hasDots = bytes(key).contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
    return hasDots ? .key(string(key)) : .field(string(key))
  }

  /// The container of a node; the root is its own.
  public func parent(of node: NodeID) -> NodeID { NodeID(placeTable()[Int(node.index)].parent) }

  /// The key under which a value stands in its mapping; nil for items and the root.
  func key(of node: NodeID) -> NodeID? {
    guard node != .root else { return nil }
    let place = placeTable()[Int(node.index)]
    return records[Int(place.parent)].kind == .mapping ? NodeID(place.ordinal) : nil
  }
}
