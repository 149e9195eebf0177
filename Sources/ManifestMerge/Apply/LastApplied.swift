import ManifestSchema
import ManifestSyntax

/// The annotation in which client-side `kubectl apply` keeps its last configuration.
///
/// Server-side apply by the same program takes over from it: fields that still are as last applied
/// are no conflict, and the annotation follows what is applied now, so that the way back stays
/// open.
enum LastApplied {
  static let annotation = "kubectl.kubernetes.io/last-applied-configuration"
  /// The only manager that takes part.
  static let manager = "kubectl"

  /// The fields that the annotation of `live` holds with the values they still have; nil where
  /// there is no annotation, or one of another version.
  static func fieldsStillAsApplied(
    in live: Value, apiVersion: String, types: MergeTypes
  ) -> FieldSet? {
    guard let text = live["metadata"]?["annotations"]?[annotation]?.string,
      let last = JSONReader.read(SourceText(text)).tree?.value(),
      last["apiVersion"]?.string == apiVersion,
      let old = try? TypedObject(last, types: types), let new = try? TypedObject(live, types: types)
    else { return nil }
    let comparison = old.comparison(to: new)
    return old.fields().subtracting(comparison.modified).subtracting(comparison.added)
      .subtracting(comparison.removed)
  }

  /// Rewrites the annotation of `object`, if it has one, from what was applied.
  static func update(in object: inout Value, config: Value, manager: String) {
    guard manager == self.manager,
      let known = object["metadata"]?["annotations"]?[annotation]?.string, !known.isEmpty
    else { return }
    var config = config
    if var metadata = config["metadata"], var annotations = metadata["annotations"] {
      annotations[annotation] = nil
      metadata["annotations"] = annotations
      config["metadata"] = metadata
    }
    guard var metadata = object["metadata"], var annotations = metadata["annotations"] else {
      return
    }
    annotations[annotation] = .string(text(of: config) + "\n")
    metadata["annotations"] = annotations
    object["metadata"] = metadata
  }

  /// JSON with sorted keys and without characters that mean something in HTML.
  private static func text(of config: Value) -> String {
    var text = ""
    for character in JSONWriter.string(sorted(config)).unicodeScalars {
      switch character {
      case "<": text += "\\u003c"
      case ">": text += "\\u003e"
      case "&": text += "\\u0026"
      case "\u{2028}": text += "\\u2028"
      case "\u{2029}": text += "\\u2029"
      default: text.unicodeScalars.append(character)
      }
    }
    return text
  }

  private static func sorted(_ value: Value) -> Value {
    switch value {
    case .list(let items): return .list(items.map(sorted))
    case .map(let map):
      let entries = map.entries.sorted { $0.key < $1.key }
      return .map(
        ValueMap(unique: entries.map { ValueMap.Entry(key: $0.key, value: sorted($0.value)) }))
    default: return value
    }
  }
}
