/// The quota has no room for the surge.
enum B05Quota: FindingRule {
  static let code = "B5"
  static let title = "the quota of the namespace does not allow the new pods"
  static let why = """
    New pods count against the ResourceQuota beside the old ones. What it does not allow is \
    tried again and again, at longer and longer intervals; with maxUnavailable 0 no old pod \
    goes, so nothing ever becomes free.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard let room = workload.room, let refusal = room.refusal,
        refusal.contains("quota")
      else { return nil }
      let isBlocked = workload.roomCourse.map { !$0.isComplete } ?? false
      return Finding(
        code, isBlocked ? .blocked : .risk, workload,
        isBlocked ? "the rollout never ends: \(title)" : title, proof: refusal,
        help: "raise the quota for the surge, or set maxUnavailable to 1 and maxSurge to 0")
    }
  }
}
