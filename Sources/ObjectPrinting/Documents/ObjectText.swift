import ManifestSyntax

/// Whole objects as text, as `kubectl get -o yaml` and `-o json` print them.
public enum ObjectText {
  /// YAML with sorted keys, with a line break at the end.
  public static func yaml(_ value: Value) -> String { YAMLWriter.write(value, keys: .sorted) }

  /// JSON with sorted keys and four spaces a level, without a line break at the end.
  public static func json(_ value: Value) -> String {
    JSONWriter.string(SortedKeys.of(value), .spacious)
  }

  /// `objects` in one list, as they are printed where several were asked for.
  public static func list(_ objects: [Value]) -> Value {
    [
      "apiVersion": "v1", "items": .list(objects), "kind": "List",
      "metadata": ["resourceVersion": ""],
    ]
  }

  /// `object` without the record of who owns which field.
  public static func withoutManagedFields(_ object: Value) -> Value {
    guard object["metadata"]?["managedFields"] != nil else { return object }
    var object = object
    object["metadata"]?["managedFields"] = nil
    return object
  }
}
