/// Containers, security, scheduling.
extension RuleRegistry {
  static let containersObject: [any ObjectRules.Type] = []

  /// They run after the groups about volumes, whose findings decide which volumes can be mounted.
  static let containersPod: [any PodRules.Type] = [
    ContainerRules.self, ContainerPortRules.self, EnvironmentRules.self, VolumeMountRules.self,
    ResourceRules.self, PodResourceRules.self, ProbeRules.self, RestartRules.self,
    ContainerRoleRules.self, PodOrTemplateRules.self,
    PodSecurityRules.self, ContainerSecurityRules.self, WindowsRules.self,
    OperatingSystemRules.self,
    NodeAffinityRules.self, PodAffinityRules.self, TolerationRules.self, TopologySpreadRules.self,
  ]

  static let containersKind: [any KindRules.Type] = []

  static let containersUpdate: [any UpdateRules.Type] = []
}
