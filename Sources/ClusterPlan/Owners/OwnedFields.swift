import ClusterAPI
import ManifestMerge
import ManifestSyntax

/// Who owns which fields of an object.
public struct OwnedFields: Sendable {
  /// One field and its owners.
  public struct Field: Sendable {
    public var path: [PathElement]
    public var value: Value?
    /// Empty where nobody owns it: a default, or something that only the server writes.
    public var owners: [String]

    public var pathText: String { PathText.of(path) }
  }

  /// Somebody who wrote.
  public struct Manager: Sendable {
    /// `kmf`, `kubectl (Update)`.
    public var name: String
    public var isApplier: Bool
    public var apiVersion: String
    public var time: String?
    public var fieldCount: Int
  }

  public var object: ObjectIdentity
  public var managers: [Manager]
  /// In the order of the object's paths.
  public var fields: [Field]

  /// - Parameter includesUnowned: Also the fields that nobody owns.
  public init(
    _ object: ObjectIdentity, _ value: Value, _ session: ClusterSession,
    includesUnowned: Bool = false
  ) {
    let entries =
      (try? ManagedFields(value["metadata"]?["managedFields"]))?.entries ?? []
    self.object = object
    managers = entries.map { entry in
      Manager(
        name: Ownership.name(entry.writer), isApplier: entry.writer.operation == .apply,
        apiVersion: entry.apiVersion, time: entry.time, fieldCount: entry.fields.leaves.count)
    }
    var all = entries.reduce(FieldSet()) { $0.union($1.fields) }
    if includesUnowned, let typed = try? TypedObject(value, types: session.mergeTypes) {
      all = all.union(typed.fields())
    }
    let named = Set(["apiVersion", "kind"].map { [PathElement.field($0)] })
    fields = all.leaves.paths.compactMap { path in
      let owners = entries.filter { $0.fields.touches(path) }.map { Ownership.name($0.writer) }
      if path.starts(with: [.field("metadata"), .field("managedFields")]) { return nil }
      if owners.isEmpty && named.contains(path) { return nil }
      return Field(
        path: path, value: value.part(at: path), owners: Array(Set(owners)).sorted())
    }
  }
}

extension Masker {
  /// The fields without a secret value.
  public func mask(_ owned: OwnedFields, of object: Value) -> OwnedFields {
    guard owned.object.isSecret else { return owned }
    var masked = owned
    for index in masked.fields.indices {
      let field = owned.fields[index]
      masked.fields[index].value = field.value.map { mask($0, at: field.path, of: object) }
    }
    return masked
  }
}

extension OwnedFields {
  /// A tree of fields with their owners beside them.
  public func text(isColored: Bool) -> String {
    let paint = Paint(isColored: isColored)
    var lines = [
      paint(object.label, .strong)
        + (object.namespace.map { paint("  namespace \($0)", .dim) } ?? "")
    ]
    for manager in managers {
      let noun = manager.fieldCount == 1 ? "field" : "fields"
      lines.append(
        "  \(manager.name)\(manager.isApplier ? " (Apply)" : ""): "
          + "\(manager.fieldCount) \(noun)\(manager.time.map { ", \($0)" } ?? "")")
    }
    lines.append("")
    var rows: [(text: String, owners: String)] = []
    tree(fields[...], depth: 0, indentation: "", into: &rows)
    let width = rows.filter { !$0.owners.isEmpty }.map { min($0.text.count, Self.widthMax) }.max()
    for row in rows {
      guard !row.owners.isEmpty else {
        lines.append(row.text)
        continue
      }
      let padding = String(repeating: " ", count: max((width ?? 0) - row.text.count, 0) + 2)
      lines.append(row.text + padding + paint(row.owners, .dim))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let widthMax = 60

  private func tree(
    _ fields: ArraySlice<Field>, depth: Int, indentation: String,
    into rows: inout [(text: String, owners: String)]
  ) {
    var rest = fields
    while let first = rest.first, depth < first.path.count {
      let group = rest.prefix { $0.path.count > depth && $0.path[depth] == first.path[depth] }
      rest = rest.dropFirst(group.count)
      // Steps that all of them share stand in one line.
      var end = depth + 1
      while group.allSatisfy({ $0.path.count > end && $0.path[end] == first.path[end] }) {
        end += 1
      }
      let label = PathText.of(Array(first.path[depth..<end]))
      guard group.count == 1 else {
        rows.append((indentation + label, ""))
        tree(group, depth: end, indentation: indentation + "  ", into: &rows)
        continue
      }
      let value =
        ValueText.isLong(first.value)
        ? "…" : first.value == nil ? "(absent)" : ValueText.inline(first.value)
      rows.append(
        (
          "\(indentation)\(label): \(value)",
          first.owners.isEmpty ? "(nobody)" : first.owners.joined(separator: ", ")
        ))
    }
  }

  /// For programs; `docs/output.md` describes it.
  public var json: String {
    var map = ValueMap()
    map["formatVersion"] = .int(JSONChanges.formatVersion)
    map["object"] = object.value
    map["managers"] = .list(
      managers.map { manager in
        var map = ValueMap()
        map["name"] = .string(manager.name)
        map["operation"] = .string(manager.isApplier ? "Apply" : "Update")
        map["apiVersion"] = .string(manager.apiVersion)
        if let time = manager.time { map["time"] = .string(time) }
        map["fields"] = .int(Int64(manager.fieldCount))
        return .map(map)
      })
    map["fields"] = .list(
      fields.map { field in
        var map = ValueMap()
        map["path"] = .string(field.pathText)
        if let value = field.value { map["value"] = value }
        map["owners"] = .list(field.owners.map(Value.string))
        return .map(map)
      })
    return JSONWriter.string(.map(map), .indented) + "\n"
  }
}
