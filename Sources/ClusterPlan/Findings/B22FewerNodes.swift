import ClusterControl
import ManifestSyntax

/// The new version may run in fewer places.
enum B22FewerNodes: FindingRule {
  static let code = "B22"
  static let title = "fewer nodes suit the new version"
  static let why = """
    A node selector that is new, or a toleration that is gone, leaves fewer nodes to the new \
    pods than the old ones had. Their room is counted on those alone.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    let nodes = scope.state.objects(.nodes)
    guard !nodes.isEmpty else { return [] }
    return scope.workloads.compactMap { workload in
      guard workload.isRollout, let old = workload.oldPodSpec else { return nil }
      let before = nodes.count { suits($0, old) }
      let after = nodes.count { suits($0, workload.podSpec) }
      guard after < before else { return nil }
      return Finding(
        code, after == 0 ? .blocked : .risk, workload,
        after == 0 ? "no node suits the new version" : title,
        proof: "\(after) of \(nodes.count) nodes suit the new version, \(before) the old one",
        help: "label or untaint nodes for it, or ask for less")
    }
  }

  /// Whether labels and taints let a pod on a node.
  private static func suits(_ node: ClusterObject, _ pod: Value) -> Bool {
    let wanted = pod["nodeSelector"]?.map ?? ValueMap()
    guard node.labels.contains(wanted) else { return false }
    let tolerations = pod["tolerations"]?.list ?? []
    let taints = node.value["spec"]?["taints"]?.list ?? []
    return taints.allSatisfy { taint in
      guard ["NoSchedule", "NoExecute"].contains(taint["effect"]?.string ?? "") else {
        return true
      }
      return tolerations.contains { tolerates($0, taint) }
    }
  }

  private static func tolerates(_ toleration: Value, _ taint: Value) -> Bool {
    if let effect = toleration["effect"]?.string, !effect.isEmpty,
      effect != taint["effect"]?.string
    {
      return false
    }
    let key = toleration["key"]?.string ?? ""
    let isExists = toleration["operator"]?.string == "Exists"
    if key.isEmpty { return isExists }
    guard key == taint["key"]?.string else { return false }
    return isExists || toleration["value"]?.string ?? "" == taint["value"]?.string ?? ""
  }
}
