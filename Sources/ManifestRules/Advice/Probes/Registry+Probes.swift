extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let probes: [any AdviceRule.Type] = [
    NoReadinessProbe.self,
    NoLivenessProbe.self,
    SameProbes.self,
    ProbePortUnresolved.self,
    ProbeTiming.self,
  ]
}
