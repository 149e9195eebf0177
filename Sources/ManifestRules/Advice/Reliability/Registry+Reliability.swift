extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let reliability: [any AdviceRule.Type] = [
    SingleReplica.self,
    NoDisruptionBudget.self,
    ReplicasNotSpread.self,
    RecreateStrategy.self,
    OutageOnRollout.self,
    NakedPod.self,
    BareReplicaSet.self,
    ToleratesEverything.self,
  ]
}
