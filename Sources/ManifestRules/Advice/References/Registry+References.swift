extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let references: [any AdviceRule.Type] = [
    ServiceSelectsNothing.self
  ]
}
