import ClusterControl
import ManifestSyntax

/// Stopping pods that still hold something.
enum B24HeldWhileStopping: FindingRule {
  static let code = "B24"
  static let title = "stopping pods hold what the next ones need"
  static let why = """
    A pod that stops keeps its host ports and its volumes until its last container has ended. A \
    pod that needs the same port of the node, or a volume for one node, waits for it: each step \
    of the rollout can take a whole grace period longer.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, workload.graceSeconds > 0, let held = held(workload, scope) else {
        return nil
      }
      // A grace period may be any number.
      let grace = min(workload.graceSeconds, 1_000_000_000)
      let most = grace * Int64(max(1, workload.course.waves))
      return Finding(
        code, .risk, workload, title,
        proof: "\(held); up to \(PlanTexts.duration(workload.graceSeconds)) in each of "
          + "\(workload.course.waves) waves, \(PlanTexts.duration(most)) in all",
        help: "shorten the grace period, or do without what only one pod can have")
    }
  }

  private static func held(_ workload: WorkloadForecast, _ scope: FindingScope) -> String? {
    for container in workload.containers {
      for port in container["ports"]?.list ?? [] {
        if let number = port["hostPort"]?.int64, number > 0 {
          return "host port \(number) of container \(container["name"]?.string ?? "")"
        }
      }
    }
    for volume in workload.podSpec["volumes"]?.list ?? [] {
      guard let name = volume["persistentVolumeClaim"]?["claimName"]?.string else { continue }
      let key = ResourceKey(
        .persistentVolumeClaims, namespace: workload.object.namespace, name: name)
      let modes = scope.state.object(key)?.value["spec"]?["accessModes"]?.list ?? []
      if !modes.isEmpty, modes.allSatisfy({ $0 == "ReadWriteOnce" || $0 == "ReadWriteOncePod" }) {
        return "volume claim \(name), which one node has at a time"
      }
    }
    return nil
  }
}
