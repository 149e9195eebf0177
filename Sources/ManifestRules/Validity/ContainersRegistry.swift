/// Containers, security, scheduling.
extension RuleRegistry {
  static let containersObject: [any ObjectRules.Type] = []

  static let containersPod: [any PodRules.Type] = []

  static let containersKind: [any KindRules.Type] = []

  static let containersUpdate: [any UpdateRules.Type] = []
}
