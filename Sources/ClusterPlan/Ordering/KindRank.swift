import ManifestRules

/// The usual order of kinds, for objects that do not mention each other.
enum KindRank {
  /// What others live in or are judged by comes first, then what pods need, then pods, then what
  /// leads to them, then what acts on all of it.
  private static let ranks: [String: Int] = [
    "Namespace": 0, "CustomResourceDefinition": 1,
    "PriorityClass": 2, "RuntimeClass": 2, "StorageClass": 2, "IngressClass": 2,
    "VolumeAttributesClass": 2, "CSIDriver": 2,
    "ResourceQuota": 3, "LimitRange": 3, "NetworkPolicy": 3,
    "ServiceAccount": 4, "Role": 5, "ClusterRole": 5, "RoleBinding": 6, "ClusterRoleBinding": 6,
    "Secret": 7, "ConfigMap": 7, "PersistentVolume": 8, "PersistentVolumeClaim": 9,
    "Pod": 20, "ReplicationController": 20, "ReplicaSet": 20, "Deployment": 20, "DaemonSet": 20,
    "StatefulSet": 20, "Job": 20, "CronJob": 20,
    "Service": 21, "Endpoints": 21, "EndpointSlice": 21, "Ingress": 22,
    "HorizontalPodAutoscaler": 23, "PodDisruptionBudget": 23, "APIService": 24,
    "ValidatingAdmissionPolicy": 25, "MutatingAdmissionPolicy": 25,
    "ValidatingAdmissionPolicyBinding": 26, "MutatingAdmissionPolicyBinding": 26,
    "ValidatingWebhookConfiguration": 27, "MutatingWebhookConfiguration": 27,
  ]
  /// Custom resources and kinds without a place of their own: what controllers may need early.
  private static let other = 10

  static func of(_ name: ObjectName, defines: Bool) -> Int {
    if defines { return 1 }
    let isBuiltIn =
      name.group.isEmpty || name.group.hasSuffix(".k8s.io")
      || ["apps", "batch", "autoscaling", "policy"].contains(name.group)
    return isBuiltIn ? ranks[name.kind] ?? other : other
  }
}
