import ManifestSchema
import ManifestSyntax

extension MergeTypes {
  /// `value` without the fields of `set` and all that is below them.
  ///
  /// A list or object of which nothing is left becomes null, so that what was in it counts as
  /// removed while the place itself does not.
  func removing(_ set: FieldSet, from value: Value, _ type: MergeType) -> Value {
    filter(value, set, type, isExtracting: false)
  }

  /// The fields of `value` that are in `set`, with the objects and lists that lead to them.
  func extracting(_ set: FieldSet, from value: Value, _ type: MergeType) -> Value {
    filter(value, set, type, isExtracting: true)
  }

  private func filter(
    _ value: Value, _ set: FieldSet, _ type: MergeType, isExtracting: Bool
  ) -> Value {
    let whole = isExtracting ? value : Value.null
    switch shape(type) {
    case .scalar: return value
    case .untyped: return value.map == nil && value.list == nil ? value : whole
    case .list(let list):
      guard case .list(let items) = value, !items.isEmpty else { return .null }
      if list.type == .atomic { return whole }
      return filter(items, set, list, isExtracting: isExtracting)
    case .object(let object):
      guard case .map(let map) = value, !map.isEmpty else { return .null }
      if object.isAtomic { return whole }
      return filter(map, set, isExtracting: isExtracting) { object.type(of: $0) ?? .deduced }
    case .map(let element, let isAtomic):
      guard case .map(let map) = value, !map.isEmpty else { return .null }
      if isAtomic { return whole }
      return filter(map, set, isExtracting: isExtracting) { _ in element }
    case .deduced:
      switch value {
      case .map(let map):
        return map.isEmpty
          ? .null : filter(map, set, isExtracting: isExtracting) { _ in .deduced }
      case .list: return whole
      default: return value
      }
    }
  }

  private func filter(
    _ map: ValueMap, _ set: FieldSet, isExtracting: Bool, typeOf: (String) -> MergeType
  ) -> Value {
    var kept: [ValueMap.Entry] = []
    for entry in map.entries {
      let element = PathElement.field(entry.key)
      if set.hasMember(element) {
        if isExtracting { kept.append(entry) }
        continue
      }
      var entry = entry
      if let below = set[element] {
        entry.value = filter(entry.value, below, typeOf(entry.key), isExtracting: isExtracting)
      } else if isExtracting {
        continue
      }
      kept.append(entry)
    }
    return kept.isEmpty ? .null : .map(ValueMap(unique: kept))
  }

  private func filter(
    _ items: [Value], _ set: FieldSet, _ list: ListShape, isExtracting: Bool
  ) -> Value {
    var kept: [Value] = []
    for item in items {
      let name = list.name(of: item)
      let below = name.flatMap { set[$0] }
      let isMember = name.map { set.hasMember($0) } ?? false
      if isExtracting {
        if let below {
          kept.append(filter(item, below, list.element, isExtracting: true))
        } else if isMember {
          kept.append(item)
        }
      } else if !isMember {
        kept.append(
          below.map { filter(item, $0, list.element, isExtracting: false) } ?? item)
      }
    }
    return kept.isEmpty ? .null : .list(kept)
  }
}
