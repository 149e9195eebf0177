extension Tree {
  /// Puts a copy of its target in the place of every alias, so that each node has one path.
  ///
  /// ``SyntaxLimits`` bound the outcome; a target holds no alias to itself.
  func expandAliases() {
    for index in 0..<nodeCount where records[index].kind == .alias {
      expand(UInt32(truncatingIfNeeded: index))
    }
  }

  private func expand(_ alias: UInt32) {
    var target = records[Int(alias)].link
    while records[Int(target)].kind == .alias { target = records[Int(target)].link }
    let next = records[Int(alias)].next
    let aliasStart = records[Int(alias)].start
    var record = records[Int(target)]
    record.next = next
    record.flags.remove(.anchored)
    records[Int(alias)] = record
    if let tag = tags[target] { tags[alias] = tag }
    aliasStarts[alias] = aliasStart
    if !record.kind.isScalar { copyChildren(of: target, to: alias) }
  }

  private func copyChildren(of source: UInt32, to copy: UInt32) {
    records[Int(copy)].link = 0
    records[Int(copy)].last = 0
    var child = records[Int(source)].link
    while child != 0 {
      var original = child
      while records[Int(original)].kind == .alias { original = records[Int(original)].link }
      var record = records[Int(original)]
      record.next = 0
      let added = add(record)
      if let tag = tags[original] { tags[added] = tag }
      let last = records[Int(copy)].last
      if last == 0 { records[Int(copy)].link = added } else { records[Int(last)].next = added }
      records[Int(copy)].last = added
      if !record.kind.isScalar { copyChildren(of: original, to: added) }
      child = records[Int(child)].next
    }
  }

  /// Where the alias stood whose copy the node is; nil for nodes that were written out.
  public func aliasOffset(_ id: NodeID) -> UInt32? { aliasStarts[id.index] }
}
