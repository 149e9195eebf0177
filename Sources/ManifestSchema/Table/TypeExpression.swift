/// Reading of types as the tables write them: `int32`, `[Container]`, `{Quantity}`, `core.v1/Pod`.
extension FieldType {
  /// The type that `text` names; nil when it is not well formed or `resolve` knows no such type.
  init?(_ text: Bytes, resolve: (Bytes) -> TypeID?) {
    guard let first = text.first, let last = text.last else { return nil }
    switch (first, last) {
    case (UInt8(ascii: "["), UInt8(ascii: "]")):
      guard let element = FieldType(text.part(1, text.count - 1), resolve: resolve),
        let list = FieldType.list(of: element)
      else { return nil }
      self = list
    case (UInt8(ascii: "{"), UInt8(ascii: "}")):
      guard let element = FieldType(text.part(1, text.count - 1), resolve: resolve),
        let map = FieldType.map(of: element)
      else { return nil }
      self = map
    default:
      guard let type = Self.named(text, resolve: resolve) else { return nil }
      self = type
    }
  }

  private static func named(_ text: Bytes, resolve: (Bytes) -> TypeID?) -> FieldType? {
    if let scalar = Scalar(word: text) { return FieldType(scalar) }
    guard let bar = text.firstIndex(of: UInt8(ascii: "|")) else {
      return resolve(text).map { FieldType($0) }
    }
    let name = text.part(0, bar)
    let other = text.part(bar + 1, text.count)
    guard let type = resolve(name) else { return nil }
    if other.equals("bool") { return FieldType(type, or: .bool) }
    if other.equals("[string]") { return FieldType(type, or: .strings) }
    guard other.count == name.count + 2, other.first == UInt8(ascii: "["),
      other.part(1, other.count - 1).elementsEqual(name), other.last == UInt8(ascii: "]")
    else { return nil }
    return FieldType(type, or: .list)
  }
}

extension Scalar {
  /// The scalar that the table language calls `word`.
  init?(word: Bytes) {
    switch word.first {
    case UInt8(ascii: "s"): self.init(word, "string", .string)
    case UInt8(ascii: "i") where word.equals("int32"): self = .int32
    case UInt8(ascii: "i"): self.init(word, "int64", .int64)
    case UInt8(ascii: "b") where word.equals("bool"): self = .bool
    case UInt8(ascii: "b"): self.init(word, "bytes", .bytes)
    case UInt8(ascii: "d"): self.init(word, "double", .double)
    case UInt8(ascii: "a"): self.init(word, "any", .any)
    case UInt8(ascii: "o"): self.init(word, "object", .object)
    case UInt8(ascii: "Q"): self.init(word, "Quantity", .quantity)
    case UInt8(ascii: "I"): self.init(word, "IntOrString", .intOrString)
    case UInt8(ascii: "T"): self.init(word, "Time", .time)
    case UInt8(ascii: "M"): self.init(word, "MicroTime", .microTime)
    default: return nil
    }
  }

  private init?(_ word: Bytes, _ expected: StaticString, _ scalar: Scalar) {
    guard word.equals(expected) else { return nil }
    self = scalar
  }
}
