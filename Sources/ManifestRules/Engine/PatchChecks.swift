import ManifestSchema
import ManifestSyntax

/// JSON patches (RFC 6902): lists of operations, judged as such.
enum PatchChecks {
  private static let operations = ["add", "remove", "replace", "move", "copy", "test"]

  /// Whether the document looks like a JSON patch.
  static func isJSONPatch(_ tree: Tree) -> Bool {
    guard tree.kind(.root) == .sequence, tree.count(.root) > 0 else { return false }
    return tree.items(.root).allSatisfy {
      tree.value($0, "op") != nil || tree.value($0, "path") != nil
    }
  }

  /// What is wrong with the operations.
  static func jsonPatch(_ tree: Tree) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    for (number, item) in tree.items(.root).enumerated() {
      let path = FieldPath.root.index(number)
      guard let operation = tree.value(item, "op"), tree.kind(operation) == .string else {
        diagnostics.append(missing("op", path))
        continue
      }
      let name = tree.string(operation)
      if !operations.contains(name) {
        diagnostics.append(
          Diagnostic(
            "PATCH-01", .error, .notSupported, at: path.field("op"),
            "'\(name)' is no JSON patch operation",
            help: "write one of \(operations.joined(separator: ", "))"))
        continue
      }
      var needed = ["path"]
      if ["add", "replace", "test"].contains(name) { needed.append("value") }
      if ["move", "copy"].contains(name) { needed.append("from") }
      for field in needed where tree.entry(item, field) == nil {
        diagnostics.append(missing(field, path))
      }
      if let target = tree.value(item, "path"), !tree.string(target).isEmpty,
        !tree.string(target).hasPrefix("/"), !tree.isPlaceholder(target)
      {
        diagnostics.append(
          Diagnostic(
            "PATCH-01", .error, .invalid, at: path.field("path"), "a JSON pointer begins with '/'",
            help: "write '/spec/replicas' rather than 'spec.replicas'"))
      }
    }
    return diagnostics
  }

  private static func missing(_ field: String, _ path: FieldPath) -> Diagnostic {
    Diagnostic(
      "PATCH-01", .error, .required, at: path.field(field), "this operation needs '\(field)'",
      help: "add '\(field)'", anchor: .key)
  }
}
