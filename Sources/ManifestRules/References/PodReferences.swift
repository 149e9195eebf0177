import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What pods mention, seen from their `spec`.
enum PodReferences {
  static let patterns: [ReferencePattern] =
    [
      ReferencePattern("serviceAccountName", "ServiceAccount"),
      ReferencePattern("imagePullSecrets[].name", "Secret", isOptional: true),
      ReferencePattern(
        "priorityClassName", "PriorityClass", group: "scheduling.k8s.io", .cluster),
      ReferencePattern("runtimeClassName", "RuntimeClass", group: "node.k8s.io", .cluster),
      ReferencePattern("nodeName", "Node", .cluster),
      ReferencePattern(
        "resourceClaims[].resourceClaimName", "ResourceClaim", group: "resource.k8s.io"),
      ReferencePattern(
        "resourceClaims[].resourceClaimTemplateName", "ResourceClaimTemplate",
        group: "resource.k8s.io"),
      ReferencePattern("volumes[].configMap.name", "ConfigMap"),
      ReferencePattern("volumes[].secret.secretName", "Secret"),
      ReferencePattern("volumes[].persistentVolumeClaim.claimName", "PersistentVolumeClaim"),
      ReferencePattern(
        "volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName", "StorageClass",
        group: "storage.k8s.io", .cluster),
      ReferencePattern("volumes[].projected.sources[].configMap.name", "ConfigMap"),
      ReferencePattern("volumes[].projected.sources[].secret.name", "Secret"),
      ReferencePattern("volumes[].azureFile.secretName", "Secret"),
      ReferencePattern("volumes[].csi.nodePublishSecretRef.name", "Secret"),
      ReferencePattern(
        "volumes[].csi.driver", "CSIDriver", group: "storage.k8s.io", .cluster, isOptional: true),
    ]
    + ["cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos"].map {
      ReferencePattern("volumes[].\($0).secretRef.name", "Secret")
    }
    + ["initContainers", "containers", "ephemeralContainers"].flatMap { list in
      [
        ReferencePattern("\(list)[].envFrom[].configMapRef.name", "ConfigMap"),
        ReferencePattern("\(list)[].envFrom[].secretRef.name", "Secret"),
        ReferencePattern("\(list)[].env[].valueFrom.configMapKeyRef.name", "ConfigMap"),
        ReferencePattern("\(list)[].env[].valueFrom.secretKeyRef.name", "Secret"),
      ]
    }

  /// What the pods of a workload, or a pod itself, mention.
  static func collect(_ workload: WorkloadView, into collector: inout ReferenceCollector) {
    guard let spec = workload.podSpec else { return }
    collector.collect(patterns, in: spec.node, at: workload.podSpecPath)
  }
}
