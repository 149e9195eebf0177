import ManifestSchema
import ManifestSyntax

/// Objects that the schema allows, made by chance from a seed; their values need make no sense.
struct GeneratedObjects {
  private let schema: Schema
  private var state: UInt64

  init(schema: Schema, seed: UInt64) {
    self.schema = schema
    state = seed
  }

  /// The kinds that the server's rules are about.
  static let kinds = [
    GroupVersionKind(apiVersion: "v1", kind: "Pod"),
    GroupVersionKind(apiVersion: "v1", kind: "Service"),
    GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment"),
    GroupVersionKind(apiVersion: "apps/v1", kind: "ReplicaSet"),
  ]

  /// Text that YAML could take for something else.
  private static let texts = [
    "", "a", "web-1", "yes", "No", "on", "null", "~", "1", "-1.5", "1e3", "0x1F", "0o7", ".inf",
    "2024-01-01", "a: b", "# no", "- a", "---", "...", " a", "a ", "\t", "a\tb", "a\nb", "a\n",
    "\na", " a\n b\n", "a\n\n\n", "a\r\nb", "'", "\"", "\\", "{a}", "[a]", "&a", "*a", "!a", "%a",
    "@a", "`a", "|", ">", "?", "=", "<<", "ü", "\u{1F600}", "\u{1}", "\u{85}", "\u{2028}",
    "\u{FEFF}a", "$(VAR)", String(repeating: "long text ", count: 30),
  ]

  mutating func next() -> UInt64 {
    // SplitMix64: https://prng.di.unimi.it/splitmix64.c
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }

  private mutating func one<Element>(of items: [Element]) -> Element { items[below(items.count)] }

  mutating func object(_ kind: Kind) -> Value {
    var value = object(kind.type, depth: 0)
    value["apiVersion"] = .string(kind.gvk.apiVersion)
    value["kind"] = .string(kind.gvk.kind)
    return value
  }

  private mutating func object(_ type: TypeID, depth: Int) -> Value {
    var map = ValueMap()
    for field in schema.type(type).fields(in: schema.version) {
      // Deeper objects have fewer fields, so that the whole ends.
      guard field.isRequired || below(3 + depth) < 2 else { continue }
      if depth > 12, !field.isRequired { continue }
      if !field.enumValues.isEmpty, field.type == .string {
        map[field.name] = .string(one(of: field.enumValues))
      } else {
        map[field.name] = value(field.type, depth: depth + 1)
      }
    }
    return .map(map)
  }

  private mutating func value(_ type: FieldType, depth: Int) -> Value {
    switch type.shape {
    case .scalar(let scalar): return self.scalar(scalar)
    case .object(let id), .objectOr(let id, _): return object(id, depth: depth)
    case .list(let element):
      return .list((0..<below(3)).map { _ in value(element, depth: depth + 1) })
    case .map(let element):
      return .map(
        ValueMap(
          (0..<below(3)).map { _ in (one(of: Self.texts), value(element, depth: depth + 1)) }))
    }
  }

  private mutating func scalar(_ scalar: Scalar) -> Value {
    switch scalar {
    case .string: return .string(one(of: Self.texts))
    case .int32: return .int(Int64(Int32(truncatingIfNeeded: next())) >> Int64(below(32)))
    case .int64: return .int(Int64(bitPattern: next()) >> Int64(below(64)))
    case .double: return .double(one(of: [0, 0.5, -1.25, 1e30, 0.1]))
    case .bool: return .bool(below(2) == 0)
    case .bytes: return .string(one(of: ["", "YQ==", "AAECAw=="]))
    case .quantity: return one(of: ["0", "500m", "1.5Gi", 3, "1e3", .double(0.5), "-1", "100n"])
    case .intOrString: return one(of: [80, "http", "25%", 0, "", -1, "80"])
    case .time: return one(of: ["2024-02-29T12:00:00Z", "2024-02-29T12:00:00+02:00"])
    case .microTime: return one(of: ["2024-02-29T12:00:00.000001Z", "2024-02-29T12:00:00.5Z"])
    case .any: return one(of: [1, "a", ["b": [true]], [1, 2]])
    case .object: return one(of: [[:], ["a": 1, "b": ["c": "d"]]])
    }
  }
}
