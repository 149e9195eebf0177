extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let applyWarnings: [any AdviceRule.Type] = []
}
