import ManifestSchema
import ManifestSyntax

/// In what two versions of an object differ, by meaning rather than by text.
///
/// Quantities and ports are compared by value (`1000m` is `1`), items of keyed lists by their keys,
/// sets without regard to order, and null, an empty list and an empty map of free keys are the same
/// as nothing.
/// Defaults are not added: complete both versions first, so that they do not show.
public struct ObjectDiff: Hashable, Sendable {
  /// One difference.
  public struct Change: Hashable, Sendable {
    /// How a part differs.
    public enum Kind: String, Hashable, Sendable {
      case added
      case removed
      case modified
      /// The items of a keyed list stand in another order.
      case reordered
    }

    public var kind: Kind
    /// The part, with list items by what they hold.
    public var path: [PathElement]
    /// The same for people and tools that count items: positions are those of the new version, or
    /// of the old one for what was removed.
    public var fieldPath: FieldPath
    /// Nil where the old version has nothing.
    public var old: Value?
    /// Nil where the new version has nothing.
    public var new: Value?
  }

  /// The differences, in the order of the new version.
  public var changes: [Change]

  /// Whether both versions mean the same.
  public var isEmpty: Bool { changes.isEmpty }

  /// Compares two objects of a kind; of nothing known where the schema has no such kind.
  public init(from old: Value, to new: Value, types: MergeTypes) {
    func name(_ field: String) -> String { new[field]?.string ?? old[field]?.string ?? "" }
    var walk = DiffWalk(types: types)
    walk.compare(old, new, types.root(apiVersion: name("apiVersion"), kind: name("kind")))
    changes = walk.changes
  }
}

private struct DiffWalk {
  let types: MergeTypes
  var changes: [ObjectDiff.Change] = []
  private var path: [PathElement] = []
  private var fieldPath: [FieldPath.Step] = []

  init(types: MergeTypes) { self.types = types }

  mutating func compare(_ old: Value?, _ new: Value?, _ type: MergeType) {
    let old = something(old, type)
    let new = something(new, type)
    guard let old else {
      if let new { report(.added, Optional.none, new) }
      return
    }
    guard let new else { return report(.removed, old, Optional.none) }
    switch (old, new) {
    case (.map(let old), .map(let new)): compare(old, new, type)
    case (.list(let old), .list(let new)): compare(old, new, type)
    default: if !isSame(old, new, type) { report(.modified, old, new) }
    }
  }

  /// The value, unless it is as good as none. An empty object is not: `emptyDir: {}`.
  private func something(_ value: Value?, _ type: MergeType) -> Value? {
    switch value {
    case nil, .null?: return Optional.none
    case .list(let items)? where items.isEmpty: return Optional.none
    case .map(let map)? where map.isEmpty:
      if case .map = types.shape(type) { return Optional.none }
      return value
    default: return value
    }
  }

  private mutating func compare(_ old: ValueMap, _ new: ValueMap, _ type: MergeType) {
    let shape = types.shape(type)
    let oldIndex = MapIndex(old)
    let newIndex = MapIndex(new)
    for entry in new.entries {
      descend(to: entry.key, oldIndex[entry.key], entry.value, shape)
    }
    for entry in old.entries where newIndex[entry.key] == nil {
      descend(to: entry.key, entry.value, nil, shape)
    }
  }

  private mutating func descend(
    to key: String, _ old: Value?, _ new: Value?, _ shape: MergeShape
  ) {
    let (type, step): (MergeType, FieldPath.Step) =
      switch shape {
      case .object(let object): (object.type(of: key) ?? .deduced, .field(key))
      case .map(let element, _): (element, .key(key))
      default: (.deduced, .field(key))
      }
    descend(.field(key), step, old, new, type)
  }

  private mutating func descend(
    _ element: PathElement, _ step: FieldPath.Step, _ old: Value?, _ new: Value?, _ type: MergeType
  ) {
    path.append(element)
    fieldPath.append(step)
    compare(old, new, type)
    fieldPath.removeLast()
    path.removeLast()
  }

  private mutating func compare(_ old: [Value], _ new: [Value], _ type: MergeType) {
    guard case .list(let list) = types.shape(type), list.type != .atomic,
      let oldNames = names(of: old, list), let newNames = names(of: new, list)
    else { return comparePositions(old, new, type) }
    let oldPlaces = Dictionary(uniqueKeysWithValues: zip(oldNames, oldNames.indices))
    let newPlaces = Dictionary(uniqueKeysWithValues: zip(newNames, newNames.indices))
    for (position, name) in newNames.enumerated() {
      let item = oldPlaces[name].map { old[$0] }
      descend(name, .index(position), item, new[position], list.element)
    }
    for (position, name) in oldNames.enumerated() where newPlaces[name] == nil {
      descend(name, .index(position), old[position], nil, list.element)
    }
    let kept = oldNames.filter { newPlaces[$0] != nil }
    if list.type == .map, kept != newNames.filter({ oldPlaces[$0] != nil }) {
      report(.reordered, .list(old), .list(new))
    }
  }

  /// The names of the items; nil where one has none or two have the same.
  private func names(of items: [Value], _ list: ListShape) -> [PathElement]? {
    let names = items.compactMap(list.name(of:))
    guard names.count == items.count, Set(names).count == names.count else { return nil }
    return names
  }

  private mutating func comparePositions(_ old: [Value], _ new: [Value], _ type: MergeType) {
    var element = MergeType.deduced
    if case .list(let list) = types.shape(type) { element = list.element }
    for position in 0..<max(old.count, new.count) {
      let oldItem = position < old.count ? Optional(old[position]) : Optional.none
      let newItem = position < new.count ? Optional(new[position]) : Optional.none
      descend(.index(position), .index(position), oldItem, newItem, element)
    }
  }

  private mutating func report(_ kind: ObjectDiff.Change.Kind, _ old: Value?, _ new: Value?) {
    changes.append(
      ObjectDiff.Change(
        kind: kind, path: path, fieldPath: FieldPath(fieldPath), old: old, new: new))
  }

  private func isSame(_ old: Value, _ new: Value, _ type: MergeType) -> Bool {
    if old.isEquivalent(to: new) { return true }
    switch type.type?.shape {
    case .scalar(.quantity)?:
      guard let old = quantity(old), let new = quantity(new) else { return false }
      return old == new
    case .scalar(.time)?:
      guard let old = old.string, let new = new.string else { return false }
      return Time(old).map { $0 == Time(new) } ?? false
    default: return false
    }
  }

  private func quantity(_ value: Value) -> Quantity? {
    switch value {
    case .string(let text): Quantity(decoding: text)
    case .int, .uint, .double: Quantity(decoding: JSONWriter.string(value))
    default: nil
    }
  }
}
