import ManifestSyntax

/// Which keys occur anywhere in an object, roughly: a key that is not in the sketch is not there.
struct KeySketch: Hashable {
  private var words = SIMD4<UInt64>()

  /// The sketch of some keys; of none it is met by everything.
  init(ofKeys keys: [String]) {
    for var key in keys {
      key.withUTF8 { insert(KeyHash.of(UnsafeRawBufferPointer($0))) }
    }
  }

  /// The sketch of all keys in an object; of one that is in no tree, everything may be there.
  init(of object: NodeRef) {
    guard let (tree, node) = object.treeNode else {
      words = SIMD4(repeating: .max)
      return
    }
    visit(node, of: tree)
  }

  private mutating func visit(_ node: NodeID, of tree: Tree) {
    switch tree.kind(node) {
    case .mapping:
      tree.forEachEntry(of: node) { key, value in
        insert(tree.keyHash(key))
        visitInside(value, of: tree)
      }
    case .sequence:
      for item in tree.items(node) { visitInside(item, of: tree) }
    default: return
    }
  }

  private mutating func visitInside(_ node: NodeID, of tree: Tree) {
    // Aliases of aliases may lead through the same mappings again and again.
    if tree.isAlias(node) {
      if !tree.kind(node).isScalar { words = SIMD4(repeating: .max) }
      return
    }
    visit(node, of: tree)
  }

  private mutating func insert(_ hash: UInt32) {
    words[Int(hash >> 6 & 3)] |= 1 << UInt64(hash & 63)
  }

  /// Whether one of the keys of `needs` may be among those of this sketch.
  func mayMeet(_ needs: KeySketch) -> Bool {
    needs.words == SIMD4() || (words & needs.words) != SIMD4()
  }
}
