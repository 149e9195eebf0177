/// Metadata, pods in general, volumes.
extension RuleRegistry {
  static let metadataPodObject: [any ObjectRules.Type] = [
    ObjectNames.self, ObjectLabels.self, OwnersAndFinalizers.self, SystemMetadata.self,
  ]

  static let metadataPodPod: [any PodRules.Type] = [
    TemplateLabels.self, PodAnnotations.self, ProfileAnnotations.self, PodGeneralRules.self,
    PodHostRules.self, PodListRules.self, PodDNSRules.self,
    LocalVolumes.self, CloudVolumes.self, NetworkVolumes.self, FileVolumes.self,
    ProjectedVolumes.self, ClaimVolumes.self, VolumeNames.self, TemplatePodRules.self,
  ]

  static let metadataPodKind: [any KindRules.Type] = []

  static let metadataPodUpdate: [any UpdateRules.Type] = []
}
