import ManifestSchema
import ManifestSyntax

/// A quick look for values that are no text where text is asked for.
///
/// Nearly all objects have none, and to judge them by their schema for that alone would cost as
/// much again as validating them. Only what is no text is looked up here; what is found may still
/// turn out to be fine.
struct RetypedLook {
  let schema: Schema
  let tree: Tree

  /// Whether there may be such a value in the mapping at `node`, an object of `type`.
  func mayFind(in node: NodeID, as type: TypeID) -> Bool {
    var isFound = false
    tree.forEachEntry(of: node) { key, value in
      if isFound || !isNoText(value) { return }
      if let index = schema.field(of: type, hash: tree.keyHash(key), name: tree.bytes(key)) {
        isFound = mayFind(at: value, as: schema.row(index).type)
      } else if let others = schema.unnamedFields(of: type) {
        isFound = mayFind(at: value, as: others)
      }
    }
    return isFound
  }

  private func mayFind(at node: NodeID, as type: FieldType) -> Bool {
    switch type.shape {
    case .scalar(let scalar): return scalar == .string || scalar == .bytes
    case .object(let id): return mayFind(in: node, as: id)
    case .list(let element): return mayFind(inItemsOf: node, as: element)
    case .map(let element):
      var isFound = false
      tree.forEachEntry(of: node) { _, value in
        if !isFound, isNoText(value) { isFound = mayFind(at: value, as: element) }
      }
      return isFound
    case .objectOr(let id, let alternative):
      return mayFind(in: node, as: id)
        || mayFind(inItemsOf: node, as: alternative == .strings ? .string : FieldType(id))
    }
  }

  private func mayFind(inItemsOf node: NodeID, as element: FieldType) -> Bool {
    for item in tree.items(node) where isNoText(item) {
      if mayFind(at: item, as: element) { return true }
    }
    return false
  }

  /// Null is no text either, but counts as not written.
  private func isNoText(_ node: NodeID) -> Bool {
    let kind = tree.kind(node)
    return kind != .string && kind != .null
  }
}
