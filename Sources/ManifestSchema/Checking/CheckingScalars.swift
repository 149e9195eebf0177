import ManifestSyntax

extension SchemaChecker {
  /// Judges a value that has no fields of its own. Null is the same as leaving it out (DEC-16).
  @inline(__always)
  mutating func checkScalar(_ node: NodeID, _ scalar: Scalar) {
    let kind = tree.kind(node)
    if scalar == .string, kind == .string { return }
    checkScalarSlowly(node, scalar, kind)
  }

  private mutating func checkScalarSlowly(_ node: NodeID, _ scalar: Scalar, _ kind: NodeKind) {
    if kind == .null || scalar == .any { return }
    if mode.allowsPlaceholders, tree.isPlaceholder(node) {
      if scalar != .string { notePlaceholder(node) }
      return
    }
    switch scalar {
    case .any: break
    case .object: if kind != .mapping { checkNoMapping(node, "an object") }
    case .string: wrongType(node, expected: "a string", code: "DEC-08")
    case .int32: checkInteger(node, kind, bits: 32)
    case .int64: checkInteger(node, kind, bits: 64)
    case .bool: if kind != .bool { wrongType(node, expected: "true or false", code: "DEC-13") }
    case .double:
      if kind != .int, kind != .float { wrongType(node, expected: "a number", code: "DEC-09") }
    case .bytes: checkBytes(node, kind)
    case .quantity: checkQuantity(node, kind)
    case .intOrString:
      if kind == .string { return }
      if kind == .int || kind == .float { return checkInteger(node, kind, bits: 32) }
      wrongType(node, expected: "a whole number or a string", code: "DEC-18")
    case .time, .microTime: checkTime(node, kind, scalar)
    }
  }

  private mutating func checkInteger(_ node: NodeID, _ kind: NodeKind, bits: Int) {
    guard kind == .int || kind == .float else {
      return wrongType(node, expected: "a whole number", code: "DEC-09")
    }
    let text = tree.string(node)
    guard kind == .int else {
      if case .double(let number)? = tree.number(node), number.rounded() == number,
        tree.style(node) != .json
      {
        return outOfRange(node, text, bits: bits)
      }
      let help =
        tree.style(node) == .json && tree.number(node) != nil
        ? "write it without a fraction or exponent" : "write a whole number"
      return add(
        node, "DEC-10", .typeInvalid, "\(text.quoted) is not a whole number", help: help)
    }
    let number = tree.int64(node)
    if let number, bits == 64 || Int32(exactly: number) != nil { return }
    outOfRange(node, text, bits: bits)
  }

  private mutating func outOfRange(_ node: NodeID, _ text: String, bits: Int) {
    let (code, limits) =
      bits == 32
      ? ("DEC-11", "-2147483648 and 2147483647")
      : ("DEC-12", "-9223372036854775808 and 9223372036854775807")
    add(
      node, code, .typeInvalid, "\(text.quoted) does not fit in \(bits) bits",
      help: "write a number between \(limits)")
  }

  private mutating func checkBytes(_ node: NodeID, _ kind: NodeKind) {
    guard kind == .string else {
      return wrongType(node, expected: "a base64 string", code: "DEC-08")
    }
    if Base64.decode(tree.string(node)) == nil {
      add(
        node, "DEC-30", .typeInvalid, "this value is not base64",
        help: "encode it (`printf %s … | base64`), or move a Secret's plain text to `stringData`")
    }
  }

  private mutating func checkQuantity(_ node: NodeID, _ kind: NodeKind) {
    if kind == .string || kind == .int, Quantity.isPlain(tree.bytes(node)) { return }
    let text: String
    switch kind {
    case .string: text = tree.string(node)
    case .int, .float:
      text =
        tree.style(node) == .json
        ? tree.string(node) : ScalarResolution.jsonText(ofNumber: tree.bytes(node))
    default: return wrongType(node, expected: "a quantity such as 500m or 2Gi", code: "DEC-19")
    }
    if Quantity(decoding: text) == nil {
      add(
        node, "DEC-19", .typeInvalid, "\(text.quoted) is not a quantity",
        help: QuantityAdvice.help(for: text))
    }
  }

  private mutating func checkTime(_ node: NodeID, _ kind: NodeKind, _ scalar: Scalar) {
    guard kind == .string else {
      return wrongType(node, expected: "a time such as \"2026-01-31T12:00:00Z\"", code: "DEC-20")
    }
    let text = tree.string(node)
    let isTime = scalar == .time ? Time(text) != nil : MicroTime(text) != nil
    if !isTime {
      add(
        node, "DEC-20", .typeInvalid, "\(text.quoted) is not an RFC 3339 time",
        help: "write it as 2026-01-31T12:00:00Z")
    }
  }

  /// The words of the table that stand in where no semantic rules judge the type.
  mutating func checkWords(_ node: NodeID, _ index: FieldIndex, of type: TypeID) {
    guard !mode.isRuled, !mode.isPatch else { return }
    if tree.kind(node) == .sequence {
      for item in tree.items(node) { checkWords(item, index, of: type) }
      return
    }
    guard !(mode.allowsPlaceholders && tree.isPlaceholder(node)) else { return }
    let field = schema.field(index, of: type)
    if !field.enumValues.isEmpty, tree.kind(node) == .string {
      let text = tree.string(node)
      if !text.isEmpty, !field.enumValues.contains(text) {
        unsupported(node, text, field.enumValues)
      }
    }
    guard let number = tree.int64(node) else { return }
    if let min = field.min, number < min {
      add(node, "SCH-03", .invalid, "\(number) is too small", help: "write at least \(min)")
    }
    if let max = field.max, number > max {
      add(node, "SCH-03", .invalid, "\(number) is too large", help: "write at most \(max)")
    }
  }

  private mutating func unsupported(_ node: NodeID, _ text: String, _ values: [String]) {
    let near =
      values.first { $0.lowercased() == text.lowercased() }
      ?? EditDistance.nearest(to: text, in: values)
    var fixes: [FixIt] = []
    if let near, near.lowercased() == text.lowercased() {
      fixes = [FixIt("write \(near)", safety: .safe, edits: [.set(tree.path(to: node), to: near)])]
    }
    add(
      node, "SCH-02", .notSupported, "\(text.quoted) is not one of the values allowed here",
      help: near.map { "did you mean '\($0)'?" },
      notes: ["allowed: \(values.joined(separator: ", "))"],
      fixes: fixes)
  }
}

extension String {
  /// The text in single quotes, shortened where it is long.
  var quoted: String { count > 60 ? "'\(prefix(57))…'" : "'\(self)'" }
}

/// What people get wrong in quantities.
enum QuantityAdvice {
  static func help(for text: String) -> String {
    let number = text.prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "+" }
    let suffix = text.dropFirst(number.count).filter { $0 != " " }
    let known: [String: String] = [
      "gb": "G", "mb": "M", "kb": "k", "tb": "T", "gib": "Gi", "mib": "Mi", "kib": "Ki", "k": "k",
      "ki": "Ki", "mi": "Mi", "gi": "Gi", "g": "G", "t": "T", "ti": "Ti", "b": "",
    ]
    if !number.isEmpty, !number.hasSuffix("."), let right = known[suffix.lowercased()] {
      return "write '\(number)\(right)'"
    }
    if text.contains(",") { return "write the fraction with a dot, without separators" }
    return "write a number with one of the suffixes n u m k M G T P E Ki Mi Gi Ti Pi Ei"
  }
}
