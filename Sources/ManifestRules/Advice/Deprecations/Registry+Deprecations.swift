extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let deprecations: [any AdviceRule.Type] = [
    RemovedAPI.self,
    DeprecatedAPI.self,
    DeprecatedField.self,
    GatedField.self,
  ]
}
