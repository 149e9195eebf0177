/// Metadata, pods in general, volumes.
extension RuleRegistry {
  static let metadataPodObject: [any ObjectRules.Type] = []

  static let metadataPodPod: [any PodRules.Type] = []

  static let metadataPodKind: [any KindRules.Type] = []

  static let metadataPodUpdate: [any UpdateRules.Type] = []
}
