import ManifestSyntax

/// A strategy that allows nothing is made to allow something.
enum B04BothZero: FindingRule {
  static let code = "B4"
  static let title = "surge and unavailable both come to 0, so one pod is taken away first"
  static let why = """
    With neither a pod more nor a pod less nothing could ever be replaced. Where both limits \
    come to 0 after rounding, the controller takes maxUnavailable as 1.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, workload.isRolling, workload.replicas > 0, workload.surge == 0,
        let written = workload.written("maxUnavailable"),
        FindingScope.amount(written, of: workload.replicas, roundsUp: false) == 0
      else { return nil }
      return Finding(
        code, .note, workload, title,
        proof: "maxUnavailable \(written.string ?? "0") of \(workload.replicas) comes to 0, and "
          + "maxSurge to 0; fewest available are \(workload.course.minAvailable)",
        help: "write maxUnavailable: 1, or allow a surge")
    }
  }
}
