import ManifestMerge
import ManifestSyntax

/// How an object of ours differs from a recorded one: owners as a set, and nothing that only a
/// cluster decides.
enum ObjectComparison {
  /// What differs, a line each.
  static func differences(_ found: Value, _ recorded: Value) -> [String] {
    let (left, right) = (plain(found), plain(recorded))
    var lines = difference(left, right, "")
    let (mine, theirs) = (owners(found), owners(recorded))
    for owner in Set(mine.keys).union(theirs.keys).sorted() {
      guard let right = theirs[owner] else {
        lines.append("owner \(owner) too much")
        continue
      }
      guard let left = mine[owner] else {
        lines.append("owner \(owner) missing")
        continue
      }
      if left == right { continue }
      let more = left.subtracting(right).paths.map(\.pathText)
      let less = right.subtracting(left).paths.map(\.pathText)
      lines.append("owner \(owner): too much \(more), missing \(less)")
    }
    return lines
  }

  /// The object without what the recordings leave out.
  private static func plain(_ object: Value) -> Value {
    guard var metadata = object["metadata"] else { return object }
    for name in ["managedFields", "uid", "resourceVersion", "creationTimestamp", "namespace"] {
      metadata[name] = nil
    }
    var object = object
    object["metadata"] = metadata
    return object
  }

  private static func owners(_ object: Value) -> [String: FieldSet] {
    guard let managed = try? ManagedFields(object["metadata"]?["managedFields"]) else {
      return [:]
    }
    return Dictionary(
      managed.entries.map { entry in
        let writer = entry.writer
        return (
          "\(writer.manager) \(writer.operation) \(entry.apiVersion) \(writer.subresource)",
          entry.fields
        )
      }, uniquingKeysWith: { $0.union($1) })
  }

  /// What stands in recordings for values that another run would give differently.
  private static func isOpen(_ recorded: Value) -> Bool {
    recorded == "<allocated>" || recorded == "<generated>" || recorded == "<time>"
  }

  private static func difference(_ found: Value, _ expected: Value, _ path: String) -> [String] {
    if isOpen(expected), found != .null { return [] }
    if found == expected { return [] }
    switch (found, expected) {
    case (.map(let left), .map(let right)):
      let names = left.keys + right.keys.filter { left[$0] == nil }
      return names.flatMap { name -> [String] in
        guard let a = left[name] else { return ["\(path).\(name) missing"] }
        guard let b = right[name] else { return ["\(path).\(name) too much"] }
        return difference(a, b, "\(path).\(name)")
      }
    case (.list(let left), .list(let right)) where left.count == right.count:
      return left.indices.flatMap { difference(left[$0], right[$0], "\(path)[\($0)]") }
    default:
      if path.hasSuffix("lastTransitionTime") { return [] }
      return ["\(path): \(JSONWriter.string(found)) instead of \(JSONWriter.string(expected))"]
    }
  }
}
