import ClusterControl
import ManifestSyntax

/// Old pods hold what new ones need for themselves.
enum B02Exclusive: FindingRule {
  static let code = "B2"
  static let title = "new pods need what old ones hold until they stop"
  static let why = """
    Required anti-affinity, a spread that must hold, a host port or a volume for one pod only \
    keep new pods away from nodes where old ones run. With maxUnavailable 0 no old pod stops \
    before a new one is available: neither ever gets on.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, workload.isRolling, workload.unavailable == 0 else { return nil }
      var proof = ""
      if workload.isDeadlocked, workload.isRoomExclusive {
        proof = workload.roomProof
      } else if let claim = claim(of: workload, scope) {
        proof = "volume claim \(claim) is ReadWriteOncePod: one pod in the cluster may use it"
      } else {
        return nil
      }
      return Finding(
        code, .blocked, workload, "the rollout never ends: \(title)", proof: proof,
        help: "set maxSurge to 0 and maxUnavailable to 1, or use the strategy Recreate")
    }
  }

  private static func claim(of workload: WorkloadForecast, _ scope: FindingScope) -> String? {
    for volume in workload.podSpec["volumes"]?.list ?? [] {
      guard let name = volume["persistentVolumeClaim"]?["claimName"]?.string else { continue }
      let key = ResourceKey(
        .persistentVolumeClaims, namespace: workload.object.namespace, name: name)
      let modes = scope.state.object(key)?.value["spec"]?["accessModes"]?.list ?? []
      if modes.contains("ReadWriteOncePod") { return name }
    }
    return nil
  }
}
