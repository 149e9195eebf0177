import ManifestSyntax

/// How often a Job runs and is tried again; not for the template of a CronJob, which gets it when
/// a Job is made of it.
enum JobSpec {
  static func apply(_ scope: DefaultScope) {
    guard scope.trail.count == 1, scope.isIn("spec") else { return }
    if scope.value("parallelism") == nil {
      if scope.value("completions") == nil { scope.set("completions", to: 1) }
      scope.set("parallelism", to: 1)
    }
    if scope.value("backoffLimit") == nil {
      let isPerIndex = scope.value("backoffLimitPerIndex") != nil
      scope.set("backoffLimit", to: .int(isPerIndex ? Int64(Int32.max) : 6))
    }
    if scope.value("completionMode") == nil { scope.set("completionMode", to: "NonIndexed") }
    if scope.value("suspend") == nil { scope.set("suspend", to: false) }
    let hasPolicy = scope.value("podFailurePolicy") != nil
    if scope.value("podReplacementPolicy") == nil {
      scope.set("podReplacementPolicy", to: hasPolicy ? "Failed" : "TerminatingOrFailed")
    }
    if hasPolicy { setConditionStatus(scope) }
    takeLabels(scope)
  }

  /// A condition that a rule names counts when it holds.
  private static func setConditionStatus(_ scope: DefaultScope) {
    guard let policy = scope.value("podFailurePolicy"),
      let rules = scope.value("rules", of: policy), scope.tree.kind(rules) == .sequence
    else { return }
    for rule in scope.tree.items(rules) {
      guard scope.tree.kind(rule) == .mapping,
        let patterns = scope.value("onPodConditions", of: rule),
        scope.tree.kind(patterns) == .sequence
      else { continue }
      for pattern in scope.tree.items(patterns)
      where scope.tree.kind(pattern) == .mapping && scope.text("status", of: pattern).isEmpty {
        scope.set("status", to: "True", in: pattern)
      }
    }
  }

  /// A Job without labels has those of its pods.
  private static func takeLabels(_ scope: DefaultScope) {
    guard let template = scope.value("template"), scope.tree.kind(template) == .mapping,
      let inner = scope.value("metadata", of: template), scope.tree.kind(inner) == .mapping,
      let labels = scope.value("labels", of: inner), scope.tree.count(labels) > 0,
      let metadata = scope.value("metadata", of: scope.root),
      scope.tree.kind(metadata) == .mapping
    else { return }
    if let own = scope.value("labels", of: metadata), scope.tree.count(own) > 0 { return }
    scope.set("labels", to: scope.tree.value(labels), in: metadata)
  }
}
