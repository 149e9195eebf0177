import ManifestSchema
import ManifestSyntax

/// The form in which objects of custom kinds are kept: as they were written, without the fields
/// that their definition does not know.
struct CustomForm {
  private let schema: Schema

  init(_ schema: Schema) { self.schema = schema }

  func decoded(_ tree: Tree, _ kind: Kind) -> Value {
    var map = ValueMap()
    map["apiVersion"] = .string(kind.gvk.apiVersion)
    map["kind"] = .string(kind.gvk.kind)
    map["metadata"] = .emptyMap
    guard case .map(let object) = pruned(.root, of: tree, as: kind.type) else { return .map(map) }
    for entry in object.entries where entry.key != "apiVersion" && entry.key != "kind" {
      map[entry.key] = entry.value
    }
    return .map(map)
  }

  private func pruned(_ node: NodeID, of tree: Tree, as type: TypeID) -> Value {
    guard tree.kind(node) == .mapping else { return tree.value(node) }
    let object = schema.type(type)
    // Metadata is Kubernetes' own, and has no nulls.
    let isOwn = object.hasView || object.name == "ObjectMeta"
    var map = ValueMap()
    for (key, value) in tree.entries(node) {
      let name = tree.string(key)
      if isOwn, tree.kind(value) == .null { continue }
      if let field = object.field(named: name, in: schema.version) {
        map[name] = pruned(value, of: tree, as: field.type)
      } else if let unnamed = object.unnamedFields {
        map[name] = pruned(value, of: tree, as: unnamed)
      }
    }
    return .map(map)
  }

  private func pruned(_ node: NodeID, of tree: Tree, as type: FieldType) -> Value {
    switch type.shape {
    case .object(let id): return pruned(node, of: tree, as: id)
    case .list(let element) where tree.kind(node) == .sequence:
      return .list(tree.items(node).map { pruned($0, of: tree, as: element) })
    case .map(let element) where tree.kind(node) == .mapping:
      var map = ValueMap()
      for (key, value) in tree.entries(node) {
        map[tree.string(key)] = pruned(value, of: tree, as: element)
      }
      return .map(map)
    default: return tree.value(node)
    }
  }
}
