import ManifestSyntax

/// A list of operations on the parts of an object: RFC 6902.
struct JSONPatch {
  /// More operations than this are refused, as by the API server.
  static let operationsMax = 10_000
  /// The number of parts that copying may add to an object, against patches that double it each
  /// time.
  static let copiedPartsMax = 1_000_000

  private enum Operation {
    case add(Pointer, Value)
    case remove(Pointer)
    case replace(Pointer, Value)
    case move(from: Pointer, to: Pointer)
    case copy(from: Pointer, to: Pointer)
    case test(Pointer, Value)
  }

  private let operations: [Operation]

  init(_ value: Value) throws(PatchRefusal) {
    guard case .list(let items) = value else {
      throw .malformed("a JSON patch must be a list of operations")
    }
    guard items.count <= Self.operationsMax else {
      throw .malformed(
        "a JSON patch may have at most \(Self.operationsMax) operations, not \(items.count)")
    }
    var operations: [Operation] = []
    for item in items { operations.append(try Self.operation(item)) }
    self.operations = operations
  }

  private static func operation(_ item: Value) throws(PatchRefusal) -> Operation {
    let name = item["op"]?.string ?? ""
    let path = try pointer(item, "path", name)
    switch name {
    case "add": return .add(path, item["value"] ?? .null)
    case "replace": return .replace(path, item["value"] ?? .null)
    case "test": return .test(path, item["value"] ?? .null)
    case "remove": return .remove(path)
    case "move": return .move(from: try pointer(item, "from", name), to: path)
    case "copy": return .copy(from: try pointer(item, "from", name), to: path)
    default: throw .inapplicable("'\(name)' is no operation of a JSON patch")
    }
  }

  private static func pointer(
    _ item: Value, _ field: String, _ name: String
  ) throws(PatchRefusal) -> Pointer {
    guard let text = item[field]?.string, let pointer = Pointer(text) else {
      throw .inapplicable("operation '\(name)': '\(field)' is missing or no JSON pointer")
    }
    return pointer
  }

  func applied(to object: Value) throws(PatchRefusal) -> Value {
    var result = object
    var copiedParts = 0
    for operation in operations {
      switch operation {
      case .add(let path, let value): try path.add(value, to: &result)
      case .remove(let path): _ = try path.remove(from: &result)
      case .replace(let path, let value): try path.replace(with: value, in: &result)
      case .move(let from, let to):
        let value = try from.remove(from: &result)
        try to.add(value, to: &result)
      case .copy(let from, let to):
        let value = try from.value(in: result)
        copiedParts += value.partCount
        guard copiedParts <= Self.copiedPartsMax else {
          throw .inapplicable("the copies of the JSON patch are too large")
        }
        try to.add(value, to: &result)
      case .test(let path, let value):
        let found = (try? path.value(in: result)) ?? .null
        guard found.isEquivalent(to: value) else {
          throw .inapplicable("testing value \(path.text) failed")
        }
      }
    }
    return result
  }
}

/// A way into a value: `/spec/containers/0/image`.
private struct Pointer {
  let text: String
  private let tokens: [String]

  init?(_ text: String) {
    self.text = text
    if text.isEmpty {
      tokens = []
      return
    }
    guard text.hasPrefix("/") else { return nil }
    tokens = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .map(Self.unescaped)
  }

  private static func unescaped(_ token: Substring) -> String {
    guard token.contains("~") else { return String(token) }
    var result = ""
    var rest = token
    while let character = rest.popFirst() {
      switch (character, rest.first) {
      case ("~", "0"): result += "~"
      case ("~", "1"): result += "/"
      default:
        result.append(character)
        continue
      }
      rest.removeFirst()
    }
    return result
  }

  func value(in root: Value) throws(PatchRefusal) -> Value {
    var part = root
    for token in tokens {
      guard let next = Self.child(token, of: part) else { throw missing }
      part = next
    }
    return part
  }

  func add(_ value: Value, to root: inout Value) throws(PatchRefusal) {
    try change(&root) { part, token throws(PatchRefusal) in
      switch part {
      case .map(var map):
        map[token] = value
        part = .map(map)
      case .list(var items):
        guard let position = Self.position(token, count: items.count + 1, isInsertion: true) else {
          throw missing
        }
        items.insert(value, at: position)
        part = .list(items)
      default: throw missing
      }
    } whole: { root in
      root = value
    }
  }

  func remove(from root: inout Value) throws(PatchRefusal) -> Value {
    let removed = try value(in: root)
    try change(&root) { part, token throws(PatchRefusal) in
      switch part {
      case .map(var map):
        map[token] = nil
        part = .map(map)
      case .list(var items):
        guard let position = Self.position(token, count: items.count) else { throw missing }
        items.remove(at: position)
        part = .list(items)
      default: throw missing
      }
    } whole: { _ throws(PatchRefusal) in
      throw .inapplicable("a JSON patch cannot remove the whole object")
    }
    return removed
  }

  func replace(with value: Value, in root: inout Value) throws(PatchRefusal) {
    _ = try self.value(in: root)
    try change(&root) { part, token throws(PatchRefusal) in
      switch part {
      case .map(var map):
        map[token] = value
        part = .map(map)
      case .list(var items):
        guard let position = Self.position(token, count: items.count) else { throw missing }
        items[position] = value
        part = .list(items)
      default: throw missing
      }
    } whole: { root in
      root = value
    }
  }

  private var missing: PatchRefusal {
    .inapplicable("the object has nothing at the path '\(text)' of the JSON patch")
  }

  /// Changes the container that the last token leads into, or the whole where there is no token.
  private func change(
    _ root: inout Value, _ body: (inout Value, String) throws(PatchRefusal) -> Void,
    whole: (inout Value) throws(PatchRefusal) -> Void
  ) throws(PatchRefusal) {
    guard let last = tokens.last else { return try whole(&root) }
    try descend(&root, tokens.dropLast(), last, body)
  }

  private func descend(
    _ part: inout Value, _ rest: ArraySlice<String>, _ last: String,
    _ body: (inout Value, String) throws(PatchRefusal) -> Void
  ) throws(PatchRefusal) {
    guard let token = rest.first else { return try body(&part, last) }
    guard var inner = Self.child(token, of: part) else { throw missing }
    try descend(&inner, rest.dropFirst(), last, body)
    switch part {
    case .map(var map):
      map[token] = inner
      part = .map(map)
    case .list(var items):
      guard let position = Self.position(token, count: items.count) else { throw missing }
      items[position] = inner
      part = .list(items)
    default: throw missing
    }
  }

  private static func child(_ token: String, of part: Value) -> Value? {
    switch part {
    case .map(let map): return map[token]
    case .list(let items): return position(token, count: items.count).map { items[$0] }
    default: return Optional.none
    }
  }

  /// Negative positions count from the end; `-` is the place after the last item.
  private static func position(
    _ token: String, count: Int, isInsertion: Bool = false
  ) -> Int? {
    if token == "-" { return isInsertion ? count - 1 : nil }
    guard let number = Int(token), number < count, number >= -count else { return nil }
    return number < 0 ? number + count : number
  }
}

extension Value {
  /// The number of values in it, itself included.
  fileprivate var partCount: Int {
    switch self {
    case .list(let items): items.reduce(1) { $0 + $1.partCount }
    case .map(let map): map.entries.reduce(1) { $0 + $1.value.partCount }
    default: 1
    }
  }
}
