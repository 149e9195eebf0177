extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let correctness: [any AdviceRule.Type] = [
    SelectorTemplateMismatch.self,
    UnusedVolume.self,
    UndefinedExpansion.self,
    ShellSyntaxWithoutShell.self,
    CommandInOneString.self,
    ServerOwnedField.self,
    LiveServiceField.self,
    EphemeralContainers.self,
    CapabilitySpelling.self,
    CannotStartIdentity.self,
    GracePeriodEaten.self,
    RolloutDeadlock.self,
    ImageReferenceMalformed.self,
  ]
}
