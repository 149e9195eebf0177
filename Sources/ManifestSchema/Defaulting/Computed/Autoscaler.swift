import ManifestSyntax

/// What an autoscaler goes by where nobody says, and how fast it goes where the way is described
/// in part.
enum Autoscaler {
  static func apply(_ scope: DefaultScope) {
    if !scope.isFilled("metrics") {
      scope.set(
        "metrics",
        to: [
          [
            "type": "Resource",
            "resource": [
              "name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80],
            ],
          ]
        ])
    }
    guard let behavior = scope.value("behavior"), scope.tree.kind(behavior) == .mapping else {
      return
    }
    let percent: Value = ["type": "Percent", "value": 100, "periodSeconds": 15]
    let pods: Value = ["type": "Pods", "value": 4, "periodSeconds": 15]
    complete("scaleUp", of: behavior, window: 0, policies: [pods, percent], scope)
    complete("scaleDown", of: behavior, window: nil, policies: [percent], scope)
  }

  private static func complete(
    _ name: String, of behavior: NodeID, window: Int64?, policies: [Value], _ scope: DefaultScope
  ) {
    let known = scope.value(name, of: behavior)
    let rules = known ?? scope.set(name, to: .emptyMap, in: behavior)
    guard scope.tree.kind(rules) == .mapping else { return }
    if let window, scope.value("stabilizationWindowSeconds", of: rules) == nil {
      scope.set("stabilizationWindowSeconds", to: .int(window), in: rules)
    }
    if scope.value("selectPolicy", of: rules) == nil {
      scope.set("selectPolicy", to: "Max", in: rules)
    }
    if scope.value("policies", of: rules) == nil {
      scope.set("policies", to: .list(policies), in: rules)
    }
  }
}
