import ManifestModel
import ManifestSyntax

/// Finds what a kustomization itself says of an object: in patches that are written in it, in its
/// images, its numbers of replicas, its namespace.
struct KustomizationPlace {
  /// The kustomizations that a rendering went through, the outermost first.
  let files: [AdviceFile]

  /// The place in a kustomization that gives the field at `path` of an object its `value`.
  func find(
    _ path: FieldPath, _ value: Value, of source: AdviceObject
  ) -> (file: AdviceFile, node: NodeRef, span: Span)? {
    for file in files {
      guard let root = file.root(of: 0) else { continue }
      let found = entry(path, value, of: source, in: root).flatMap { place($0) }
      if let found = found ?? patch(path, value, of: source, in: root) {
        return (file, found.node, found.span)
      }
    }
    return nil
  }

  private func place(_ node: NodeRef) -> (node: NodeRef, span: Span)? {
    node.treeNode.map { (node, $0.tree.span($0.id)) }
  }

  /// The entry for fields that kustomizations have words of their own for.
  private func entry(
    _ path: FieldPath, _ value: Value, of source: AdviceObject, in root: NodeRef
  ) -> NodeRef? {
    switch path.steps.last {
    case .field("image"):
      guard case .string(let image) = value else { return nil }
      let own = source.node[path]?.string ?? ""
      for item in root.list("images") {
        guard let name = item[.name]?.string, own.hasPrefix(name) else { continue }
        for key in ["digest", "newTag", "newName"] {
          if let node = item[key], let text = node.string, image.contains(text) { return node }
        }
      }
      return nil
    case .field("replicas"):
      return root.list("replicas").first { $0[.name]?.string == source.name }?["count"]
    case .field("namespace") where path.steps.first == .field("metadata"):
      return root[.namespace]
    default: return nil
    }
  }

  /// The line of a patch, written as a text, that names the field.
  private func patch(
    _ path: FieldPath, _ value: Value, of source: AdviceObject, in root: NodeRef
  ) -> (node: NodeRef, span: Span)? {
    let names = path.steps.reversed().compactMap { step -> String? in
      if case .field(let name) = step { return name }
      return nil
    }
    guard let name = names.first else { return nil }
    for list in ["patches", "patchesJson6902"] {
      for item in root.list(list) {
        let target = item["target"]
        let kind = target?[.kind]?.string ?? source.kind
        let wanted = target?[.name]?.string ?? source.name
        guard kind == source.kind, wanted == source.name, let text = item["patch"],
          let (tree, id) = text.treeNode
        else { continue }
        // A patch without a target names its object itself.
        if target == nil, text.string?.contains(source.name) != true { continue }
        if let span = line(naming: name, in: tree.span(id), of: tree) { return (text, span) }
      }
    }
    return nil
  }

  /// The line within `span` that holds `name` as a word.
  private func line(naming name: String, in span: Span, of tree: Tree) -> Span? {
    let bytes = tree.source.bytes
    var start = Int(span.start)
    while start < Int(span.end) {
      var end = start
      while end < Int(span.end), bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let line = String(decoding: bytes[start..<end], as: UTF8.self)
      if line.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).contains(Substring(name)) {
        while start < end, bytes[start] == 0x20 || bytes[start] == 0x2D { start += 1 }
        return Span(start: UInt32(start), end: UInt32(end))
      }
      start = end + 1
    }
    return nil
  }
}
