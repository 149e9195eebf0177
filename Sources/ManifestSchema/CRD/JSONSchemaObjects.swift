import ManifestSyntax

extension JSONSchemaChecker {
  /// Judges the fields of a mapping.
  mutating func checkObject(_ node: NodeID, _ wanted: JSONSchema.Node, _ role: Role) {
    let isResource = role.contains(.resource) || wanted.flags.contains(.embeddedResource)
    let rules = definition.rules(of: wanted)
    var inner = role.subtracting([.resource, .keepsUnknown])
    if wanted.flags.contains(.embeddedResource) { checkIdentity(node) }
    for (key, value) in tree.entries(node) {
      if mode.isPatch, tree.bytes(key).first == UInt8(ascii: "$") { continue }
      let hash = tree.keyHash(key)
      let property = wanted.property(hash: hash, name: tree.bytes(key))
      if isResource, checkCommonField(key, value, property, role) { continue }
      inner.remove(.keepsUnknown)
      if let property {
        if !isLeftOut(value, property.schema) {
          check(value, under: .key(key), as: property.schema, inner)
        }
        continue
      }
      checkUnnamed(key, value, in: node, wanted, rules, role, inner)
    }
    if !mode.isPatch {
      checkRequired(node, wanted)
      if let rules { checkPropertyCount(node, wanted, rules) }
    }
  }

  /// A null under a field that may not be null is dropped before the server looks.
  private func isLeftOut(_ value: NodeID, _ reference: JSONSchema.Reference) -> Bool {
    guard tree.kind(value) == .null else { return false }
    let node = definition.node(reference)
    return !node.flags.contains(.nullable) && !node.types.contains(.null)
  }

  /// A field that has no schema of its own.
  private mutating func checkUnnamed(
    _ key: NodeID, _ value: NodeID, in node: NodeID, _ wanted: JSONSchema.Node,
    _ rules: JSONSchema.Rules?, _ role: Role, _ inner: Role
  ) {
    var isNamed = false
    for (pattern, schema) in rules?.patternProperties ?? [] {
      // A pattern that cannot be judged may name anything.
      guard let matches = pattern?.matches(tree.string(key)) else {
        isNamed = true
        continue
      }
      if matches {
        isNamed = true
        check(value, under: .key(key), as: schema, inner)
      }
    }
    if isNamed || mode.allowsPlaceholders && tree.isPlaceholder(key) { return }
    switch wanted.additional {
    case .schema(let schema):
      if !isLeftOut(value, schema) { check(value, under: .key(key), as: schema, inner) }
    case .allowed: break
    case .forbidden: unknownField(key, value, in: node, wanted)
    case .unsaid:
      let isKept =
        wanted.flags.contains(.keepsUnknown)
        || !role.isDisjoint(with: [.branch, .keepsUnknown])
      if definition.dialect == .structural, !isKept { unknownField(key, value, in: node, wanted) }
    }
  }

  /// The fields that every object has, whatever its schema says; whether `key` is one of them.
  private mutating func checkCommonField(
    _ key: NodeID, _ value: NodeID, _ property: JSONSchema.Property?, _ role: Role
  ) -> Bool {
    switch tree.string(key) {
    case "apiVersion", "kind":
      guard !role.contains(.branch) else { return property == nil }
      if tree.kind(value) == .string || mode.allowsPlaceholders && tree.isPlaceholder(value) {
        return true
      }
      if tree.kind(value) != .null {
        inside(.key(key)) { $0.wrongType(value, expected: "a string") }
      }
    case "metadata":
      if !role.contains(.branch) { checkMetadata(value) }
      if let property, tree.kind(value) == .mapping {
        check(
          value, under: .key(key), as: property.schema,
          role.subtracting(.resource).union(.keepsUnknown))
      }
    default: return false
    }
    return true
  }

  private mutating func checkMetadata(_ node: NodeID) {
    guard tree.kind(node) != .null, let type = schema.typeID(named: "ObjectMeta") else { return }
    var mode = mode
    // The rules of names and labels are for whoever judges metadata of all kinds.
    mode.isRuled = true
    var checker = SchemaChecker(schema: schema, tree: tree, mode: mode)
    checker.check(node, as: type)
    diagnostics += checker.diagnostics
    placeholder = placeholder ?? checker.placeholder
  }

  /// An object inside an object must say what it is.
  private mutating func checkIdentity(_ node: NodeID) {
    guard !mode.isPatch else { return }
    for name in ["apiVersion", "kind"] {
      let value = tree.value(node, name)
      guard
        value.map({ tree.kind($0) == .null || tree.bytes($0).isEmpty && tree.kind($0) == .string })
          ?? true
      else { continue }
      add(
        "CRD-14", .required, path.field(name), "an object inside an object needs '\(name)'",
        help: "add '\(name)'", anchor: .key)
    }
  }

  private mutating func checkRequired(_ node: NodeID, _ wanted: JSONSchema.Node) {
    for name in wanted.required {
      if let value = tree.value(node, name) {
        guard tree.kind(value) == .null else { continue }
        // A null that may stand is a value; any other is dropped.
        if let schema = wanted.property(named: name)?.schema, !isLeftOut(value, schema) { continue }
        if wanted.property(named: name) == nil { continue }
      }
      if definition.dialect == .structural, let property = wanted.property(named: name),
        definition.node(property.schema).flags.contains(.hasDefault)
      {
        continue
      }
      // The server fills in the status, and what is written there does not count.
      if name == "status", isAtObject { continue }
      let text = name.quoted
      add(
        "CRD-03", .required, path.field(name), "\(place) needs the field \(text)",
        help: "add \(text)", anchor: .key)
    }
  }

  private mutating func checkPropertyCount(
    _ node: NodeID, _ wanted: JSONSchema.Node, _ rules: JSONSchema.Rules
  ) {
    guard rules.propertiesMin != nil || rules.propertiesMax != nil else { return }
    var count = tree.count(node)
    if definition.dialect == .structural {
      count += wanted.properties.count { property in
        definition.node(property.schema).flags.contains(.hasDefault)
          && tree.value(node, property.name) == nil
      }
    }
    if let max = rules.propertiesMax, count > max {
      add(
        "CRD-09", .tooMany, path, "has \(count) fields, but at most \(max) are allowed",
        help: "remove \(count - max) of them", anchor: .key)
    }
    if let min = rules.propertiesMin, count < min {
      add(
        "CRD-09", .invalid, path, "has \(count) fields, but at least \(min) are needed",
        help: "add \(min - count) more", anchor: .key)
    }
  }

  /// What the fields of the current object belong to, for messages.
  var place: String {
    isAtObject ? kindName : "'\(pathInObject)' of \(kindName)"
  }

  private mutating func unknownField(
    _ key: NodeID, _ value: NodeID, in node: NodeID, _ wanted: JSONSchema.Node
  ) {
    let name = tree.string(key)
    var known = wanted.properties.map(\.name)
    if isAtObject { known += ["apiVersion", "kind", "metadata"] }
    let near =
      known.first { $0.lowercased() == name.lowercased() }
      ?? EditDistance.nearest(to: name, in: known)
    let fieldPath = path.field(name)
    var fixes: [FixIt] = []
    if let near, tree.value(node, near) == nil {
      fixes = [
        FixIt("rename to '\(near)'", safety: .safe, edits: [.rename(fieldPath, to: near)])
      ]
    }
    let allowed = known.sorted().prefix(8).joined(separator: ", ")
    let notes = near == nil && !known.isEmpty && known.count <= 8 ? ["it has: \(allowed)"] : []
    add(
      "CRD-01", .unknownField, fieldPath, "\(place) has no field \(name.quoted)",
      help: near.map { "did you mean '\($0)'?" } ?? "remove it, or move it to where it belongs",
      notes: notes, anchor: .key, fixes: fixes)
    diagnostics[diagnostics.count - 1].span = tree.span(key)
  }
}
