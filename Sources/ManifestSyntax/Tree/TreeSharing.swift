extension Tree {
  /// Makes the tree ready to be read by several threads at once: what it would otherwise find out
  /// and note when first asked is noted now, or never. It also gives back the memory that it does
  /// not use, since shared trees are kept.
  public func share() {
    guard nodeCount > 0 else { return }
    shrink()
    _ = placeTable()
    _ = sketchKeys()
    isRewritten = hasRewrittenScalars
    isShared = true
  }

  /// A copy of `other`, which may be changed while others go on reading that one.
  public convenience init(copying other: Tree) {
    self.init(source: other.source)
    become(other)
  }

  /// Makes the tree what `other` is, in the memory that it has already.
  public func become(_ other: Tree) {
    reset(source: other.source)
    copyNodes(of: other)
    hasPlaceholders = other.hasPlaceholders
    tags = other.tags
    aliasStarts = other.aliasStarts
  }
}
