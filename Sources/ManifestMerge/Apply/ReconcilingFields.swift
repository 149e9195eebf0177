import ManifestSchema
import ManifestSyntax

extension MergeTypes {
  /// `set` in the terms of today's schema: who owned parts of what is one piece now owns the piece.
  ///
  /// The other way round, a former piece stays one path of the set; its owner does not come to own
  /// what others put into it.
  func reconciled(_ set: FieldSet, _ type: MergeType) -> FieldSet {
    guard type.type != nil, !set.children.isEmpty else { return set }
    let shape = shape(type)
    var builder = FieldSetBuilder()
    for member in set.members { builder.add(member) }
    for child in set.children {
      guard let inner = self.type(of: child.element, in: shape) else {
        builder.add(child.set, below: child.element)
        continue
      }
      if isPiece(self.shape(inner)) {
        builder.add(child.element)
      } else {
        builder.add(reconciled(child.set, inner), below: child.element)
      }
    }
    return builder.set()
  }

  private func isPiece(_ shape: MergeShape) -> Bool {
    switch shape {
    case .scalar, .deduced: false
    case .list(let list): list.type == .atomic
    case .object(let object): object.isAtomic
    case .map(_, let isAtomic): isAtomic
    case .untyped: true
    }
  }

  private func type(of element: PathElement, in shape: MergeShape) -> MergeType? {
    switch (element, shape) {
    case (.field(let name), .object(let object)): object.type(of: name)
    case (.field, .map(let element, _)): element
    case (.field, .deduced): .deduced
    case (.key, .list(let list)), (.value, .list(let list)), (.index, .list(let list)):
      list.element
    default: nil
    }
  }
}
