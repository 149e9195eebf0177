extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let metadata: [any AdviceRule.Type] = [
    NoNamespace.self,
    RequiredMetadata.self,
    DerivedNameTooLong.self,
  ]
}
