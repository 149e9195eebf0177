extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let images: [any AdviceRule.Type] = []
}
