import ManifestSchema
import ManifestSyntax

/// In which fields a new version of an object differs from an old one.
public struct Comparison: Hashable, Sendable {
  /// The fields that only the new version has.
  public var added = FieldSet()
  /// The fields that both have, with other values.
  public var modified = FieldSet()
  /// The fields that only the old version has.
  public var removed = FieldSet()

  /// Whether both versions are the same.
  public var isSame: Bool { added.isEmpty && modified.isEmpty && removed.isEmpty }
}

extension MergeTypes {
  /// What `new` adds to, changes in and removes from `old`.
  func compare(_ old: Value?, _ new: Value?, _ type: MergeType) -> Comparison {
    var part = ComparedPart()
    compare(old, new, type, &part)
    return part.inside.comparison()
  }

  private func compare(_ old: Value?, _ new: Value?, _ type: MergeType, _ part: inout ComparedPart)
  {
    switch shape(type) {
    case .scalar, .untyped: part.compareLeaf(old, new)
    case .list(let list):
      let oldItems = old?.list ?? []
      let newItems = new?.list ?? []
      if list.type == .atomic || oldItems.isEmpty && newItems.isEmpty {
        part.compareLeaf(old, new)
      } else {
        compare(items: oldItems, newItems, list, &part.inside)
        part.markPresence(old, new)
      }
    case .object(let object):
      if object.isAtomic { return part.compareLeaf(old, new) }
      compare(entries: old, new, &part) { object.type(of: $0) ?? .deduced }
    case .map(let element, let isAtomic):
      if isAtomic { return part.compareLeaf(old, new) }
      compare(entries: old, new, &part) { _ in element }
    case .deduced: compareDeduced(old, new, &part)
    }
  }

  private func compareDeduced(_ old: Value?, _ new: Value?, _ part: inout ComparedPart) {
    let isLeaf = [old, new].contains { side in
      switch side {
      case nil, .null?, .map?: false
      default: true
      }
    }
    if !isLeaf { return compare(entries: old, new, &part) { _ in .deduced } }
    part.compareLeaf(old, new)
    // A map that takes the place of something else, or the other way round.
    if case .map? = old, new != nil { compare(entries: old, nil, &part) { _ in .deduced } }
    if case .map? = new, old != nil { compare(entries: nil, new, &part) { _ in .deduced } }
    part.isAdded = old == nil
    part.isRemoved = new == nil
  }

  private func compare(
    entries old: Value?, _ new: Value?, _ part: inout ComparedPart, typeOf: (String) -> MergeType
  ) {
    let left = old?.map
    let right = new?.map
    if left?.isEmpty ?? true, right?.isEmpty ?? true { return part.compareLeaf(old, new) }
    let rightIndex = MapIndex(right)
    for entry in left?.entries ?? [] {
      compare(
        entry.value, rightIndex[entry.key], typeOf(entry.key), at: .field(entry.key),
        &part.inside)
    }
    let leftIndex = MapIndex(left)
    for entry in right?.entries ?? [] where leftIndex[entry.key] == nil {
      compare(nil, entry.value, typeOf(entry.key), at: .field(entry.key), &part.inside)
    }
    part.markPresence(old, new)
  }

  private func compare(
    _ old: Value?, _ new: Value?, _ type: MergeType, at element: PathElement,
    _ builder: inout ComparisonBuilder
  ) {
    var part = ComparedPart()
    compare(old, new, type, &part)
    builder.add(part, at: element)
  }

  /// In what the items of two lists differ that are no atomic ones.
  func comparison(ofItems old: [Value], _ new: [Value], _ list: ListShape) -> Comparison {
    var builder = ComparisonBuilder()
    compare(items: old, new, list, &builder)
    return builder.comparison()
  }

  /// Items that one name stands for several times are compared as one piece.
  private func compare(
    items old: [Value], _ new: [Value], _ list: ListShape, _ builder: inout ComparisonBuilder
  ) {
    var names: [PathElement] = []
    let left = group(old, list, &names)
    let right = group(new, list, &names)
    var seen: Set<PathElement> = []
    for name in names where seen.insert(name).inserted {
      let old = left[name] ?? []
      let new = right[name] ?? []
      switch (old.count, new.count) {
      case (0...1, 0...1): compare(old.first, new.first, list.element, at: name, &builder)
      case (2..., 2...):
        if !Value.list(old).isEquivalent(to: .list(new)) { builder.modified.add(name) }
      case (2..., _):
        if let item = new.first { compare(nil, item, list.element, at: name, &builder) }
        builder.removed.add(name)
      default:
        if let item = old.first { compare(item, nil, list.element, at: name, &builder) }
        builder.added.add(name)
      }
    }
  }

  private func group(
    _ items: [Value], _ list: ListShape, _ names: inout [PathElement]
  ) -> [PathElement: [Value]] {
    var groups: [PathElement: [Value]] = [:]
    for item in items {
      guard let name = list.name(of: item) else { continue }
      groups[name, default: []].append(item)
      names.append(name)
    }
    return groups
  }
}

/// What became of one part, and of the parts in it.
private struct ComparedPart {
  var isAdded = false
  var isModified = false
  var isRemoved = false
  var inside = ComparisonBuilder()

  mutating func compareLeaf(_ old: Value?, _ new: Value?) {
    guard let old, let new else { return markPresence(old, new) }
    isModified = !old.isEquivalent(to: new)
  }

  mutating func markPresence(_ old: Value?, _ new: Value?) {
    isAdded = old == nil
    isRemoved = new == nil
  }
}

private struct ComparisonBuilder {
  var added = FieldSetBuilder()
  var modified = FieldSetBuilder()
  var removed = FieldSetBuilder()

  mutating func add(_ part: ComparedPart, at element: PathElement) {
    if part.isAdded { added.add(element) }
    if part.isModified { modified.add(element) }
    if part.isRemoved { removed.add(element) }
    let inside = part.inside.comparison()
    added.add(inside.added, below: element)
    modified.add(inside.modified, below: element)
    removed.add(inside.removed, below: element)
  }

  func comparison() -> Comparison {
    Comparison(added: added.set(), modified: modified.set(), removed: removed.set())
  }
}
