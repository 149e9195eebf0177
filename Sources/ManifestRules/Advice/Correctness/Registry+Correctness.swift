extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let correctness: [any AdviceRule.Type] = []
}
