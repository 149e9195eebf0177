import ManifestSyntax

/// A percentage that comes to nothing.
enum B03RoundedDown: FindingRule {
  static let code = "B3"
  static let title = "maxUnavailable rounds down to 0"
  static let why = """
    A percentage of maxUnavailable is rounded down: 25 % of three pods is none. The rollout then \
    needs room for at least one more pod than usual.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, workload.isRolling, workload.unavailable == 0,
        workload.replicas > 0, let text = workload.written("maxUnavailable")?.string,
        text != "0%"
      else { return nil }
      return Finding(
        code, .note, workload, title,
        proof: "\(text) of \(workload.replicas) is less than 1; so \(workload.surge) more "
          + "\(workload.surge == 1 ? "pod has" : "pods have") to find room first",
        help: "write maxUnavailable: 1 where one pod fewer will do")
    }
  }
}
