/// Workloads, services, updates, warnings.
extension RuleRegistry {
  static let workloadsServiceObject: [any ObjectRules.Type] = []

  static let workloadsServicePod: [any PodRules.Type] = []

  static let workloadsServiceKind: [any KindRules.Type] = [
    DeploymentRules.self, DeploymentStrategyRules.self, ReplicaSetRules.self,
    ServiceAddressRules.self, ServiceRules.self, ServicePortRules.self, ServiceExposureRules.self,
  ]

  static let workloadsServiceUpdate: [any UpdateRules.Type] = [
    MetadataUpdateRules.self, PodUpdateRules.self, PodSpecChanges.self, WorkloadUpdateRules.self,
    ServiceUpdateRules.self,
  ]
}
