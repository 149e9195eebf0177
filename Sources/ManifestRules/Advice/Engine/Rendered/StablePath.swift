import ManifestModel
import ManifestSyntax

/// A path whose items are called by name where they have one, so that it leads to the same thing
/// after a merge put items elsewhere.
struct StablePath: Hashable {
  enum Step: Hashable {
    case field(String)
    case item(Int)
    case named(String)
  }

  let steps: [Step]

  init(_ path: FieldPath, in root: NodeRef) {
    var steps: [Step] = []
    var node: NodeRef? = root
    for step in path.steps {
      switch step {
      case .field(let name), .key(let name):
        steps.append(.field(name))
        node = node?[name]
      case .index(let position):
        node = node?[position]
        if let name = node?[.name]?.string, !name.isEmpty {
          steps.append(.named(name))
        } else {
          steps.append(.item(position))
        }
      }
    }
    self.steps = steps
  }

  /// For comparing.
  var text: String {
    steps.map { step in
      switch step {
      case .field(let name): ".\(name)"
      case .item(let position): "[\(position)]"
      case .named(let name): "[\(name)]"
      }
    }.joined()
  }

  /// The same place in another tree, as far as the way is there.
  func path(in root: NodeRef) -> FieldPath {
    var path: [FieldPath.Step] = []
    var node: NodeRef? = root
    for step in steps {
      switch step {
      case .field(let name):
        path.append(.field(name))
        node = node?[name]
      case .item(let position):
        path.append(.index(position))
        node = node?[position]
      case .named(let name):
        let items = node.map { $0.isSequence ? Array($0.items) : [] } ?? []
        let found = items.firstIndex { $0[.name]?.string == name }
        path.append(.index(found ?? items.count))
        node = found.map { items[$0] }
      }
    }
    return FieldPath(path)
  }
}

/// Finds what in the repository caused a finding about a rendered object.
struct RenderedPlace {
  private let origin: RenderedRoot.Origin
  private let patches: [AdviceFile]
  private let kustomizations: KustomizationPlace

  init(
    _ origin: RenderedRoot.Origin, _ patches: [AdviceFile], _ kustomizations: KustomizationPlace
  ) {
    self.origin = origin
    self.patches = patches
    self.kustomizations = kustomizations
  }

  /// The finding at the value that caused it: in a patch where one says so, else in the object's
  /// own file, at the nearest thing there.
  func place(_ advice: Linter.Advice, in rendered: NodeRef) -> (file: String, Linter.Advice) {
    let path = StablePath(advice.diagnostic.path, in: rendered)
    let value = rendered[advice.diagnostic.path]?.value
    let source = origin.source
    if let value, source.node[path.path(in: source.node)]?.value != value {
      for patch in patches {
        for object in patch.documents.flatMap(\.objects)
        where object.kind == source.kind && object.name == source.name {
          guard object.node[path.path(in: object.node)]?.value == value else { continue }
          return (patch.name, moved(advice, to: object, path))
        }
      }
      if let found = kustomizations.find(path.path(in: source.node), value, of: source) {
        var advice = shorn(advice)
        advice.document = 0
        advice.position = 0
        advice.diagnostic.path = found.node.path
        advice.diagnostic.span = found.span
        return (found.file.name, advice)
      }
    }
    return (source.file.name, moved(advice, to: source, path))
  }

  /// The finding without fixes and second places, which were worked out for a text that nobody
  /// wrote.
  private func shorn(_ advice: Linter.Advice) -> Linter.Advice {
    var advice = advice
    advice.diagnostic.fixes = []
    advice.diagnostic.related = []
    advice.diagnostic.notes.append("as the kustomization renders it")
    return advice
  }

  private func moved(
    _ advice: Linter.Advice, to object: AdviceObject, _ path: StablePath
  ) -> Linter.Advice {
    var advice = shorn(advice)
    advice.document = object.document
    advice.position = object.position
    let target = path.path(in: object.node)
    advice.diagnostic.path = object.node.path + target
    var place = (node: object.place, anchor: Diagnostic.Anchor.value)
    if let node = object.node[target] {
      place = (node, advice.diagnostic.anchor)
    } else {
      let holder = container(of: target, in: object.node)
      place = AdviceReport.place(ofMissing: holder.rest, in: holder.node)
      if place.node.path == object.node.path { place = (object.place, .value) }
    }
    if let (tree, id) = place.node.treeNode {
      advice.diagnostic.span = tree.span(of: .root, from: id, at: place.anchor)
    }
    return advice
  }

  /// The innermost named item on the way, and what is left of the way.
  private func container(
    of path: FieldPath, in root: NodeRef
  ) -> (node: NodeRef, rest: FieldPath) {
    var best = (node: root, rest: path)
    var node = root
    for (position, step) in path.steps.enumerated() {
      guard let next = node[FieldPath([step])] else { break }
      node = next
      if case .index = step, node[.name] != nil {
        best = (node, FieldPath(Array(path.steps[(position + 1)...])))
      }
    }
    return best
  }
}

extension NodeRef {
  /// What the node means, without positions.
  fileprivate var value: Value {
    switch self {
    case .tree(let tree, let id): tree.value(id)
    case .value(let value): value
    }
  }
}
