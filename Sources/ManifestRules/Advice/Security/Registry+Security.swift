extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let security: [any AdviceRule.Type] = []
}
