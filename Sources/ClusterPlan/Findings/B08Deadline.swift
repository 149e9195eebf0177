/// Healthy, but reported as failed.
enum B08Deadline: FindingRule {
  static let code = "B8"
  static let title = "the progress deadline passes before a healthy pod counts"
  static let why = """
    A rollout that makes no progress for progressDeadlineSeconds is reported as failed, and CI \
    jobs that wait for it fail with it. Progress is a pod that becomes available: its start and \
    minReadySeconds must fit into the deadline.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard !workload.course.steps.isEmpty, let deadline = workload.progressDeadline,
        deadline < 1_000_000_000, workload.waveSeconds > deadline
      else { return nil }
      let start = workload.waveSeconds - workload.minReadySeconds
      return Finding(
        code, .risk, workload, "it will be reported as failed while it is fine: \(title)",
        proof: "a pod takes \(PlanTexts.duration(start)) to become ready and "
          + "\(PlanTexts.duration(workload.minReadySeconds)) to count, together "
          + "\(PlanTexts.duration(workload.waveSeconds)); the deadline is "
          + PlanTexts.duration(deadline),
        help: "set progressDeadlineSeconds to \(workload.waveSeconds * 2) or so")
    }
  }
}
