/// An object or a part of one as a plain value: no positions, equal when it means the same text.
public enum Value: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  /// A whole number beyond `Int64`.
  case uint(UInt64)
  case double(Double)
  case string(String)
  case list([Value])
  case map(ValueMap)

  /// An empty map.
  public static var emptyMap: Value { .map(ValueMap()) }
}

/// A map that remembers the order in which its keys were set.
public struct ValueMap: Hashable, Sendable {
  /// The entries in order; keys are unique.
  public private(set) var entries: [Entry]

  /// One key and its value.
  public struct Entry: Hashable, Sendable {
    public var key: String
    public var value: Value
    public init(key: String, value: Value) {
      self.key = key
      self.value = value
    }
  }

  public init() { entries = [] }

  /// A map of `entries`; the last of equal keys wins.
  public init(_ entries: some Sequence<(key: String, value: Value)>) {
    self.init()
    self.entries.reserveCapacity(entries.underestimatedCount)
    // Looking along a few keys is faster than hashing them.
    let few = 16
    var positions: [String: Int] = [:]
    for (key, value) in entries {
      if self.entries.count == few, positions.isEmpty {
        for (position, entry) in self.entries.enumerated() { positions[entry.key] = position }
      }
      let position =
        positions.isEmpty ? self.entries.firstIndex { $0.key == key } : positions[key]
      if let position {
        self.entries[position].value = value
      } else {
        if !positions.isEmpty { positions[key] = self.entries.count }
        self.entries.append(Entry(key: key, value: value))
      }
    }
  }

  /// A map of entries whose keys are known to be unique.
  public init(unique entries: [Entry]) { self.entries = entries }

  /// The value under `key`; setting nil removes it, setting a new key appends it.
  public subscript(key: String) -> Value? {
    get { position(of: key).map { entries[$0].value } }
    set {
      let position = position(of: key)
      switch (position, newValue) {
      case (let position?, let value?): entries[position].value = value
      case (let position?, nil): entries.remove(at: position)
      case (nil, let value?): entries.append(Entry(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The place of `key` among the entries.
  private func position(of key: String) -> Int? {
    // Maps are read all the time: their entries are looked at where they are, without a copy.
    entries.withUnsafeBufferPointer { entries in
      for position in entries.indices where entries[position].key == key { return position }
      return nil
    }
  }

  /// Changes the value under `key` in place, without a copy of it; false where there is none.
  public mutating func change(_ key: String, _ body: (inout Value) -> Void) -> Bool {
    guard let position = position(of: key) else { return false }
    var value = Value.null
    swap(&value, &entries[position].value)
    body(&value)
    entries[position].value = value
    return true
  }

  public var keys: [String] { entries.map(\.key) }
  public var count: Int { entries.count }
  public var isEmpty: Bool { entries.isEmpty }

  /// Two maps are equal when they hold the same entries, in whatever order.
  public static func == (a: ValueMap, b: ValueMap) -> Bool {
    guard a.entries.count == b.entries.count else { return false }
    return a.entries.withUnsafeBufferPointer { left in
      b.entries.withUnsafeBufferPointer { right in
        // Copies of one map share their entries until one is changed.
        left.baseAddress == right.baseAddress || areEqual(left, right)
      }
    }
  }

  private typealias Entries = UnsafeBufferPointer<Entry>

  /// Equal maps have most often the same order; keys are looked for only where they have not.
  private static func areEqual(_ left: Entries, _ right: Entries) -> Bool {
    for place in left.indices {
      guard left[place].key == right[place].key else {
        return areEqualInAnyOrder(left[place...], right[place...])
      }
      guard left[place].value == right[place].value else { return false }
    }
    return true
  }

  private static func areEqualInAnyOrder(
    _ left: Slice<Entries>, _ right: Slice<Entries>
  ) -> Bool {
    let few = 16
    if left.count <= few {
      return left.allSatisfy { entry in
        right.contains { $0.key == entry.key && $0.value == entry.value }
      }
    }
    let values = Dictionary(right.map { ($0.key, $0.value) }) { first, _ in first }
    return left.allSatisfy { values[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(entries.count)
    for key in entries.map(\.key).sorted() { hasher.combine(key) }
  }
}

extension Value {
  /// The value under `key`; nil where this is no map or has none.
  public subscript(key: String) -> Value? {
    get {
      guard case .map(let map) = self else { return nil }
      return map[key]
    }
    set {
      var map = ValueMap()
      if case .map(let known) = self { map = known }
      // Let go of the entries, so that they are changed in place rather than copied.
      self = .null
      map[key] = newValue
      self = .map(map)
    }
  }

  /// Changes the value under `key` in place, without a copy of it; false where there is none.
  public mutating func changePart(_ key: String, _ body: (inout Value) -> Void) -> Bool {
    guard case .map(var map) = self else { return false }
    self = .null
    let isThere = map.change(key, body)
    self = .map(map)
    return isThere
  }

  /// The item at `position`; nil where this is no list or is shorter.
  public subscript(position: Int) -> Value? {
    guard case .list(let items) = self, items.indices.contains(position) else { return nil }
    return items[position]
  }

  /// The part at `path`; nil where it leads nowhere.
  public subscript(path: FieldPath) -> Value? {
    var part: Value? = self
    for step in path.steps {
      switch step {
      case .field(let name), .key(let name): part = part?[name]
      case .index(let position): part = part?[position]
      }
    }
    return part
  }

  /// The text of a string; nil for anything else.
  public var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  /// The number, where it is whole and fits.
  public var int64: Int64? {
    guard case .int(let number) = self else { return nil }
    return number
  }

  /// The truth value; nil for anything else.
  public var bool: Bool? {
    guard case .bool(let truth) = self else { return nil }
    return truth
  }

  /// The items of a list; nil for anything else.
  public var list: [Value]? {
    guard case .list(let items) = self else { return nil }
    return items
  }

  /// The entries of a map; nil for anything else.
  public var map: ValueMap? {
    guard case .map(let map) = self else { return nil }
    return map
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
  public init(stringLiteral text: String) { self = .string(text) }
  public init(integerLiteral number: Int64) { self = .int(number) }
  public init(booleanLiteral truth: Bool) { self = .bool(truth) }
  public init(arrayLiteral items: Value...) { self = .list(items) }
  public init(dictionaryLiteral entries: (String, Value)...) {
    self = .map(ValueMap(entries.map { (key: $0.0, value: $0.1) }))
  }
  public init(nilLiteral: ()) { self = .null }
}
