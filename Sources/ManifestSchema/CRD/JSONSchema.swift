import ManifestSyntax

/// A JSON schema in memory: the part of it that Kubernetes and its tools use.
///
/// Schemas refer to each other by number, so that one which contains itself is no trouble. The
/// same value serves every thread. `JSONSchemaReader` makes it, `JSONSchemaChecker` uses it.
public final class JSONSchema: Sendable {
  /// By whose rules the schema judges.
  public enum Dialect: Sendable {
    /// A CustomResourceDefinition's: fields without a name are mistakes, defaults are filled in.
    case structural
    /// JSON Schema as such: what is not forbidden is allowed.
    case foreign
  }

  /// A schema within this one, by number.
  typealias Reference = Int32

  let dialect: Dialect
  let nodes: [Node]
  let rules: [Rules]
  let root: Reference

  init(dialect: Dialect, nodes: [Node], rules: [Rules], root: Reference) {
    self.dialect = dialect
    self.nodes = nodes
    self.rules = rules
    self.root = root
  }

  func node(_ reference: Reference) -> Node { nodes[Int(reference)] }

  func rules(of node: Node) -> Rules? { node.rules < 0 ? nil : rules[Int(node.rules)] }
}

extension JSONSchema {
  /// What a value may be.
  struct Types: OptionSet, Sendable {
    let rawValue: UInt8
    static let null = Types(rawValue: 1)
    static let boolean = Types(rawValue: 2)
    static let integer = Types(rawValue: 4)
    static let number = Types(rawValue: 8)
    static let string = Types(rawValue: 16)
    static let array = Types(rawValue: 32)
    static let object = Types(rawValue: 64)
  }

  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    static let nullable = Flags(rawValue: 1)
    static let intOrString = Flags(rawValue: 2)
    static let keepsUnknown = Flags(rawValue: 4)
    static let embeddedResource = Flags(rawValue: 8)
    static let hasDefault = Flags(rawValue: 16)
    /// The schema `false`.
    static let never = Flags(rawValue: 32)
    static let atomicMap = Flags(rawValue: 64)
  }

  struct Property: Sendable {
    var name: String
    var schema: Reference
  }

  /// What holds for fields without a schema of their own.
  enum Additional: Sendable {
    case unsaid, allowed, forbidden
    case schema(Reference)
  }

  /// What most schemas say.
  struct Node: Sendable {
    /// Empty where any value will do.
    var types: Types = []
    var flags: Flags = []
    var properties: [Property] = []
    /// Positions in `properties` by the hash of the name.
    var positions: [UInt32: Int32] = [:]
    var required: [String] = []
    var additional = Additional.unsaid
    var items: Reference?
    var listType: ListType?
    var listKeys: [String] = []
    /// Where the rest is; -1 where there is none.
    var rules: Int32 = -1

    func property(hash: UInt32, name: UnsafeRawBufferPointer) -> Property? {
      guard let position = positions[hash] else { return nil }
      let property = properties[Int(position)]
      if property.hasName(name) { return property }
      return properties.first { $0.hasName(name) }
    }

    func property(named name: String) -> Property? {
      var name = name
      return name.withUTF8 {
        let bytes = UnsafeRawBufferPointer($0)
        return property(hash: KeyHash.of(bytes), name: bytes)
      }
    }
  }

  /// What few schemas say.
  struct Rules: Sendable {
    var enumValues: [Value] = []
    /// The canonical texts of `enumValues`; nil where any value will do.
    var enumTexts: Set<String>?
    var format: String?
    var minimum: Bound?
    var maximum: Bound?
    var multipleOf: Value?
    var lengthMin: Int?
    var lengthMax: Int?
    var itemsMin: Int?
    var itemsMax: Int?
    var propertiesMin: Int?
    var propertiesMax: Int?
    var pattern: LinearPattern?
    var hasUniqueItems = false
    var allOf: [Reference] = []
    var anyOf: [Reference] = []
    var oneOf: [Reference] = []
    var not: Reference?
    var patternProperties: [(pattern: LinearPattern?, schema: Reference)] = []
    var prefixItems: [Reference] = []
    var defaultValue: Value?
  }

  struct Bound: Sendable {
    var value: Value
    var isExclusive: Bool
  }
}

extension JSONSchema.Property {
  fileprivate func hasName(_ bytes: UnsafeRawBufferPointer) -> Bool {
    name.utf8.count == bytes.count && name.utf8.elementsEqual(bytes)
  }
}

extension Value {
  /// A text that is the same for equal values and for no others: keys sorted, `1.0` as `1`.
  var canonicalText: String {
    var bytes: [UInt8] = []
    appendCanonical(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func appendCanonical(to bytes: inout [UInt8]) {
    switch self {
    case .double(let number):
      if let whole = Int64(exactly: number) { return Value.int(whole).appendCanonical(to: &bytes) }
      bytes += JSONWriter.bytes(self)
    case .list(let items):
      bytes.append(UInt8(ascii: "["))
      for item in items {
        item.appendCanonical(to: &bytes)
        bytes.append(UInt8(ascii: ","))
      }
      bytes.append(UInt8(ascii: "]"))
    case .map(let map):
      bytes.append(UInt8(ascii: "{"))
      for entry in map.entries.sorted(by: { $0.key < $1.key }) {
        JSONWriter.append(entry.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        entry.value.appendCanonical(to: &bytes)
        bytes.append(UInt8(ascii: ","))
      }
      bytes.append(UInt8(ascii: "}"))
    default: bytes += JSONWriter.bytes(self)
    }
  }

  /// The number as a double; nil for anything else.
  var asDouble: Double? {
    switch self {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    default: nil
    }
  }

  /// Whether this number is less than `other`; false where one is no number.
  func isLess(than other: Value) -> Bool {
    if case .int(let left) = self, case .int(let right) = other { return left < right }
    guard let left = asDouble, let right = other.asDouble else { return false }
    return left < right
  }

  /// Whether this number is a whole multiple of `step`; true where that means nothing.
  func isMultiple(of step: Value) -> Bool {
    if case .int(let left) = self, case .int(let right) = step {
      return right <= 0 || left % right == 0
    }
    guard let left = asDouble, let right = step.asDouble, right > 0 else { return true }
    let quotient = left / right
    // Decimal fractions have no exact doubles: 0.3 is not quite three times 0.1.
    return abs(quotient - quotient.rounded()) <= 1e-9 * max(1, abs(quotient))
  }
}
