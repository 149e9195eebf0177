extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let reliability: [any AdviceRule.Type] = []
}
