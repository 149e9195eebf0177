import ManifestSyntax

extension JSONSchemaChecker {
  /// Judges the items of a list.
  mutating func checkList(_ node: NodeID, _ wanted: JSONSchema.Node, _ role: Role) {
    let rules = definition.rules(of: wanted)
    let inner = role.subtracting([.resource, .keepsUnknown])
    let prefix = rules?.prefixItems ?? []
    for (position, item) in tree.items(node).enumerated() {
      guard let schema = position < prefix.count ? prefix[position] : wanted.items else { continue }
      if isPatchDirective(item) { continue }
      check(item, under: .index(position), as: schema, inner)
    }
    guard !mode.isPatch else { return }
    if let rules { checkItemCount(node, rules) }
    switch wanted.listType {
    case .set: checkUnique(node, { $0.tree.value($1).canonicalText }, "a set holds each value once")
    case .map where !wanted.listKeys.isEmpty: checkKeys(node, wanted)
    default:
      if rules?.hasUniqueItems ?? false {
        checkUnique(node, { $0.tree.value($1).canonicalText }, "each item may stand once")
      }
    }
  }

  private func isPatchDirective(_ item: NodeID) -> Bool {
    mode.isPatch && tree.value(item, "$patch") != nil
  }

  private mutating func checkItemCount(_ node: NodeID, _ rules: JSONSchema.Rules) {
    let count = tree.count(node)
    if let max = rules.itemsMax, count > max {
      add(
        "CRD-09", .tooMany, path, "has \(count) items, but at most \(max) are allowed",
        help: "remove \(count - max) of them", anchor: .key)
    }
    if let min = rules.itemsMin, count < min {
      add(
        "CRD-09", .invalid, path, "has \(count) items, but at least \(min) are needed",
        help: "add \(min - count) more", anchor: .key)
    }
  }

  private mutating func checkKeys(_ node: NodeID, _ wanted: JSONSchema.Node) {
    let keys = wanted.listKeys
    var defaults: [String: String] = [:]
    if let items = wanted.items.map({ definition.node($0) }) {
      for key in keys {
        guard let property = items.property(named: key) else { continue }
        let rules = definition.rules(of: definition.node(property.schema))
        defaults[key] = rules?.defaultValue?.canonicalText
      }
    }
    let rule =
      keys.count == 1
      ? "items are told apart by '\(keys[0])'"
      : "items are told apart by \(keys.map { "'\($0)'" }.joined(separator: ", ")) together"
    checkUnique(
      node,
      { checker, item in
        guard checker.tree.kind(item) == .mapping else { return nil }
        var text = ""
        for key in keys {
          let value = checker.tree.value(item, key).flatMap {
            checker.tree.kind($0) == .null ? nil : $0
          }
          let part = value.map { checker.tree.value($0).canonicalText } ?? defaults[key]
          text += part.map { "\($0)," } ?? "-,"
        }
        return text
      }, rule)
  }

  /// Items of which `key` says the same as of an earlier one; nil takes no part.
  private mutating func checkUnique(
    _ node: NodeID, _ key: (JSONSchemaChecker, NodeID) -> String?, _ rule: String
  ) {
    var first: [String: Int] = [:]
    for (position, item) in tree.items(node).enumerated() {
      if mode.allowsPlaceholders, holdsPlaceholder(item) { continue }
      guard let key = key(self, item) else { continue }
      guard let earlier = first[key] else {
        first[key] = position
        continue
      }
      let path = path
      add(
        "CRD-10", .duplicate, at: item, path.index(position),
        "is the same as item \(earlier) of this list: \(rule)", help: "remove one of the two")
    }
  }

  private func holdsPlaceholder(_ node: NodeID) -> Bool {
    if tree.isPlaceholder(node) { return true }
    return tree.entries(node).contains { tree.isPlaceholder($0.value) }
  }
}
