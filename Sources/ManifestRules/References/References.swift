import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Finds what an object mentions.
public enum References {
  /// Everything that `object` mentions.
  ///
  /// - Parameters:
  ///   - gvk: What the object is.
  ///   - namespace: Where it lives; nil where it belongs to the whole cluster.
  ///   - isCustom: Whether a CustomResourceDefinition describes its kind.
  public static func all(
    in object: NodeRef, _ gvk: GroupVersionKind, namespace: String?, isCustom: Bool = false
  ) -> [Reference] {
    var collector = ReferenceCollector(namespace: namespace)
    if let namespace {
      collector.add(
        Reference(
          path: "metadata.namespace",
          target: .object(ObjectName(kind: "Namespace", name: namespace)),
          role: .home))
    }
    if isCustom {
      collector.add(
        Reference(
          path: "kind", target: .definition(group: gvk.group, kind: gvk.kind), role: .home))
    }
    collector.collect(owners, in: object, at: .root)
    if let patterns = KindReferences.patterns(of: gvk) {
      collector.collect(patterns, in: object, at: .root)
    }
    if let workload = WorkloadView(object, kind: gvk) {
      PodReferences.collect(workload, into: &collector)
    }
    Selections.collect(object, gvk, into: &collector)
    return collector.found
  }

  private static let owners = [
    ReferencePattern("metadata.ownerReferences[]", nil, role: .owner)
  ]

  /// Whether objects of a built-in kind that can be mentioned belong to the whole cluster.
  static func isClusterWide(_ kind: String, group: String) -> Bool {
    clusterWide[kind].map { $0 == group } ?? false
  }

  private static let clusterWide = [
    "Namespace": "", "Node": "", "PersistentVolume": "",
    "ClusterRole": "rbac.authorization.k8s.io",
    "ClusterRoleBinding": "rbac.authorization.k8s.io",
    "CustomResourceDefinition": "apiextensions.k8s.io",
    "IngressClass": "networking.k8s.io",
    "PriorityClass": "scheduling.k8s.io",
    "RuntimeClass": "node.k8s.io",
    "StorageClass": "storage.k8s.io",
    "VolumeAttributesClass": "storage.k8s.io",
  ]
}
