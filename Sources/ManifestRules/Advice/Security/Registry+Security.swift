extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let security: [any AdviceRule.Type] = [
    WritableRootFilesystem.self,
    ServiceAccountToken.self,
    LiteralCredential.self,
    SecretInEnvironment.self,
    RuntimeSocket.self,
    SensitiveHostPath.self,
    NearRootCapability.self,
    LowUserID.self,
    RootGroup.self,
    SystemNamespace.self,
  ]
}
