import ManifestSyntax

/// As `diff -u` shows it: each object's YAML before and after, without status and ownership.
public enum UnifiedChanges: ChangeFormat {
  public static let name = "unified"

  public static func text(_ set: ChangeSet, _ options: ChangeFormatOptions) -> String {
    var text = ""
    for change in set.changes {
      text += Self.text(change, options)
      if change.action == .failed, let error = change.error {
        text += "# \(change.object.fullLabel): error: \(error.message)\n"
      }
    }
    for problem in set.problems { text += "# error: \(problem.text)\n" }
    return text
  }

  /// The difference of one object; empty where there is none.
  static func text(_ change: ObjectChange, _ options: ChangeFormatOptions) -> String {
    guard change.isChange || change.action == .failed && !change.fields.isEmpty else { return "" }
    let name = fileName(change.object)
    return UnifiedDiff.text(
      from: yaml(change.before, options).utf8,
      to: yaml(change.action == .delete ? nil : change.after, options).utf8, name: name)
  }

  private static func fileName(_ object: ObjectIdentity) -> String {
    [object.namespace, object.kind, object.name].compactMap { $0 }.joined(separator: "/")
  }

  static func yaml(_ object: Value?, _ options: ChangeFormatOptions) -> String {
    guard var object else { return "" }
    object["status"] = nil
    if var metadata = object["metadata"] {
      for field in [
        "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink",
      ] { metadata[field] = nil }
      if !options.showsManagedFields { metadata["managedFields"] = nil }
      object["metadata"] = metadata
    }
    return YAMLWriter.write(object, keys: .sorted)
  }
}
