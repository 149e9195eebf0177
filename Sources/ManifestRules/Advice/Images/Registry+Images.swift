extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let images: [any AdviceRule.Type] = [
    MutableTag.self,
    NoDigest.self,
    StaleImageRisk.self,
    RegistryPolicy.self,
    RetiredRegistry.self,
  ]
}
