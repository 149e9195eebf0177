import ManifestSchema
import ManifestSyntax

extension MergeTypes {
  /// Every field that a value sets: what an applied configuration owns.
  ///
  /// Scalars and whatever merges as one piece count as themselves; items of keyed lists and sets,
  /// and entries of free-form maps, count besides what is in them; named objects and lists do not.
  func fields(of value: Value, _ type: MergeType) -> FieldSet { part(value, type).set }

  private typealias Part = (isMember: Bool, set: FieldSet)

  private func part(_ value: Value, _ type: MergeType) -> Part {
    switch shape(type) {
    case .scalar, .untyped: return (true, FieldSet())
    case .list(let list): return items(value, list)
    case .object(let object):
      if object.isAtomic { return (true, FieldSet()) }
      return entries(value) { ($0.flatMap { object.fields[$0] }, object.unnamed) }
    case .map(let element, let isAtomic):
      if isAtomic { return (true, FieldSet()) }
      return entries(value) { _ in (nil, element) }
    case .deduced:
      switch value {
      case .map: return entries(value) { _ in (nil, .deduced) }
      case .null: return (false, FieldSet())
      default: return (true, FieldSet())
      }
    }
  }

  private func items(_ value: Value, _ list: ListShape) -> Part {
    if list.type == .atomic { return (true, FieldSet()) }
    guard case .list(let items) = value else { return (false, FieldSet()) }
    var builder = FieldSetBuilder()
    for item in items {
      guard let name = list.name(of: item) else { continue }
      builder.add(name)
      builder.add(part(item, list.element).set, below: name)
    }
    return (false, builder.set())
  }

  /// - Parameter typeOf: The type of a named field, and that of unnamed ones.
  private func entries(
    _ value: Value, typeOf: (String?) -> (named: MergeType?, other: MergeType?)
  ) -> Part {
    guard case .map(let map) = value else { return (false, FieldSet()) }
    var builder = FieldSetBuilder()
    for entry in map.entries {
      let types = typeOf(entry.key)
      let element = PathElement.field(entry.key)
      let part = part(entry.value, types.named ?? types.other ?? .deduced)
      let isEmpty = entry.value.isNull || entry.value.map?.isEmpty ?? false
      if part.isMember || isEmpty || types.named == nil { builder.add(element) }
      builder.add(part.set, below: element)
    }
    return (false, builder.set())
  }

  /// The set with every named field that leads to a member as a member itself, so that removing
  /// the set takes out objects that would be left empty.
  func namingObjects(_ set: FieldSet, _ type: MergeType?) -> FieldSet {
    if set.children.isEmpty { return set }
    let shape = type.map { self.shape($0) }
    var builder = FieldSetBuilder()
    for member in set.members { builder.add(member) }
    for child in set.children {
      var inner: MergeType?
      switch (child.element, shape) {
      case (.field(let name), .object(let object)?):
        inner = object.type(of: name)
        if object.fields[name] != nil { builder.add(child.element) }
      case (.field, .map(let element, _)?): inner = element
      case (.field, .deduced?): inner = .deduced
      case (.key, .list(let list)?): inner = list.element
      default: break
      }
      builder.add(namingObjects(child.set, inner), below: child.element)
    }
    return builder.set()
  }
}
