extension Tree {
  /// The place that a reader should look at for `path`: the scalar, or for containers their key,
  /// or, where the path leads nowhere, the deepest part of it that exists.
  ///
  /// Synthetic nodes have no place of their own: the nearest written ancestor's key stands for them.
  public func span(of path: FieldPath, at anchor: Diagnostic.Anchor = .value) -> Span {
    var node = NodeID.root
    var best = documentSpan
    for (number, step) in path.steps.enumerated() {
      guard let (key, value) = part(step, of: node), !isSynthetic(key ?? value) else { break }
      let isLast = number == path.steps.count - 1
      let wantsKey = (isLast && anchor == .key) || !kind(value).isScalar || span(value).count == 0
      if let key, wantsKey || !isLast {
        best = span(key)
      } else if !kind(value).isScalar, !isLast || anchor == .key {
        best = firstLine(of: value)
      } else {
        best = kind(value).isScalar ? span(value) : firstLine(of: value)
      }
      node = value
    }
    return best
  }

  /// What one step leads to: the value, and its key where the container is a mapping.
  public func part(_ step: FieldPath.Step, of node: NodeID) -> (key: NodeID?, value: NodeID)? {
    switch step {
    case .field(let name), .key(let name):
      guard let found = entry(node, name) else { return nil }
      return (found.key, found.value)
    case .index(let position):
      guard let found = item(node, at: position) else { return nil }
      return (nil, found)
    }
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
  /// - Complexity: O(nodes) for the first path asked of a tree, O(depth × siblings) after.
  public func path(to target: NodeID) -> FieldPath {
    let parents = parentTable()
    var steps: [FieldPath.Step] = []
    var node = target.index
    while node != 0 {
      let parent = parents[Int(node)]
      steps.append(step(to: node, in: parent))
      node = parent
    }
    return FieldPath(steps.reversed())
  }

  private func step(to node: UInt32, in parent: UInt32) -> FieldPath.Step {
    var child = records[Int(parent)].link
    if records[Int(parent)].kind == .mapping {
      while child != 0 {
        let value = records[Int(child)].next
        if child == node || value == node { return .field(string(NodeID(child))) }
        child = records[Int(value)].next
      }
      return .field("")
    }
    var position = 0
    while child != 0, child != node {
      position += 1
      child = records[Int(child)].next
    }
    return .index(position)
  }
}
