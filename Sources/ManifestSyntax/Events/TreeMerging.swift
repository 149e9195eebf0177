import CLibYAML

extension TreeBuilder {
  /// Replaces the `<<` entries of a mapping by copies of the entries that they bring in.
  ///
  /// Keys are copied, values are referred to. The API server's strict reading calls every key that
  /// is set twice this way a duplicate, even an override that YAML means to allow.
  mutating func merge(into mapping: UInt32) {
    var previous: UInt32 = 0
    var key = tree.records[Int(mapping)].link
    while key != 0 {
      let value = tree.records[Int(key)].next
      let following = tree.records[Int(value)].next
      guard tree.records[Int(key)].flags.contains(.merge) else {
        previous = value
        key = following
        continue
      }
      unlink(entry: value, after: previous, of: mapping)
      for source in mergeSources(value) {
        previous = copyEntries(of: source, into: mapping, after: previous)
      }
      key = previous == 0 ? tree.records[Int(mapping)].link : tree.records[Int(previous)].next
    }
    findMergedDuplicates(mapping)
  }

  private func unlink(entry value: UInt32, after previous: UInt32, of mapping: UInt32) {
    let following = tree.records[Int(value)].next
    if previous == 0 {
      tree.records[Int(mapping)].link = following
    } else {
      tree.records[Int(previous)].next = following
    }
    if tree.records[Int(mapping)].last == value { tree.records[Int(mapping)].last = previous }
    tree.records[Int(mapping)].count -= 1
  }

  /// The mappings that a `<<` value names: one, or a list of them.
  private mutating func mergeSources(_ value: UInt32) -> [UInt32] {
    let target = tree.resolved(NodeID(value))
    let span = tree.span(NodeID(value))
    switch tree.kind(target) {
    case .mapping: return [target.index]
    case .sequence:
      // Earlier sources win, and later entries win on reading: so the last source goes first.
      let sources = tree.items(target).map { tree.resolved($0) }
      if let bad = sources.first(where: { tree.kind($0) != .mapping }) {
        fail(.badMerge(span: tree.span(bad)))
        return []
      }
      return sources.reversed().map(\.index)
    default:
      fail(.badMerge(span: span))
      return []
    }
  }

  private func copyEntries(
    of source: UInt32, into mapping: UInt32, after previous: UInt32
  ) -> UInt32 {
    var previous = previous
    for (key, value) in Array(tree.entries(NodeID(source))) {
      var keyRecord = tree.records[Int(key.index)]
      var valueRecord = NodeRecord(
        start: tree.records[Int(value.index)].start, end: tree.records[Int(value.index)].end,
        kind: .alias, style: .plain)
      valueRecord.link = tree.resolved(value).index
      let following =
        previous == 0 ? tree.records[Int(mapping)].link : tree.records[Int(previous)].next
      valueRecord.next = following
      let valueIndex = tree.add(valueRecord)
      keyRecord.next = valueIndex
      keyRecord.flags.remove(.merge)
      keyRecord.flags.insert(.merged)
      let keyIndex = tree.add(keyRecord)
      if previous == 0 {
        tree.records[Int(mapping)].link = keyIndex
      } else {
        tree.records[Int(previous)].next = keyIndex
      }
      if following == 0 { tree.records[Int(mapping)].last = valueIndex }
      tree.records[Int(mapping)].count += 1
      tree.records[Int(mapping)].noteKey(keyRecord.link)
      previous = valueIndex
    }
    return previous
  }
}

/// Counts the nodes of a document with its aliases followed, without following them one by one.
struct AliasSizes {
  let tree: Tree
  private var sizes: [UInt32: (total: Int, aliased: Int)] = [:]

  init(tree: Tree) { self.tree = tree }

  /// All nodes, and those among them that are reached through an alias.
  mutating func measure() -> (total: Int, aliased: Int) { size(0) }

  private mutating func size(_ index: UInt32) -> (total: Int, aliased: Int) {
    let record = tree.records[Int(index)]
    if record.kind == .alias {
      let target = size(record.link)
      return (target.total &+ 1, target.total &+ 1)
    }
    guard !record.kind.isScalar else { return (1, 0) }
    if let known = sizes[index] { return known }
    var total = 1
    var aliased = 0
    var child = record.link
    while child != 0 {
      let part = size(child)
      // A bomb of 10^18 nodes must not overflow on its way to being refused.
      total = min(total &+ part.total, 1 << 40)
      aliased = min(aliased &+ part.aliased, 1 << 40)
      child = tree.records[Int(child)].next
    }
    sizes[index] = (total, aliased)
    return (total, aliased)
  }
}
