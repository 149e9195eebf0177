import ManifestSyntax

/// Objects with the keys of every map in order, as kubectl prints them.
public enum SortedKeys {
  public static func of(_ value: Value) -> Value {
    switch value {
    case .list(let items): return .list(items.map(of))
    case .map(let map):
      let entries = map.entries.map { ValueMap.Entry(key: $0.key, value: of($0.value)) }
      return .map(ValueMap(unique: entries.sorted { isBefore($0.key, $1.key) }))
    default: return value
    }
  }

  /// By bytes: Swift's own order of text follows Unicode.
  private static func isBefore(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}
