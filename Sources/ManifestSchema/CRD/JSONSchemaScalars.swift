import ManifestSyntax

extension JSONSchemaChecker {
  /// Judges a string or number beyond its type.
  mutating func checkScalar(
    _ node: NodeID, _ kind: NodeKind, _ wanted: JSONSchema.Node, _ rules: JSONSchema.Rules
  ) {
    switch kind {
    case .string: checkString(node, rules)
    case .int, .float: checkNumber(node, kind, wanted, rules)
    default: break
    }
  }

  private mutating func checkString(_ node: NodeID, _ rules: JSONSchema.Rules) {
    let needsText =
      rules.lengthMin != nil || rules.lengthMax != nil || rules.pattern != nil
      || rules.format != nil
    guard needsText else { return }
    let text = tree.string(node)
    if rules.lengthMin != nil || rules.lengthMax != nil {
      let length = text.unicodeScalars.count
      if let max = rules.lengthMax, length > max {
        add(
          "CRD-06", .tooLong, at: node, path,
          "has \(length) characters, but at most \(max) are allowed",
          help: "shorten it")
      }
      if let min = rules.lengthMin, length < min {
        add(
          "CRD-06", .invalid, at: node, path,
          length == 0
            ? "may not be empty" : "has \(length) characters, but at least \(min) are needed",
          help: "write a longer value")
      }
    }
    if let pattern = rules.pattern, pattern.matches(text) == false {
      add(
        "CRD-07", .invalid, at: node, path,
        "\(text.quoted) does not match the pattern of this field",
        help: "write a value that matches it", notes: ["pattern: \(pattern.text)"])
    }
    if let format = rules.format, let help = CustomFormat.help(for: text, as: format) {
      add("CRD-08", .invalid, at: node, path, "\(text.quoted) is not \(help.what)", help: help.how)
    }
  }

  private mutating func checkNumber(
    _ node: NodeID, _ kind: NodeKind, _ wanted: JSONSchema.Node, _ rules: JSONSchema.Rules
  ) {
    let value = tree.value(node)
    let text = tree.string(node).quoted
    if let format = rules.format, wanted.types.contains(.integer) {
      let bits = format == "int32" ? 32 : format == "int64" ? 64 : 0
      if bits > 0, !fits(value, bits: bits) {
        let limits =
          bits == 32
          ? "-2147483648 and 2147483647" : "-9223372036854775808 and 9223372036854775807"
        add(
          "CRD-05", .invalid, at: node, path, "\(text) does not fit in \(bits) bits",
          help: "write a number between \(limits)")
      }
    }
    if let bound = rules.minimum,
      value.isLess(than: bound.value) || bound.isExclusive && value.isEqual(to: bound.value)
    {
      let words = bound.isExclusive ? "more than" : "at least"
      add(
        "CRD-05", .invalid, at: node, path, "\(text) is too small",
        help: "write \(words) \(bound.value.canonicalText)")
    }
    if let bound = rules.maximum,
      bound.value.isLess(than: value) || bound.isExclusive && value.isEqual(to: bound.value)
    {
      let words = bound.isExclusive ? "less than" : "at most"
      add(
        "CRD-05", .invalid, at: node, path, "\(text) is too large",
        help: "write \(words) \(bound.value.canonicalText)")
    }
    if let step = rules.multipleOf, !value.isMultiple(of: step) {
      add(
        "CRD-05", .invalid, at: node, path, "\(text) is not a multiple of \(step.canonicalText)",
        help: "write a multiple of \(step.canonicalText)")
    }
  }

  private func fits(_ value: Value, bits: Int) -> Bool {
    switch value {
    case .int(let number): bits == 64 || Int32(exactly: number) != nil
    case .double(let number):
      bits == 64 ? Int64(exactly: number) != nil : Int32(exactly: number) != nil
    default: false
    }
  }

  mutating func checkEnum(_ node: NodeID, _ texts: Set<String>, _ rules: JSONSchema.Rules) {
    let value = tree.value(node)
    guard !texts.contains(value.canonicalText) else { return }
    let names = rules.enumValues.map { $0.string ?? $0.canonicalText }
    let text = tree.kind(node).isScalar ? tree.string(node).quoted : "this value"
    let near = tree.kind(node) == .string ? nearest(to: tree.string(node), in: names) : nil
    var fixes: [FixIt] = []
    if let near, near.lowercased() == tree.string(node).lowercased() {
      fixes = [FixIt("write \(near)", safety: .safe, edits: [.set(path, to: near)])]
    }
    let shown = names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
    add(
      "CRD-04", .notSupported, at: node, path, "\(text) is not one of the values allowed here",
      help: near.map { "did you mean '\($0)'?" } ?? "write one of them",
      notes: ["allowed: \(shown)"], fixes: fixes)
  }

  private func nearest(to text: String, in names: [String]) -> String? {
    names.first { $0.lowercased() == text.lowercased() }
      ?? EditDistance.nearest(to: text, in: names)
  }

  // MARK: - Wrong types

  mutating func wrongType(_ node: NodeID, expected: String) {
    if mode.allowsPlaceholders, tree.isPlaceholder(node) {
      placeholder = placeholder ?? node
      return
    }
    let found = SchemaChecker(schema: schema, tree: tree, mode: mode).found(node)
    var help: String?
    var fixes: [FixIt] = []
    let text = tree.string(node)
    switch tree.kind(node) {
    case .null: help = "write a value, or remove this line"
    case .bool where expected.hasSuffix("string"), .int where expected.hasSuffix("string"),
      .float where expected.hasSuffix("string"):
      help = "quote it: \"\(text)\""
      fixes = [
        FixIt(
          "quote the value", safety: .safe, edits: [.replace(tree.span(node), with: "\"\(text)\"")])
      ]
    case .string:
      if isPlain(text, expected) {
        help = "remove the quotes: \(text)"
        fixes = [
          FixIt("remove the quotes", safety: .safe, edits: [.replace(tree.span(node), with: text)])
        ]
      } else if expected == "a list" {
        help = "write a list: ['\(text)']"
      }
    case .mapping where expected == "a list": help = "begin each item with '- '"
    case .sequence where expected == "a mapping":
      help = "write `key: value` lines here, without '- '"
    default: break
    }
    add(
      "CRD-02", .typeInvalid, at: node, path, "expected \(expected), found \(found)", help: help,
      fixes: fixes)
  }

  /// Whether `text` without its quotes would be what is expected.
  private func isPlain(_ text: String, _ expected: String) -> Bool {
    var text = text
    let kind = text.withUTF8 { ScalarResolution.kind(ofPlain: UnsafeRawBufferPointer($0)) }
    switch kind {
    case .int: return expected.contains("number")
    case .float: return expected.hasPrefix("a number")
    case .bool: return expected == "true or false"
    default: return false
    }
  }
}

extension Value {
  fileprivate func isEqual(to other: Value) -> Bool {
    !isLess(than: other) && !other.isLess(than: self)
  }
}
