import ManifestSchema
import ManifestSyntax

/// What the creator of the last object of a kind came to own, for the next one that is made alike:
/// the pods of a set, the objects of a chart. Ownership follows from what an object has, not from
/// the values, so it need not be worked out anew.
final class CreationMemory {
  /// The fields that a creation gives to its writer.
  struct Owned {
    var isEmpty: Bool
    /// The value of `fieldsV1`.
    var wire: Value
  }

  private var last: (object: Value, owned: Owned)?

  /// What the creation of `object` gives to its writer; `find` works it out.
  func owned(
    by object: Value, _ type: MergeType, empty: Value, _ types: MergeTypes, _ find: () -> FieldSet
  ) -> Owned {
    if let last, types.areAlike(last.object, object, type, empty: empty) { return last.owned }
    let fields = find()
    let owned = Owned(isEmpty: fields.isEmpty, wire: fields.fieldsV1())
    last = (object, owned)
    return owned
  }
}

extension MergeTypes {
  /// Whether what ``written(_:over:_:)`` finds is the same for both; false where that would take
  /// long to tell.
  ///
  /// - Parameter empty: The part that both are written over; nil where there is none.
  fileprivate func areAlike(
    _ one: Value, _ other: Value, _ type: MergeType, empty: Value?
  ) -> Bool {
    switch shape(type) {
    case .scalar, .untyped: return areAlike(leaf: one, other, empty)
    case .list(let list):
      if list.type == .atomic { return areAlike(leaf: one, other, empty) }
      guard (empty?.list ?? []).isEmpty, case .list(let items) = one,
        case .list(let others) = other, items.count == others.count
      else { return one == other }
      if items.isEmpty { return true }
      return zip(items, others).allSatisfy { item, other in
        list.areNamedAlike(item, other) && areAlike(item, other, list.element, empty: nil)
      }
    case .object(let object):
      if object.isAtomic { return areAlike(leaf: one, other, empty) }
      return areAlike(entries: one, other, empty) { object.type(of: $0) ?? .deduced }
    case .map(let element, let isAtomic):
      if isAtomic { return areAlike(leaf: one, other, empty) }
      return areAlike(entries: one, other, empty) { _ in element }
    case .deduced: return one == other
    }
  }

  private func areAlike(leaf one: Value, _ other: Value, _ empty: Value?) -> Bool {
    guard let empty else { return true }
    return one.isEquivalent(to: empty) == other.isEquivalent(to: empty)
  }

  private func areAlike(
    entries one: Value, _ other: Value, _ empty: Value?, typeOf: (String) -> MergeType
  ) -> Bool {
    guard case .map(let map) = one, case .map(let others) = other, map.count == others.count else {
      return one == other
    }
    // In a loop over the arrays, references would be counted for every entry.
    return map.entries.withUnsafeBufferPointer { own in
      others.entries.withUnsafeBufferPointer { others in
        own.indices.allSatisfy { index in
          guard own[index].key == others[index].key else { return false }
          // Most of what objects hold are the same defaults: no type need be looked up for those.
          if own[index].value.isSamePlain(as: others[index].value) { return true }
          return areAlike(
            own[index].value, others[index].value, typeOf(own[index].key),
            empty: empty?[own[index].key])
        }
      }
    }
  }
}

extension ListShape {
  /// Whether both items have the same name in this list, which is no atomic one.
  fileprivate func areNamedAlike(_ item: Value, _ other: Value) -> Bool {
    guard type == .map else { return item == other }
    return keys.allSatisfy { item[$0.name] == other[$0.name] }
  }
}

extension Value {
  /// Whether both are the same value with nothing in it.
  fileprivate func isSamePlain(as other: Value) -> Bool {
    switch (self, other) {
    case (.string(let text), .string(let other)): text == other
    case (.int(let number), .int(let other)): number == other
    case (.bool(let truth), .bool(let other)): truth == other
    case (.null, .null): true
    default: false
    }
  }
}
