extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let applyWarnings: [any AdviceRule.Type] = [
    FractionalByteAmounts.self,
    HiddenVariable.self,
    PortCollision.self,
    NullSelector.self,
    DeprecatedNodeLabel.self,
    DeadAnnotation.self,
    DeadVolumePlugin.self,
    IgnoredServiceField.self,
    HostnameHostileName.self,
    OtherServerWarning.self,
  ]
}
