import ManifestModel
import ManifestSchema
import ManifestSyntax

/// How a Deployment replaces its pods.
enum DeploymentStrategyRules: KindRules {
  static let title = "Strategies of Deployments"
  static let needs = ["strategy"]
  static let kinds = DeploymentRules.kinds

  static let rules: [RuleDescription] = [
    RuleDescription(
      "DEP-10", "The strategy is Recreate or RollingUpdate.", on: .deployment,
      bad: "spec.strategy = {type: rollingUpdate}", "spec.strategy = {type: OnDelete}",
      good: "spec.strategy = {type: Recreate}", "spec.strategy = {type: ''}"),
    RuleDescription(
      "DEP-11", "Limits of rolling updates stand with RollingUpdate only.", on: .deployment,
      bad: "spec.strategy = {type: Recreate, rollingUpdate: {maxSurge: 1}}",
      "spec.strategy = {type: Recreate, rollingUpdate: {}}",
      good: "spec.strategy = {type: Recreate, rollingUpdate: null}"),
    .untestable(
      "DEP-12", "A rolling update has limits.", because: "they have defaults"),
    RuleDescription(
      "DEP-13", "maxUnavailable is a count or a percentage.", on: .deployment,
      bad: "spec.strategy = {rollingUpdate: {maxUnavailable: '1'}}",
      "spec.strategy = {rollingUpdate: {maxUnavailable: -1}}",
      "spec.strategy = {rollingUpdate: {maxUnavailable: 12.5%}}",
      good: "spec.strategy = {rollingUpdate: {maxUnavailable: 1}}",
      "spec.strategy = {rollingUpdate: {maxUnavailable: 10%}}"),
    RuleDescription(
      "DEP-14", "maxSurge is a count or a percentage.", on: .deployment,
      bad: "spec.strategy = {rollingUpdate: {maxSurge: 50 %}}",
      "spec.strategy = {rollingUpdate: {maxSurge: -5%}}",
      good: "spec.strategy = {rollingUpdate: {maxSurge: 200%}}"),
    RuleDescription(
      "DEP-15", "maxUnavailable is at most 100%.", on: .deployment,
      bad: "spec.strategy = {rollingUpdate: {maxUnavailable: 101%}}",
      good: "spec.strategy = {rollingUpdate: {maxUnavailable: 100%}}",
      "spec.strategy = {rollingUpdate: {maxUnavailable: 101}}"),
    RuleDescription(
      "DEP-16", "maxUnavailable and maxSurge are not both zero.", on: .deployment,
      bad: "spec.strategy = {rollingUpdate: {maxUnavailable: 0, maxSurge: 0}}",
      "spec.strategy = {rollingUpdate: {maxUnavailable: 0%, maxSurge: 0}}",
      good: "spec.strategy = {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}"),
  ]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(DeploymentSpec.read),
      let strategy = spec.strategy
    else { return }
    switch strategy.type ?? "" {
    case "Recreate":
      guard strategy.rollingUpdate != nil else { return }
      report.error(
        "DEP-11", .forbidden, at: strategy.node, "rollingUpdate",
        "a Deployment that recreates its pods does no rolling updates",
        help: "remove 'rollingUpdate', or write 'type: RollingUpdate'",
        fixes: [
          FixIt(
            "remove 'rollingUpdate'", safety: .changesBehavior,
            edits: [.remove(strategy.node.path.field("rollingUpdate"))])
        ])
    case "RollingUpdate": checkLimits(strategy, into: &report)
    case let type:
      report.refuseUnknown(
        "DEP-10", type, among: ["Recreate", "RollingUpdate"], at: strategy.node, "type",
        server: .root)
    }
  }

  private static func checkLimits(_ strategy: DeploymentStrategy, into report: inout Report) {
    guard let limits = strategy.rollingUpdate else {
      report.error(
        "DEP-12", .required, at: strategy.node, "rollingUpdate", "a rolling update needs limits")
      return
    }
    let unavailable = limits.maxUnavailable ?? .int(0)
    let surge = limits.maxSurge ?? .int(0)
    refuse("DEP-13", unavailable, at: limits.node, "maxUnavailable", into: &report)
    refuse("DEP-14", surge, at: limits.node, "maxSurge", into: &report)
    if IntOrStringReading.amount(unavailable) == 0, IntOrStringReading.amount(surge) == 0 {
      let isDefault = limits.node["maxUnavailable"]?.isSynthetic ?? false
      report.error(
        "DEP-16", .invalid, at: limits.node, isDefault ? "maxSurge" : "maxUnavailable",
        "maxUnavailable and maxSurge are both zero, so no pod could ever be replaced",
        help: "set one of them to 1 or more", server: "maxUnavailable")
    }
    if let percent = IntOrStringReading.percent(unavailable), percent > 100 {
      report.error(
        "DEP-15", .invalid, at: limits.node, "maxUnavailable",
        "maxUnavailable is '\(unavailable)'; more than all pods cannot be unavailable",
        help: "write 100% or less")
    }
  }

  private static func refuse(
    _ code: String, _ value: IntOrString, at node: NodeRef, _ part: FieldPath,
    into report: inout Report
  ) {
    var fixes: [FixIt] = []
    if case .string(let text) = value, let count = Int32(text), count >= 0 {
      let edit = FixIt.Edit.set(node.path + part, to: String(count))
      fixes = [FixIt("write the number \(count)", safety: .safe, edits: [edit])]
    }
    for problem in ValueFormat.countOrPercent(value) {
      report.error(
        code, .invalid, at: node, part, "\(part) is '\(value)': \(problem)",
        help: "write a number without quotes, or a percentage", fixes: fixes)
    }
  }
}

/// Numbers out of a field that holds a count or a percentage, as the server reads them.
enum IntOrStringReading {
  /// The number of a percentage, nil where it is none; what is too large counts as the greatest.
  static func percent(_ value: IntOrString) -> Int64? {
    guard case .string(let text) = value, ValueFormat.percent(text).isEmpty else { return nil }
    return Int64(text.dropLast()) ?? .max
  }

  /// The number in the value, whatever it counts; 0 where there is none.
  static func amount(_ value: IntOrString) -> Int64 {
    switch value {
    case .int(let count): return Int64(count)
    case .string(let text): return percent(value) ?? Int64(text) ?? 0
    }
  }
}
