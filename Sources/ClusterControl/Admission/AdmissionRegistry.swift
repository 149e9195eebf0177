/// Which steps there are, and in which order the server runs them.
enum AdmissionRegistry {
  static let standard: [any AdmissionStep] = [
    NamespaceLifecycle(),
    LimitRanger(),
    ServiceAccountStep(),
    TaintNodesByCondition(),
    PodSecurityStep(),
    PriorityStep(),
    DefaultTolerationSeconds(),
    DefaultStorageClass(),
    StorageObjectInUseProtection(),
    PersistentVolumeClaimResize(),
    RuntimeClassStep(),
    DefaultIngressClass(),
    PodTopologyLabels(),
    ResourceQuotaStep(),
  ]

  /// Those that change or judge what pods say.
  static let podPlugins: Set<String> = [
    "LimitRanger", "ServiceAccount", "PodSecurity", "Priority", "DefaultTolerationSeconds",
    "RuntimeClass", "PodTopologyLabels",
  ]
}
