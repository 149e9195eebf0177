import ManifestSchema
import ManifestSyntax

/// Why an item of a list cannot be told from the others.
enum ItemTrouble: Error {
  case nullItem
  case notAMap
  case notAScalar
}

extension ListShape {
  /// What names `item` in this list, which is no atomic one.
  ///
  /// A key that the item leaves out takes its default; without one it is no part of the name.
  func element(of item: Value) throws(ItemTrouble) -> PathElement {
    if type == .map {
      if item == .null { throw .nullItem }
      guard case .map(let map) = item else { throw .notAMap }
      var fields: [PathElement.KeyField] = []
      fields.reserveCapacity(keys.count)
      for key in keys {
        guard let value = map[key.name] ?? key.defaultValue else { continue }
        fields.append(PathElement.KeyField(name: key.name, value: value))
      }
      return .key(fields)
    }
    switch item {
    case .null: throw .nullItem
    case .list, .map: throw .notAScalar
    default: return .value(item)
    }
  }

  /// The same for an item that was checked before; nil where it cannot be named.
  func name(of item: Value) -> PathElement? { try? element(of: item) }
}

/// The entries of a map, found without a search through all of them when there are many.
struct MapIndex {
  private let map: ValueMap
  private let places: [String: Int]?

  init(_ map: ValueMap?) {
    self.map = map ?? ValueMap()
    guard self.map.count > 12 else {
      places = nil
      return
    }
    places = Dictionary(
      self.map.entries.enumerated().map { ($0.element.key, $0.offset) },
      uniquingKeysWith: { first, _ in first })
  }

  var entries: [ValueMap.Entry] { map.entries }

  subscript(key: String) -> Value? {
    guard let places else { return map[key] }
    return places[key].map { map.entries[$0].value }
  }
}

extension Value {
  /// Whether both mean the same; unlike `==`, `1` and `1.0` do.
  func isEquivalent(to other: Value) -> Bool {
    switch (self, other) {
    case (.list(let left), .list(let right)):
      return left.count == right.count
        && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
    case (.map(let left), .map(let right)):
      guard left.count == right.count else { return false }
      let index = MapIndex(right)
      return left.entries.allSatisfy { entry in
        index[entry.key].map { entry.value.isEquivalent(to: $0) } ?? false
      }
    case (.double(let left), .int(let right)): return left == Double(right)
    case (.int(let left), .double(let right)): return Double(left) == right
    case (.double(let left), .uint(let right)): return left == Double(right)
    case (.uint(let left), .double(let right)): return Double(left) == right
    default: return self == other
    }
  }

  var isNull: Bool { self == .null }
}
