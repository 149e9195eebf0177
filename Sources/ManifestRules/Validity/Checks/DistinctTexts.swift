import ManifestModel
import ManifestSyntax

/// Tells at little cost that no text of a list stands twice, as is nearly always so.
enum DistinctTexts {
  /// Longer lists are left to sets.
  private static let countMax = 48

  /// Whether the items of a list in a file certainly have different texts under `key`.
  ///
  /// False where two may be equal, where one has no text, and for lists that are not in a file:
  /// then a closer look is needed.
  static func fill(_ list: NodeRef?, under key: Key) -> Bool {
    guard let list else { return true }
    guard let (tree, node) = list.treeNode else { return false }
    let count = tree.count(node)
    guard count <= countMax, tree.kind(node) == .sequence else { return false }
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: countMax) { hashes in
      var known = 0
      for item in tree.items(node) {
        guard let text = tree.text(item, key) else { return false }
        let hash = KeyHash.of(text)
        for index in 0..<known where hashes[index] == hash { return false }
        hashes[known] = hash
        known += 1
      }
      return true
    }
  }
}
