import ManifestModel
import ManifestSchema
import ManifestSyntax

extension Universe {
  /// Whether something that is laid over objects when they are applied (a kustomization, a patch)
  /// mentions all of `words`: then what is written may not be what holds.
  func isOverlaid(_ words: String...) -> Bool {
    overlays.contains { file in
      words.allSatisfy { word in
        var word = word
        return word.withUTF8 { file.source.bytes.holds(UnsafeRawBufferPointer($0)) }
      }
    }
  }

  /// Whether an overlay may change how many replicas `object` has.
  func mayChangeReplicas(of object: AdviceObject) -> Bool {
    !overlays.isEmpty && isOverlaid(object.name, "replicas")
  }
}

extension NodeRef {
  /// The items of the list in the field `name`; none where there is no list.
  func list(_ name: String) -> NodeItems { (self[name] ?? .value(.null)).items }

  /// The items of the list in the field `key`; none where there is no list.
  func list(_ key: Key) -> NodeItems { (self[key] ?? .value(.null)).items }
}

extension AdviceObject {
  /// What names the object beside its version: `apps/Deployment`.
  var groupKind: String { gvk.group.isEmpty ? kind : "\(gvk.group)/\(kind)" }
}
