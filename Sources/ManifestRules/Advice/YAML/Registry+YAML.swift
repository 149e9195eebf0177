extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let yaml: [any AdviceRule.Type] = []
}
