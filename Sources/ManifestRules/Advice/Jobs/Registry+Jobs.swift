extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let jobs: [any AdviceRule.Type] = []
}
