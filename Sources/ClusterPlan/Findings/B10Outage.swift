/// Nothing serves for a while.
enum B10Outage: FindingRule {
  static let code = "B10"
  static let title = "no pod is available for a while"
  static let why = """
    The strategy Recreate stops all old pods before it starts a new one, and a rolling update \
    that may make every pod unavailable does much the same: until the first new pod is ready, \
    nothing serves.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, workload.replicas > 0, workload.course.minAvailable == 0,
        workload.course.moments.first?.availableTotal ?? 0 > 0
      else { return nil }
      let stop = workload.isRolling ? 0 : min(workload.graceSeconds, .max / 4)
      let from = PlanTexts.duration(workload.waveSeconds)
      let to = PlanTexts.duration(workload.waveSeconds + stop)
      let time = stop == 0 ? from : "\(from) to \(to)"
      return Finding(
        code, .disruption, workload, "\(title): about \(time)",
        proof: workload.isRolling
          ? "maxUnavailable comes to \(workload.unavailable) of \(workload.replicas)"
          : "the strategy is Recreate: \(workload.replicas) old stop first, each within "
            + PlanTexts.duration(stop),
        help: workload.isRolling
          ? "set maxUnavailable to less than \(workload.replicas)"
          : "use RollingUpdate, unless two versions must never run at once")
    }
  }
}
