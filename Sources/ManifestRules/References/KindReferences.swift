import ManifestSchema

/// What objects of each kind mention by name, apart from their pods.
enum KindReferences {
  /// The places to look at; nil for kinds that mention nothing.
  static func patterns(of gvk: GroupVersionKind) -> [ReferencePattern]? {
    switch (gvk.group, gvk.kind) {
    case ("", "ServiceAccount"): serviceAccount
    case ("", "PersistentVolumeClaim"): claim("spec.")
    case ("", "PersistentVolume"): volume
    case ("", "Endpoints"): nil
    case ("apps", "StatefulSet"): statefulSet
    case ("autoscaling", "HorizontalPodAutoscaler"): autoscaler
    case ("networking.k8s.io", "Ingress"): ingress
    case ("rbac.authorization.k8s.io", "RoleBinding"): roleBinding
    case ("rbac.authorization.k8s.io", "ClusterRoleBinding"): roleBinding
    case ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): webhooks
    case ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): webhooks
    case ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"):
      policyBinding("ValidatingAdmissionPolicy")
    case ("admissionregistration.k8s.io", "MutatingAdmissionPolicyBinding"):
      policyBinding("MutatingAdmissionPolicy")
    case ("apiregistration.k8s.io", "APIService"):
      [ReferencePattern("spec.service.name", "Service", .written)]
    case ("apiextensions.k8s.io", "CustomResourceDefinition"):
      [
        ReferencePattern(
          "spec.conversion.webhook.clientConfig.service.name", "Service", .written,
          isOptional: true)
      ]
    case ("storage.k8s.io", "VolumeAttachment"): attachment
    case ("storage.k8s.io", "CSIStorageCapacity"):
      [ReferencePattern("storageClassName", "StorageClass", group: gvk.group, .cluster)]
    default: nil
    }
  }

  private static let serviceAccount = [
    ReferencePattern("secrets[].name", "Secret", isOptional: true),
    ReferencePattern("imagePullSecrets[].name", "Secret", isOptional: true),
  ]

  /// What a claim mentions whose spec is found at `spec`.
  private static func claim(_ spec: String) -> [ReferencePattern] {
    [
      ReferencePattern(
        spec + "storageClassName", "StorageClass", group: "storage.k8s.io", .cluster),
      ReferencePattern(
        spec + "volumeAttributesClassName", "VolumeAttributesClass", group: "storage.k8s.io",
        .cluster),
      ReferencePattern(spec + "volumeName", "PersistentVolume", .cluster),
      ReferencePattern(spec + "dataSource", nil),
      ReferencePattern(spec + "dataSourceRef", nil, .written),
    ]
  }

  private static let volume = [
    // A class is only a word there: nobody asks whether it exists.
    ReferencePattern(
      "spec.storageClassName", "StorageClass", group: "storage.k8s.io", .cluster,
      isOptional: true),
    ReferencePattern(
      "spec.claimRef.name", "PersistentVolumeClaim", .written, role: .action, isOptional: true),
    ReferencePattern("spec.csi.nodePublishSecretRef.name", "Secret", .written),
    ReferencePattern("spec.csi.nodeStageSecretRef.name", "Secret", .written),
    ReferencePattern("spec.csi.controllerPublishSecretRef.name", "Secret", .written),
    ReferencePattern("spec.csi.controllerExpandSecretRef.name", "Secret", .written),
    ReferencePattern("spec.csi.nodeExpandSecretRef.name", "Secret", .written),
  ]

  private static let statefulSet =
    [ReferencePattern("spec.serviceName", "Service")] + claim("spec.volumeClaimTemplates[].spec.")

  private static let autoscaler = [
    ReferencePattern("spec.scaleTargetRef", nil, role: .action),
    ReferencePattern("spec.metrics[].object.describedObject", nil),
  ]

  private static let ingress = [
    ReferencePattern("spec.ingressClassName", "IngressClass", group: "networking.k8s.io", .cluster),
    ReferencePattern("spec.tls[].secretName", "Secret"),
    ReferencePattern("spec.defaultBackend.service.name", "Service"),
    ReferencePattern("spec.defaultBackend.resource", nil),
    ReferencePattern("spec.rules[].http.paths[].backend.service.name", "Service"),
    ReferencePattern("spec.rules[].http.paths[].backend.resource", nil),
  ]

  private static let roleBinding = [
    ReferencePattern("roleRef", nil),
    ReferencePattern("subjects[]", nil, .written, role: .action),
  ]

  private static let webhooks = [
    ReferencePattern("webhooks[].clientConfig.service.name", "Service", .written)
  ]

  private static let attachment = [
    ReferencePattern("spec.nodeName", "Node", .cluster),
    ReferencePattern("spec.source.persistentVolumeName", "PersistentVolume", .cluster),
  ]

  private static func policyBinding(_ policy: String) -> [ReferencePattern] {
    [
      ReferencePattern(
        "spec.policyName", policy, group: "admissionregistration.k8s.io", .cluster)
    ]
  }
}
