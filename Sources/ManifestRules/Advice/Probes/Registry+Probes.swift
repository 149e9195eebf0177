extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let probes: [any AdviceRule.Type] = []
}
