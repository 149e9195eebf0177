import ManifestSchema
import ManifestSyntax

/// What a write adds and changes, found in one pass and without what it removes: all that matters
/// where nobody owns anything yet, so for every object that is created. It is what
/// ``Comparison/added`` and ``Comparison/modified`` hold together.
extension MergeTypes {
  /// The fields that `new` adds to `old` or changes in it.
  func written(_ new: Value, over old: Value, _ type: MergeType) -> FieldSet {
    change(old, new, type).inside
  }

  /// Whether a part was added or changed as such, and the same of the parts in it.
  private typealias Change = (isMember: Bool, inside: FieldSet)

  private func change(_ old: Value?, _ new: Value, _ type: MergeType) -> Change {
    switch shape(type) {
    case .scalar, .untyped: return leaf(old, new)
    case .list(let list):
      let oldItems = old?.list ?? []
      let newItems = new.list ?? []
      if list.type == .atomic || oldItems.isEmpty && newItems.isEmpty { return leaf(old, new) }
      return (old == nil, items(oldItems, newItems, list))
    case .object(let object):
      if object.isAtomic { return leaf(old, new) }
      return entries(old, new) { object.type(of: $0) ?? .deduced }
    case .map(let element, let isAtomic):
      return isAtomic ? leaf(old, new) : entries(old, new) { _ in element }
    case .deduced: return deduced(old, new)
    }
  }

  private func leaf(_ old: Value?, _ new: Value) -> Change {
    (old.map { !$0.isEquivalent(to: new) } ?? true, FieldSet())
  }

  private func deduced(_ old: Value?, _ new: Value) -> Change {
    if !new.isDeducedLeaf, !(old?.isDeducedLeaf ?? false) {
      return entries(old, new) { _ in .deduced }
    }
    var change = leaf(old, new)
    // A map that takes the place of something else.
    if old != nil, case .map = new { change.inside = entries(nil, new) { _ in .deduced }.inside }
    return change
  }

  private func entries(_ old: Value?, _ new: Value, typeOf: (String) -> MergeType) -> Change {
    let before = old?.map
    let after = new.map?.entries ?? []
    if before?.isEmpty ?? true, after.isEmpty { return leaf(old, new) }
    let index = before.map { MapIndex($0) }
    var members: [PathElement] = []
    members.reserveCapacity(after.count)
    var children: [FieldSet.Child] = []
    Self.inOrder(after) { entry in
      let change = change(index?[entry.key], entry.value, typeOf(entry.key))
      if change.isMember { members.append(.field(entry.key)) }
      if !change.inside.isEmpty {
        children.append(FieldSet.Child(element: .field(entry.key), set: change.inside))
      }
    }
    return (old == nil, FieldSet(members: members, children: children))
  }

  /// Visits entries in the order of their keys, in which sets keep them.
  private static func inOrder(_ entries: [ValueMap.Entry], _ visit: (ValueMap.Entry) -> Void) {
    guard entries.count <= 32 else {
      return entries.sorted { $0.key < $1.key }.forEach(visit)
    }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: entries.count) { places in
      // Objects have a dozen fields: putting each in its place beats sorting.
      for next in entries.indices {
        var place = next
        while place > 0, entries[next].key < entries[places[place - 1]].key {
          places[place] = places[place - 1]
          place -= 1
        }
        places[place] = next
      }
      for place in entries.indices { visit(entries[places[place]]) }
    }
  }

  private func items(_ old: [Value], _ new: [Value], _ list: ListShape) -> FieldSet {
    let names = new.map { list.name(of: $0) }
    guard old.isEmpty, Self.areDistinct(names) else {
      let comparison = comparison(ofItems: old, new, list)
      return comparison.added.union(comparison.modified)
    }
    var builder = FieldSetBuilder()
    for (item, name) in zip(new, names) {
      guard let name else { continue }
      builder.add(name)
      builder.add(change(nil, item, list.element).inside, below: name)
    }
    return builder.set()
  }

  private static func areDistinct(_ names: [PathElement?]) -> Bool {
    if names.count > 16 { return Set(names).count == names.count }
    return names.indices.allSatisfy { place in
      !names[..<place].contains { $0 == names[place] }
    }
  }
}

extension Value {
  /// Whether the value is one piece where no schema tells what it is.
  fileprivate var isDeducedLeaf: Bool {
    switch self {
    case .null, .map: false
    default: true
    }
  }
}
