import ManifestModel
import ManifestSyntax

/// One object of a document: the document itself, or an item of its `List`.
struct ObjectInDocument {
  var node: NodeID
  /// The path of the object within the document.
  var prefix: FieldPath
  /// What the list says that its items are, for items that do not say it themselves.
  var impliedKind: (apiVersion: String, kind: String)?

  private static let items = Key("items")
  private static let generateName = Key("generateName")

  /// The objects of a document; lists are unfolded as `kubectl` unfolds them.
  static func objects(in tree: Tree) -> [ObjectInDocument] {
    let whole = ObjectInDocument(node: .root, prefix: .root)
    guard let items = tree.value(.root, Self.items), let kind = tree.value(.root, .kind),
      tree.kind(items) == .sequence, tree.count(items) > 0
    else { return [whole] }
    let name = tree.string(kind)
    guard name.hasSuffix("List"), let apiVersion = tree.value(.root, .apiVersion) else {
      return [whole]
    }
    let version = tree.string(apiVersion)
    guard version == "v1" || name != "List" else { return [whole] }
    return tree.items(items).enumerated().map { position, item in
      var object = ObjectInDocument(
        node: item, prefix: FieldPath.root.field("items").index(position))
      if name != "List", tree.value(item, .kind) == nil {
        object.impliedKind = (version, String(name.dropLast(4)))
      }
      return object
    }
  }

  /// The kind that the object or its list names; nil where both of it are not known.
  func named(_ tree: Tree, _ names: KindNames) -> NamedKind? {
    guard let impliedKind else { return names.named(tree, node) }
    return names.named(
      text(tree, node, .apiVersion) ?? impliedKind.apiVersion,
      text(tree, node, .kind) ?? impliedKind.kind)
  }

  /// Puts the object's names into `result`.
  ///
  /// - Parameter named: The kind that the object or its list names, where that is known.
  func name(_ result: inout DocumentResult, _ tree: Tree, _ named: NamedKind? = nil) {
    if let named {
      result.apiVersion = named.apiVersion
      result.kind = named.kind
    } else {
      result.apiVersion = text(tree, node, .apiVersion) ?? impliedKind?.apiVersion
      result.kind = text(tree, node, .kind) ?? impliedKind?.kind
    }
    guard let metadata = tree.value(node, .metadata) else { return }
    result.namespace = text(tree, metadata, .namespace)
    result.name =
      text(tree, metadata, .name) ?? text(tree, metadata, Self.generateName).map { $0 + "*" }
  }

  private func text(_ tree: Tree, _ node: NodeID, _ name: Key) -> String? {
    guard let value = tree.value(node, name), tree.kind(value) == .string else { return nil }
    return tree.string(value)
  }
}
