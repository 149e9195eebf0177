import ManifestSyntax

/// Autoscalers, disruption budgets and devices.
enum ScalingLayouts {
  static let autoscalers: [TableColumn] = [
    .name,
    .text("Reference", "What is scaled.") {
      "\($0.text(["spec", "scaleTargetRef", "kind"]))/\($0.text(["spec", "scaleTargetRef", "name"]))"
    }, .text("Targets", "What was measured, and what is aimed at.", targets),
    .field("MinPods", ["spec", "minReplicas"], absent: "<unset>"),
    .number("MaxPods", ["spec", "maxReplicas"]),
    .number("Replicas", ["status", "currentReplicas"]), .age,
  ]

  static let disruptionBudgets: [TableColumn] = [
    .name, .field("Min Available", ["spec", "minAvailable"], absent: "N/A"),
    .field("Max Unavailable", ["spec", "maxUnavailable"], absent: "N/A"),
    .number("Allowed Disruptions", ["status", "disruptionsAllowed"]), .age,
  ]

  static let resourceClaims: [TableColumn] = [
    .name,
    .text("State", "Whether the claim is allocated and in use.") {
      let isDeleted = $0.at(["metadata", "deletionTimestamp"])?.string != nil
      var words = isDeleted ? ["deleted"] : []
      if let allocation = $0.at(["status", "allocation"]), allocation != .null {
        words.append("allocated")
        if $0.count(["status", "reservedFor"]) > 0 { words.append("reserved") }
      } else if !isDeleted {
        words.append("pending")
      }
      return words.joined(separator: ",")
    }, .age,
  ]

  static let resourceSlices: [TableColumn] = [
    .name, .field("Node", ["spec", "nodeName"]), .field("Driver", ["spec", "driver"]),
    .field("Pool", ["spec", "pool", "name"]), .age,
  ]

  static let deviceTaintRules: [TableColumn] = [
    .name, .field("Key", ["spec", "taint", "key"]), .field("Value", ["spec", "taint", "value"]),
    .field("Effect", ["spec", "taint", "effect"]),
    .text("TimeAdded", "How long ago the taint was added.") {
      $0.age(of: ["spec", "taint", "timeAdded"], absent: "")
    }, .age,
  ]

  @Sendable private static func targets(_ autoscaler: TableSubject) -> String {
    var metrics = autoscaler.list(["spec", "metrics"])
    var measured = autoscaler.list(["status", "currentMetrics"])
    // The first version of the API knows the processor only, in fields of its own.
    if let percent = autoscaler.at(["spec", "targetCPUUtilizationPercentage"]), percent != .null {
      metrics = [Self.processor("target", percent)]
      measured =
        autoscaler.at(["status", "currentCPUUtilizationPercentage"]).map {
          [processor("current", $0)]
        } ?? []
    }
    if metrics.isEmpty { return "<none>" }
    let texts = metrics.enumerated().map { position, metric in
      text(metric, measured.indices.contains(position) ? measured[position] : nil)
    }
    let shown = texts.prefix(2).joined(separator: ", ")
    return texts.count > 2 ? "\(shown) + \(texts.count - 2) more..." : shown
  }

  private static func processor(_ name: String, _ percent: Value) -> Value {
    let numbers: Value = ["averageUtilization": percent]
    let resource = Value.map(ValueMap([("name", "cpu"), (name, numbers)]))
    return ["type": "Resource", "resource": resource]
  }

  private static let sources = [
    "External": "external", "Pods": "pods", "Object": "object", "Resource": "resource",
    "ContainerResource": "containerResource",
  ]

  private static func text(_ metric: Value, _ measured: Value?) -> String {
    guard let source = sources[metric["type"]?.string ?? ""], let wanted = metric[source] else {
      return "<unknown type>"
    }
    let target = wanted["target"]
    let current = measured?[source]?["current"]
    let value = { (name: String) in current?[name]?.cellText ?? "<unknown>" }
    let average = target?["averageValue"]?.cellText
    switch source {
    case "resource", "containerResource":
      let name = wanted["name"]?.string ?? ""
      if let average { return "\(name): \(value("averageValue"))/\(average)" }
      let share = current?["averageUtilization"]?.int64.map { "\($0)%" } ?? "<unknown>"
      let goal = target?["averageUtilization"]?.int64.map { "\($0)%" } ?? "<auto>"
      return "\(name): \(share)/\(goal)"
    case "pods": return "\(value("averageValue"))/\(average ?? "0")"
    default:
      if let average { return "\(value("averageValue"))/\(average) (avg)" }
      return "\(value("value"))/\(target?["value"]?.cellText ?? "0")"
    }
  }
}
