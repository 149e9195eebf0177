import ManifestSyntax

/// One step from an object to a part of it, in the terms of field ownership.
///
/// Unlike a `FieldPath` step it names a list item by what it holds, so that it still means the same
/// item when others are added or moved.
public enum PathElement: Hashable, Sendable {
  /// A field of an object or a key of a map.
  case field(String)
  /// The item of a keyed list that has these values, sorted by name.
  case key([KeyField])
  /// The item of a set that is this value.
  case value(Value)
  /// The item at a position; only in data that no schema describes.
  case index(Int)

  /// A name and value that tell a list item from the others.
  public struct KeyField: Hashable, Sendable {
    public var name: String
    public var value: Value

    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// The item of a keyed list with these values, in whatever order.
  public static func key(_ values: KeyValuePairs<String, Value>) -> PathElement {
    .key(values.map { KeyField(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name })
  }
}

// MARK: - Order

extension PathElement: Comparable {
  /// Fields first, then keyed items, set items and positions: the order of the wire form.
  public static func < (left: PathElement, right: PathElement) -> Bool {
    switch (left, right) {
    case (.field(let left), .field(let right)): left < right
    case (.key(let left), .key(let right)): precedes(left, right)
    case (.value(let left), .value(let right)): ValueOrder.precedes(left, right)
    case (.index(let left), .index(let right)): left < right
    default: left.rank < right.rank
    }
  }

  private var rank: Int {
    switch self {
    case .field: 0
    case .key: 1
    case .value: 2
    case .index: 3
    }
  }

  private static func precedes(_ left: [KeyField], _ right: [KeyField]) -> Bool {
    for (left, right) in zip(left, right) {
      if left.name != right.name { return left.name < right.name }
      if left.value != right.value { return ValueOrder.precedes(left.value, right.value) }
    }
    return left.count < right.count
  }
}

/// A total order of values: numbers, texts, truth values, lists, maps, nothing.
enum ValueOrder {
  static func precedes(_ left: Value, _ right: Value) -> Bool {
    if let left = number(left), let right = number(right) { return left < right }
    switch (left, right) {
    case (.string(let left), .string(let right)): return left < right
    case (.bool(let left), .bool(let right)): return !left && right
    case (.list(let left), .list(let right)):
      return left.lexicographicallyPrecedes(right, by: precedes)
    case (.map(let left), .map(let right)):
      let left = left.entries.sorted { $0.key < $1.key }
      let right = right.entries.sorted { $0.key < $1.key }
      return left.lexicographicallyPrecedes(right) { left, right in
        left.key == right.key ? precedes(left.value, right.value) : left.key < right.key
      }
    default: return rank(left) < rank(right)
    }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  private static func rank(_ value: Value) -> Int {
    switch value {
    case .int, .uint, .double: 0
    case .string: 1
    case .bool: 2
    case .list: 3
    case .map: 4
    case .null: 5
    }
  }
}

// MARK: - Texts

extension PathElement: CustomStringConvertible {
  /// As conflicts print it: `.spec`, `[name="app"]`, `["a"]`, `[3]`.
  public var description: String {
    switch self {
    case .field(let name): "." + name
    case .key(let fields):
      "["
        + fields.map { "\($0.name)=\(JSONWriter.string($0.value))" }.joined(separator: ",") + "]"
    case .value(let value): "[=\(JSONWriter.string(value))]"
    case .index(let position): "[\(position)]"
    }
  }

  /// The text of its key in the wire form: `f:spec`, `k:{"name":"app"}`, `v:"a"`, `i:3`.
  public var wireText: String {
    switch self {
    case .field(let name): return "f:" + name
    case .key(let fields):
      let map = ValueMap(fields.map { (key: $0.name, value: $0.value) })
      return "k:" + JSONWriter.string(.map(map))
    case .value(let value): return "v:" + JSONWriter.string(value)
    case .index(let position): return "i:\(position)"
    }
  }

  /// Reads a key of the wire form; nil where it is none.
  public init?(wireText text: String) {
    let body = text.dropFirst(2)
    switch text.prefix(2) {
    case "f:": self = .field(String(body))
    case "i:":
      guard let position = Int(body) else { return nil }
      self = .index(position)
    case "v:":
      guard let value = Self.json(body) else { return nil }
      self = .value(value)
    case "k:":
      guard case .map(let map)? = Self.json(body) else { return nil }
      let fields = map.entries.map { KeyField(name: $0.key, value: $0.value) }
      self = .key(fields.sorted { $0.name < $1.name })
    default: return nil
    }
  }

  private static func json(_ text: Substring) -> Value? {
    let document = JSONReader.read(SourceText(String(text)))
    guard document.diagnostics.isEmpty else { return nil }
    return document.tree?.value()
  }
}

extension [PathElement] {
  /// As conflicts print it: `.spec.template.spec.containers[name="app"].image`.
  public var pathText: String { map(\.description).joined() }
}
