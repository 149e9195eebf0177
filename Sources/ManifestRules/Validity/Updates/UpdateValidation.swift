import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Judges the replacement of a stored object by a manifest.
public enum UpdateValidation {
  /// What the server would refuse when the object in `old` is replaced by the one in `new`.
  public static func diagnostics(
    old: SourceText, new: SourceText, version: KubernetesVersion
  ) -> [Diagnostic] {
    var oldReader = DocumentReader(old)
    var newReader = DocumentReader(new)
    guard let oldTree = oldReader.next()?.tree, let newTree = newReader.next()?.tree else { return [] }
    return diagnostics(old: oldTree, new: newTree, version: version)
  }

  /// What the server would refuse when the object in `old` is replaced by the one in `new`.
  public static func diagnostics(
    old: Tree, new: Tree, version: KubernetesVersion
  ) -> [Diagnostic] {
    let gvk = new.writtenKind
    return RuleRunner(version: version).update(
      ObjectSubject(gvk: gvk, node: old.node), ObjectSubject(gvk: gvk, node: new.node, isUpdate: true))
  }
}
