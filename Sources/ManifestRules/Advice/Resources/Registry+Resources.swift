extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let resources: [any AdviceRule.Type] = [
    NoMemoryRequest.self,
    NoCPURequest.self,
    NoMemoryLimit.self,
    CPULimitPolicy.self,
    MemoryOvercommit.self,
    ImplausibleQuantity.self,
    UnboundedEphemeralStorage.self,
    MemoryBackedEmptyDir.self,
  ]
}
