import ManifestSchema
import ManifestSyntax

extension MergeTypes {
  /// `set` as the schema of today would have recorded it.
  ///
  /// Who owned something as one piece that is now merged part by part owns all of its parts in the
  /// live object; who owned parts of what is now one piece owns the piece.
  /// - Parameter live: The fields of the live object, computed only when needed.
  func reconciled(_ set: FieldSet, _ type: MergeType, live: () -> FieldSet) -> FieldSet {
    guard type.type != nil else { return set }
    return visit(set, type, [], live)
  }

  private func visit(
    _ set: FieldSet, _ type: MergeType, _ path: [PathElement], _ live: () -> FieldSet
  ) -> FieldSet {
    let shape = shape(type)
    var builder = FieldSetBuilder()
    Sorted.zip(set.members, set.children, by: \.self, and: \.element) { member, child in
      guard let element = member ?? child?.element else { return }
      let inner = self.type(of: element, in: shape)
      let isPiece = child == nil
      guard let inner, let change = change(of: self.shape(inner), isPiece: isPiece) else {
        if member != nil { builder.add(element) }
        guard let child else { return }
        let below = inner.map { visit(child.set, $0, path + [element], live) } ?? child.set
        builder.add(below, below: element)
        return
      }
      builder.add(element)
      if change == .toParts {
        builder.add(live().below(path + [element]), below: element)
      }
    }
    return builder.set()
  }

  private enum Change { case toPiece, toParts }

  private func change(of shape: MergeShape, isPiece: Bool) -> Change? {
    let isAtomic: Bool
    switch shape {
    case .scalar, .deduced: return nil
    case .list(let list): isAtomic = list.type == .atomic
    case .object(let object): isAtomic = object.isAtomic
    case .map(_, let isWhole): isAtomic = isWhole
    case .untyped: isAtomic = true
    }
    if isPiece { return isAtomic ? nil : .toParts }
    return isAtomic ? .toPiece : nil
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
