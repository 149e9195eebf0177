import ManifestSyntax

/// For programs: RFC 6902 patches that turn each object into what it will be.
public enum JSONPatchChanges: ChangeFormat {
  public static let name = "jsonpatch"

  public static func text(_ set: ChangeSet, _ options: ChangeFormatOptions) -> String {
    var items: [Value] = []
    for change in set.changes where change.isChange {
      var item = ValueMap()
      item["apiVersion"] = .string(change.object.apiVersion)
      item["kind"] = .string(change.object.kind)
      if let namespace = change.object.namespace { item["namespace"] = .string(namespace) }
      item["name"] = .string(change.object.name)
      item["action"] = .string(change.action.rawValue)
      item["patch"] = .list(patch(change, options))
      items.append(.map(item))
    }
    return JSONWriter.string(.list(items), .indented) + "\n"
  }

  private static func patch(_ change: ObjectChange, _ options: ChangeFormatOptions) -> [Value] {
    switch change.action {
    case .create: return [operation("add", "", change.after)]
    case .delete: return [operation("remove", "", nil)]
    case .replace: return [operation("replace", "", change.after)]
    default:
      guard let before = change.before, let after = change.after else { return [] }
      var operations: [Value] = []
      compare(stable(before, options), stable(after, options), "", &operations)
      return operations
    }
  }

  private static func stable(_ object: Value, _ options: ChangeFormatOptions) -> Value {
    var object = object
    object["status"] = nil
    if var metadata = object["metadata"] {
      for field in ["resourceVersion", "generation"] { metadata[field] = nil }
      if !options.showsManagedFields { metadata["managedFields"] = nil }
      object["metadata"] = metadata
    }
    return object
  }

  /// The operations that turn `old` into `new`.
  static func compare(_ old: Value, _ new: Value, _ path: String, _ operations: inout [Value]) {
    if old == new { return }
    switch (old, new) {
    case (.map(let left), .map(let right)):
      for entry in left.entries where right[entry.key] == nil {
        operations.append(operation("remove", path + "/" + escaped(entry.key), nil))
      }
      for entry in right.entries {
        let inner = path + "/" + escaped(entry.key)
        if let known = left[entry.key] {
          compare(known, entry.value, inner, &operations)
        } else {
          operations.append(operation("add", inner, entry.value))
        }
      }
    case (.list(let left), .list(let right)) where left.count == right.count:
      for position in left.indices {
        compare(left[position], right[position], "\(path)/\(position)", &operations)
      }
    default: operations.append(operation("replace", path, new))
    }
  }

  private static func operation(_ name: String, _ path: String, _ value: Value?) -> Value {
    var map = ValueMap()
    map["op"] = .string(name)
    map["path"] = .string(path)
    if let value { map["value"] = value }
    return .map(map)
  }

  private static func escaped(_ key: String) -> String {
    var text = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "~": text += "~0"
      case "/": text += "~1"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
