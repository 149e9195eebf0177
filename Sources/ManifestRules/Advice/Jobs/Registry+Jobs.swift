extension AdviceRegistry {
  /// The rules of this topic, sorted by code.
  static let jobs: [any AdviceRule.Type] = [
    CronWithoutDeadline.self,
    CronMayOverlap.self,
    JobNeverCleaned.self,
    CronScheduleAdvice.self,
  ]
}
