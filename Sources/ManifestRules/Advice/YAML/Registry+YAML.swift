extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let yaml: [any AdviceRule.Type] = [
    DuplicateKey.self,
    RetypedScalar.self,
    OctalLookalikeMode.self,
    MergeKeyTrap.self,
    LostText.self,
    TemplateResidue.self,
  ]
}
