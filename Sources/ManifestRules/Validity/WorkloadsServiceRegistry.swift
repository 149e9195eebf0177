/// Workloads, services, updates, warnings.
extension RuleRegistry {
  static let workloadsServiceObject: [any ObjectRules.Type] = [SystemOwnedFields.self]

  static let workloadsServicePod: [any PodRules.Type] = [
    NodeLabelWarnings.self, VolumeWarnings.self, ContainerWarnings.self, PodWarnings.self,
    DroppedFields.self,
  ]

  static let workloadsServiceKind: [any KindRules.Type] = [
    DeploymentRules.self, DeploymentStrategyRules.self, ReplicaSetRules.self,
    ServiceAddressRules.self, ServiceRules.self, ServicePortRules.self, ServiceExposureRules.self,
    ServiceWarnings.self, NameWarnings.self, OtherWorkloadRules.self, JobRules.self,
  ]

  static let workloadsServiceUpdate: [any UpdateRules.Type] = [
    MetadataUpdateRules.self, PodUpdateRules.self, PodSpecChanges.self, WorkloadUpdateRules.self,
    ServiceUpdateRules.self, StoredMistakes.self,
  ]
}
