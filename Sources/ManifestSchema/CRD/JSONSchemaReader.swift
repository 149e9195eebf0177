import ManifestSyntax

/// Reads a JSON schema from a tree.
///
/// Keywords of the wrong type are passed over: a definition's are judged by the tables, like those
/// of any built-in kind. What this reader knows and cannot use it says once, as a warning.
struct JSONSchemaReader {
  private static let depthMax = 256
  private static let referencesMax = 32

  let tree: Tree
  let dialect: JSONSchema.Dialect
  /// The document that `$ref` counts from.
  let base: NodeID
  private var nodes: [JSONSchema.Node] = []
  private var rules: [JSONSchema.Rules] = []
  private var known: [NodeID: JSONSchema.Reference] = [:]
  private var patterns: [String: LinearPattern] = [:]
  private var refusals: Set<String> = []
  private(set) var diagnostics: [Diagnostic] = []
  private var any: JSONSchema.Reference?

  /// A reader of schemas in `tree`, whose references count from `base`.
  init(tree: Tree, dialect: JSONSchema.Dialect, base: NodeID) {
    self.tree = tree
    self.dialect = dialect
    self.base = base
  }

  /// The schema at `node`.
  mutating func schema(at node: NodeID) -> JSONSchema {
    let root = read(node, depth: 0)
    return JSONSchema(dialect: dialect, nodes: nodes, rules: rules, root: root)
  }

  private mutating func read(_ node: NodeID, depth: Int) -> JSONSchema.Reference {
    guard depth < Self.depthMax else {
      warn(
        "CRD-24", node, "this schema is nested too deeply; what is further inside is not checked")
      return anything()
    }
    let node = target(of: node)
    if let reference = known[node] { return reference }
    let reference = JSONSchema.Reference(truncatingIfNeeded: nodes.count)
    nodes.append(JSONSchema.Node())
    known[node] = reference
    guard tree.kind(node) == .mapping else {
      nodes[Int(reference)].flags = tree.bool(node) == false ? .never : .keepsUnknown
      return reference
    }
    var result = JSONSchema.Node()
    var more = JSONSchema.Rules()
    var hasRules = false
    for (key, value) in tree.entries(node) {
      let word = tree.string(key)
      if readShape(word, value, into: &result, depth: depth) { continue }
      if readLimit(word, value, of: node, into: &more)
        || readBranches(word, value, into: &more, depth: depth)
      {
        hasRules = true
      }
    }
    if more.defaultValue.map({ $0 != .null }) ?? false { result.flags.insert(.hasDefault) }
    if let (index, tail) = tuple(node, into: &more, depth: depth) {
      hasRules = hasRules || index
      result.items = tail
    }
    if hasRules {
      result.rules = Int32(truncatingIfNeeded: rules.count)
      rules.append(more)
    }
    nodes[Int(reference)] = result
    return reference
  }

  /// A schema that any value satisfies.
  private mutating func anything() -> JSONSchema.Reference {
    if let any { return any }
    var node = JSONSchema.Node()
    node.flags.insert(.keepsUnknown)
    nodes.append(node)
    let reference = JSONSchema.Reference(truncatingIfNeeded: nodes.count - 1)
    any = reference
    return reference
  }

  private mutating func warn(_ code: String, _ node: NodeID, _ message: String) {
    guard refusals.insert(message).inserted else { return }
    diagnostics.append(
      Diagnostic(code, .warning, .invalid, at: tree.path(to: node), message))
  }

  // MARK: - Keywords

  private mutating func readShape(
    _ word: String, _ value: NodeID, into node: inout JSONSchema.Node, depth: Int
  ) -> Bool {
    switch word {
    case "type": node.types = types(value)
    case "nullable": if isTrue(value) { node.flags.insert(.nullable) }
    case "properties":
      for (key, schema) in tree.entries(value) {
        let name = tree.string(key)
        let reference = read(schema, depth: depth + 1)
        node.positions[KeyHash.of(name)] = Int32(truncatingIfNeeded: node.properties.count)
        node.properties.append(JSONSchema.Property(name: name, schema: reference))
      }
    case "required": node.required = strings(value)
    case "additionalProperties":
      if let truth = tree.bool(value) {
        node.additional = truth ? .allowed : .forbidden
      } else if tree.kind(value) == .mapping {
        node.additional = .schema(read(value, depth: depth + 1))
      }
    case "items" where tree.kind(value) != .sequence: node.items = read(value, depth: depth + 1)
    case "x-kubernetes-int-or-string": if isTrue(value) { node.flags.insert(.intOrString) }
    case "x-kubernetes-preserve-unknown-fields":
      if isTrue(value) { node.flags.insert(.keepsUnknown) }
    case "x-kubernetes-embedded-resource":
      if isTrue(value) { node.flags.insert(.embeddedResource) }
    case "x-kubernetes-map-type":
      if tree.string(value) == "atomic" { node.flags.insert(.atomicMap) }
    case "x-kubernetes-list-type":
      switch tree.string(value) {
      case "set": node.listType = .set
      case "map": node.listType = .map
      case "atomic": node.listType = .atomic
      default: break
      }
    case "x-kubernetes-list-map-keys": node.listKeys = strings(value)
    default: return false
    }
    return true
  }

  private mutating func readLimit(
    _ word: String, _ value: NodeID, of node: NodeID, into rules: inout JSONSchema.Rules
  ) -> Bool {
    switch word {
    case "enum" where tree.kind(value) == .sequence:
      rules.enumValues = tree.items(value).map { tree.value($0) }
      rules.enumTexts = Set(rules.enumValues.map(\.canonicalText))
    case "const":
      rules.enumValues = [tree.value(value)]
      rules.enumTexts = Set(rules.enumValues.map(\.canonicalText))
    case "format" where tree.kind(value) == .string: rules.format = tree.string(value)
    case "default": rules.defaultValue = tree.value(value)
    case "minimum", "exclusiveMinimum": rules.minimum = bound(node, "inimum")
    case "maximum", "exclusiveMaximum": rules.maximum = bound(node, "aximum")
    case "multipleOf": rules.multipleOf = number(value)
    case "minLength": rules.lengthMin = count(value)
    case "maxLength": rules.lengthMax = count(value)
    case "minItems": rules.itemsMin = count(value)
    case "maxItems": rules.itemsMax = count(value)
    case "minProperties": rules.propertiesMin = count(value)
    case "maxProperties": rules.propertiesMax = count(value)
    case "uniqueItems": rules.hasUniqueItems = isTrue(value)
    case "pattern" where tree.kind(value) == .string:
      rules.pattern = pattern(tree.string(value), at: value)
    default: return false
    }
    return true
  }

  private mutating func readBranches(
    _ word: String, _ value: NodeID, into rules: inout JSONSchema.Rules, depth: Int
  ) -> Bool {
    switch word {
    case "allOf": rules.allOf += branches(value, depth)
    case "anyOf": rules.anyOf = branches(value, depth)
    case "oneOf": rules.oneOf = branches(value, depth)
    case "not": rules.not = read(value, depth: depth + 1)
    // Only references that have company are left, and those that lead nowhere.
    case "$ref":
      let found = resolve(tree.string(value))
      rules.allOf.append(found.map { read($0, depth: depth + 1) } ?? anything())
    case "patternProperties":
      for (key, schema) in tree.entries(value) {
        let pattern = pattern(tree.string(key), at: schema)
        rules.patternProperties.append((pattern, read(schema, depth: depth + 1)))
      }
    default: return false
    }
    return true
  }

  private mutating func branches(_ list: NodeID, _ depth: Int) -> [JSONSchema.Reference] {
    tree.items(list).map { read($0, depth: depth + 1) }
  }

  /// Lists whose first items have schemas of their own: older drafts write them under `items`.
  private mutating func tuple(
    _ node: NodeID, into rules: inout JSONSchema.Rules, depth: Int
  ) -> (hasPrefix: Bool, tail: JSONSchema.Reference?)? {
    if let prefix = tree.value(node, "prefixItems"), tree.kind(prefix) == .sequence {
      rules.prefixItems = branches(prefix, depth)
      return (true, tree.value(node, "items").map { read($0, depth: depth + 1) })
    }
    guard let items = tree.value(node, "items"), tree.kind(items) == .sequence else { return nil }
    rules.prefixItems = branches(items, depth)
    return (true, tree.value(node, "additionalItems").map { read($0, depth: depth + 1) })
  }

  // MARK: - Values

  private func isTrue(_ node: NodeID) -> Bool { tree.bool(node) == true }

  private func strings(_ list: NodeID) -> [String] {
    tree.items(list).filter { tree.kind($0) == .string }.map { tree.string($0) }
  }

  private func types(_ node: NodeID) -> JSONSchema.Types {
    let names = tree.kind(node) == .sequence ? strings(node) : [tree.string(node)]
    var types: JSONSchema.Types = []
    for name in names {
      switch name {
      case "null": types.insert(.null)
      case "boolean": types.insert(.boolean)
      case "integer": types.insert(.integer)
      case "number": types.insert(.number)
      case "string": types.insert(.string)
      case "array": types.insert(.array)
      case "object": types.insert(.object)
      // An unknown name is the schema's mistake: do not blame the objects for it.
      default: return []
      }
    }
    return types
  }

  private func number(_ node: NodeID) -> Value? {
    let value = tree.value(node)
    // A bare `nil` would be read as the value null.
    guard value.asDouble != nil else { return Value?.none }
    return value
  }

  private func count(_ node: NodeID) -> Int? {
    switch number(node) {
    case .int(let number): Int(exactly: number)
    case .double(let number): Int(exactly: number)
    default: nil
    }
  }

  /// The bound whose keyword ends with `name`: drafts differ in whether "exclusive" is a truth
  /// value beside it or a bound of its own.
  private func bound(_ node: NodeID, _ name: String) -> JSONSchema.Bound? {
    let isMinimum = name == "inimum"
    let inclusive = tree.value(node, isMinimum ? "minimum" : "maximum").flatMap { number($0) }
    let word = tree.value(node, isMinimum ? "exclusiveMinimum" : "exclusiveMaximum")
    guard let exclusive = word.flatMap({ number($0) }) else {
      return inclusive.map { JSONSchema.Bound(value: $0, isExclusive: word.map(isTrue) ?? false) }
    }
    if let inclusive,
      isMinimum ? exclusive.isLess(than: inclusive) : inclusive.isLess(than: exclusive)
    {
      return JSONSchema.Bound(value: inclusive, isExclusive: false)
    }
    return JSONSchema.Bound(value: exclusive, isExclusive: true)
  }

  private mutating func pattern(_ text: String, at node: NodeID) -> LinearPattern? {
    if let pattern = patterns[text] { return pattern }
    do {
      let pattern = try LinearPattern(text)
      patterns[text] = pattern
      return pattern
    } catch {
      warn("CRD-22", node, "the pattern \(text.quoted) is not checked: \(error)")
      return nil
    }
  }

  // MARK: - References

  /// Where `$ref` leads from `node`, through at most a few references.
  private mutating func target(of node: NodeID) -> NodeID {
    var node = node
    for _ in 0..<Self.referencesMax {
      guard let word = tree.value(node, "$ref"), tree.kind(word) == .string else { return node }
      guard let found = resolve(tree.string(word)) else {
        warn("CRD-23", word, "the reference \(tree.string(word).quoted) is not followed")
        return node
      }
      // What stands beside a reference counts in newer drafts, so it is kept as a schema.
      if hasCompany(node) { return node }
      node = found
    }
    return node
  }

  private func hasCompany(_ node: NodeID) -> Bool {
    tree.entries(node).contains {
      !Self.remarks.contains(tree.string($0.key))
    }
  }

  /// Keywords that say nothing about a value.
  private static let remarks: Set<String> = [
    "$ref", "description", "title", "default", "example", "examples", "$comment", "definitions",
    "$defs", "$schema", "$id", "id",
  ]

  private func resolve(_ reference: String) -> NodeID? {
    guard reference.hasPrefix("#") else { return nil }
    var node = base
    for part in reference.dropFirst().split(separator: "/") {
      let name = Self.unescaped(part)
      if tree.kind(node) == .sequence {
        guard let item = Int(name).flatMap({ tree.item(node, at: $0) }) else { return nil }
        node = item
      } else {
        guard let value = tree.value(node, name) else { return nil }
        node = value
      }
    }
    return node
  }

  /// A step of a JSON pointer: `~1` is a slash, `~0` a tilde, `%XX` a byte.
  private static func unescaped(_ part: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = part.utf8
    while let byte = rest.popFirst() {
      let hex = String(Substring(rest.prefix(2)))
      if byte == UInt8(ascii: "~"), let next = rest.first, next == 0x30 || next == 0x31 {
        bytes.append(next == 0x30 ? UInt8(ascii: "~") : UInt8(ascii: "/"))
        rest = rest.dropFirst()
      } else if byte == UInt8(ascii: "%"), hex.utf8.count == 2, let value = UInt8(hex, radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
