import ManifestSchema
import ManifestSyntax

/// Strategic merge patches: like merge patches, but lists are merged by the keys of the schema, and
/// directives say what plain objects cannot.
struct StrategicMerge {
  let types: MergeTypes

  enum Directive {
    static let patch = "$patch"
    static let retainKeys = "$retainKeys"
    static let deletePrefix = "$deleteFromPrimitiveList/"
    static let orderPrefix = "$setElementOrder/"
  }

  /// `original` after `patch`.
  func merge(
    _ patch: ValueMap, into original: ValueMap?, _ type: MergeType
  ) throws(PatchRefusal) -> Value {
    if let directive = patch[Directive.patch] {
      return .map(try replacement(for: directive, patch))
    }
    var patch = patch
    var result = original ?? ValueMap()
    try retainKeys(of: &result, &patch)
    try setElementOrders(in: &result, &patch, type)
    for entry in patch.entries {
      try merge(entry, into: &result, type)
    }
    return .map(result)
  }

  private func replacement(
    for directive: Value, _ patch: ValueMap
  ) throws(PatchRefusal) -> ValueMap {
    switch directive {
    case "replace":
      var patch = patch
      patch[Directive.patch] = nil
      return patch
    case "delete": return ValueMap()
    default:
      throw .inapplicable(
        "unknown patch type '\(directive.string ?? JSONWriter.string(directive))' in map")
    }
  }

  private func merge(
    _ entry: ValueMap.Entry, into result: inout ValueMap, _ type: MergeType
  ) throws(PatchRefusal) {
    let isDeletion = entry.key.hasPrefix(Directive.deletePrefix)
    let name =
      isDeletion ? String(entry.key.dropFirst(Directive.deletePrefix.count)) : entry.key
    if entry.value == .null {
      result[name] = nil
      return
    }
    let field = self.type(of: name, in: type)
    switch (result[name], entry.value) {
    case (.map(let original)?, .map(let patch)):
      let isReplaced = field.patchStrategy.contains(.replace)
      result[name] = isReplaced ? entry.value : try merge(patch, into: original, field)
    case (.list(let original)?, .list(let patch)):
      if isDeletion || field.patchStrategy.contains(.merge) {
        let list = StrategicList(merge: self, type: field)
        result[name] = .list(try list.merge(patch, into: original, isDeletion: isDeletion))
      } else {
        result[name] = entry.value
      }
    default:
      if !isDeletion { result[name] = try Self.withoutDirectives(entry.value) }
    }
  }

  func type(of name: String, in type: MergeType) -> MergeType {
    switch types.shape(type) {
    case .object(let object): object.type(of: name) ?? .deduced
    case .map(let element, _): element
    default: .deduced
    }
  }
}

// MARK: - Directives

extension StrategicMerge {
  /// `$retainKeys`: everything that it does not name goes.
  private func retainKeys(
    of result: inout ValueMap, _ patch: inout ValueMap
  ) throws(PatchRefusal) {
    guard let directive = patch[Directive.retainKeys] else { return }
    patch[Directive.retainKeys] = nil
    let malformed = PatchRefusal.malformed("invalid patch format of retainKeys")
    guard case .list(let items) = directive else { throw malformed }
    var kept: Set<String> = []
    for item in items {
      guard let name = item.string else { throw malformed }
      kept.insert(name)
    }
    for entry in patch.entries where entry.value != .null {
      let isDirective =
        entry.key.hasPrefix(Directive.deletePrefix) || entry.key.hasPrefix(Directive.orderPrefix)
      if !isDirective, !kept.contains(entry.key) { throw malformed }
    }
    result = ValueMap(unique: result.entries.filter { kept.contains($0.key) })
  }

  /// `$setElementOrder/LIST`: merges the list and brings it to that order.
  private func setElementOrders(
    in result: inout ValueMap, _ patch: inout ValueMap, _ type: MergeType
  ) throws(PatchRefusal) {
    for entry in patch.entries where entry.key.hasPrefix(Directive.orderPrefix) {
      patch[entry.key] = nil
      let name = String(entry.key.dropFirst(Directive.orderPrefix.count))
      guard case .list(let order) = entry.value else { throw Self.badOrder }
      let original = try Self.list(result[name])
      let patched = try Self.list(patch[name])
      let list = StrategicList(merge: self, type: self.type(of: name, in: type))
      if let patched { try list.check(patched, against: order) }
      let merged: [Value]
      switch (original, patched) {
      case (let original?, nil): merged = original
      case (nil, let patched?):
        merged = try Self.withoutDirectives(.list(patched)).list ?? []
      case (let original?, let patched?):
        merged =
          list.type.patchStrategy.contains(.merge)
          ? try list.merge(patched, into: original, isDeletion: false) : patched
      case (nil, nil): continue
      }
      result[name] = .list(list.ordered(merged, by: order, originally: original ?? []))
      patch[name] = nil
    }
  }

  static let badOrder = PatchRefusal.malformed("invalid patch format of setElementOrder list")

  private static func list(_ value: Value?) throws(PatchRefusal) -> [Value]? {
    switch value {
    case nil: return nil
    case .list(let items)?: return items
    default: throw badOrder
    }
  }

  /// A value that the patch adds: nothing in it is an order to the server any more.
  static func withoutDirectives(_ value: Value) throws(PatchRefusal) -> Value {
    switch value {
    case .map(let map):
      var kept = ValueMap()
      for entry in map.entries where entry.value != .null {
        if isDirective(entry.key) { continue }
        if let part = try surviving(entry.value) { kept[entry.key] = part }
      }
      return .map(kept)
    case .list(let items):
      var kept: [Value] = []
      for item in items {
        if let part = try surviving(item) { kept.append(part) }
      }
      return .list(kept)
    default: return value
    }
  }

  private static func isDirective(_ key: String) -> Bool {
    key == Directive.patch || key == Directive.retainKeys
      || key.hasPrefix(Directive.deletePrefix) || key.hasPrefix(Directive.orderPrefix)
  }

  /// The value without directives; nil where it asks to be deleted.
  private static func surviving(_ value: Value) throws(PatchRefusal) -> Value? {
    if value[Directive.patch] == "delete" { return Optional.none }
    return try withoutDirectives(value)
  }
}
