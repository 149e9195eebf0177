import ManifestSyntax

/// The order in which objects come into a cluster or out of it: what others need comes first.
public enum ImportOrder {
  /// Kinds that come before all others, and those that come last.
  private static let first = [
    "CustomResourceDefinition", "Namespace", "PriorityClass", "RuntimeClass", "StorageClass",
    "VolumeAttributesClass", "CSIDriver", "IngressClass", "GatewayClass", "Node", "LimitRange",
    "ClusterRole", "Role", "ServiceAccount", "ClusterRoleBinding", "RoleBinding", "Secret",
    "ConfigMap", "PersistentVolume", "PersistentVolumeClaim", "Service", "Endpoints",
    "EndpointSlice", "NetworkPolicy", "PodDisruptionBudget",
  ]
  private static let last = [
    "CronJob", "Job", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet",
    "ReplicationController", "Pod", "HorizontalPodAutoscaler", "Ingress",
    "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService",
    // What counts comes behind what is counted.
    "ResourceQuota", "Event",
  ]

  private static let ranks: [String: Int] = {
    var ranks: [String: Int] = [:]
    for (index, kind) in first.enumerated() { ranks[kind] = index - first.count }
    for (index, kind) in last.enumerated() { ranks[kind] = index + 1 }
    return ranks
  }()

  /// Below 0 for what comes early, above for what comes late.
  public static func rank(ofKind kind: String) -> Int { ranks[kind] ?? 0 }

  /// The positions of `objects` in that order; equals stay as they are.
  public static func positions(of objects: [Value]) -> [Int] {
    let ranks = objects.map { rank(ofKind: $0["kind"]?.string ?? "") }
    return objects.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
  }
}
