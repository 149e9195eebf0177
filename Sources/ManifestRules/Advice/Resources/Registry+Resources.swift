extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let resources: [any AdviceRule.Type] = [
    NoMemoryRequest.self
  ]
}
