import ManifestSchema
import ManifestSyntax

/// A reason why a value does not fit the schema that decides about ownership.
public struct MergeTrouble: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Reason: Hashable, Sendable {
    /// The schema has no such field.
    case unknownField
    /// Something else must stand here: `string`, `numeric (int or float)`, `map`…
    case wrongType(expected: String, found: Value)
    /// Two items of a keyed list or set go by the same name.
    case duplicateItem(PathElement)
    /// An item that cannot be told from the others: null, or of the wrong type.
    case badItem(position: Int, String)
  }

  public var path: [PathElement]
  public var reason: Reason

  /// The trouble in words, without its place.
  public var message: String {
    switch reason {
    case .unknownField: "field not declared in schema"
    case .wrongType(let expected, let found):
      "expected \(expected), got \(JSONWriter.string(found))"
    case .duplicateItem(let element): "duplicate entries for key \(element)"
    case .badItem(let position, let text): "element \(position): \(text)"
    }
  }
}

extension MergeTypes {
  /// Everything in `value` that its type does not allow.
  ///
  /// - Parameter allowsDuplicates: Whether items of the same name may stand in a keyed list or set,
  ///   as they may in objects that were not applied.
  func troubles(
    in value: Value, _ type: MergeType, allowsDuplicates: Bool
  ) -> [MergeTrouble] {
    var check = MergeCheck(types: self, allowsDuplicates: allowsDuplicates)
    check.visit(value, type)
    return check.troubles
  }
}

private struct MergeCheck {
  let types: MergeTypes
  let allowsDuplicates: Bool
  var path: [PathElement] = []
  var troubles: [MergeTrouble] = []

  mutating func visit(_ value: Value, _ type: MergeType) {
    if value == .null { return }
    switch types.shape(type) {
    case .scalar(let scalar): check(value, scalar)
    case .list(let list):
      guard case .list(let items) = value else {
        return fail(.wrongType(expected: "list", found: value))
      }
      visit(items, list)
    case .object(let object):
      guard case .map(let map) = value else {
        return fail(.wrongType(expected: "map", found: value))
      }
      visit(map) { object.type(of: $0) }
    case .map(let element, _):
      guard case .map(let map) = value else {
        return fail(.wrongType(expected: "map", found: value))
      }
      visit(map) { _ in element }
    case .deduced, .untyped: break
    }
  }

  private mutating func visit(_ map: ValueMap, typeOf: (String) -> MergeType?) {
    for entry in map.entries {
      path.append(.field(entry.key))
      if let type = typeOf(entry.key) { visit(entry.value, type) } else { fail(.unknownField) }
      path.removeLast()
    }
  }

  private mutating func visit(_ items: [Value], _ list: ListShape) {
    var seen: Set<PathElement> = []
    for (position, item) in items.enumerated() {
      let name: PathElement
      if list.type == .atomic {
        name = .index(position)
      } else {
        do {
          name = try list.element(of: item)
        } catch {
          fail(.badItem(position: position, error.text(isKeyed: list.type == .map)))
          continue
        }
        if !seen.insert(name).inserted, !allowsDuplicates { fail(.duplicateItem(name)) }
      }
      path.append(name)
      visit(item, list.element)
      path.removeLast()
    }
  }

  private mutating func check(_ value: Value, _ scalar: MergeShape.ScalarClass) {
    switch (scalar, value) {
    case (.string, .string), (.bool, .bool): break
    case (.number, .int), (.number, .uint), (.number, .double): break
    case (.any, .string), (.any, .bool), (.any, .int), (.any, .uint), (.any, .double): break
    case (.string, _): fail(.wrongType(expected: "string", found: value))
    case (.bool, _): fail(.wrongType(expected: "boolean", found: value))
    case (.number, _): fail(.wrongType(expected: "numeric (int or float)", found: value))
    case (.any, _): fail(.wrongType(expected: "any scalar", found: value))
    }
  }

  private mutating func fail(_ reason: MergeTrouble.Reason) {
    troubles.append(MergeTrouble(path: path, reason: reason))
  }
}

extension ItemTrouble {
  func text(isKeyed: Bool) -> String {
    switch self {
    case .nullItem where isKeyed: "a keyed list may not have a null item"
    case .nullItem: "a set may not have a null item"
    case .notAMap: "a keyed list may only have items that are maps"
    case .notAScalar: "a set may only have items that are scalars"
    }
  }
}
