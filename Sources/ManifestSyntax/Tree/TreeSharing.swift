extension Tree {
  /// Makes the tree ready to be read by several threads at once: what it would otherwise find out
  /// and note when first asked is noted now, or never.
  public func share() {
    guard nodeCount > 0 else { return }
    _ = placeTable()
    isShared = true
  }
}
