import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Adds the objects within an object that the API always has, written or not: a Service without a
/// `spec` has an empty one. Defaults and rules then find a place for what is missing.
public enum ObjectSkeleton {
  /// Completes the object of kind `gvk` at `node`; runs before the defaults.
  public static func complete(_ tree: Tree, at node: NodeID = .root, gvk: GroupVersionKind) {
    complete(tree, at: node, gvk: gvk, WorkloadView.WorkloadKind(gvk))
  }

  /// The same for a caller who knows how the object makes pods.
  static func complete(
    _ tree: Tree, at node: NodeID, gvk: GroupVersionKind, _ workload: WorkloadView.WorkloadKind?
  ) {
    guard tree.kind(node) == .mapping else { return }
    _ = part(.metadata, of: node, in: tree)
    guard let workload else {
      if gvk.group.isEmpty, gvk.kind == "Service" { _ = part(.spec, of: node, in: tree) }
      return
    }
    if workload == .replicationController, tree.node(node)[workload.templatePath] == nil { return }
    var place = node
    for name in workload.templateKeys {
      guard let next = part(name, of: place, in: tree) else { return }
      place = next
    }
    _ = part(.metadata, of: place, in: tree)
    _ = part(.spec, of: place, in: tree)
  }

  /// The part called `name`, made where it is absent or null; nil where it is something else.
  private static func part(_ name: Key, of node: NodeID, in tree: Tree) -> NodeID? {
    if let known = tree.value(node, name), tree.kind(known) != .null {
      return tree.kind(known) == .mapping ? known : nil
    }
    return tree.set(name.text, in: node, to: .emptyMap)
  }
}
