extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let podSecurity: [any AdviceRule.Type] = [
    Privileged.self
  ]
}
