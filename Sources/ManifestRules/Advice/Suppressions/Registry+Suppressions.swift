extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let suppressions: [any AdviceRule.Type] = [
    UnusedSuppression.self,
    SuppressionWithoutReason.self,
    ExpiredSuppression.self,
  ]
}
