extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let references: [any AdviceRule.Type] = [
    ServiceSelectsNothing.self,
    ServicePortUnresolved.self,
    ServiceSelectsSeveralApps.self,
    OverlappingControllers.self,
    MissingConfigObject.self,
    MissingConfigKey.self,
    MissingServiceAccount.self,
    MissingClaim.self,
    ScaleTargetMissing.self,
    ReplicasFightAutoscaler.self,
    AutoscalerWithoutRequest.self,
    BudgetBlocksEviction.self,
    BudgetOverlapOrIdle.self,
    NetworkPolicyIdle.self,
    RouteBackendMissing.self,
    GoverningService.self,
    DuplicateObject.self,
    OwnSelectorDrift.self,
  ]
}
