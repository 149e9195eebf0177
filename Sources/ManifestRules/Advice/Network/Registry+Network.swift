extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let network: [any AdviceRule.Type] = [
    NodePort.self,
    OpenLoadBalancer.self,
    NoNetworkPolicy.self,
    RiskyExternalName.self,
  ]
}
