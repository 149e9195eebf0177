/// Nothing to go back to.
enum B18NoWayBack: FindingRule {
  static let code = "B18"
  static let title = "there is no undo: the version before is not kept"
  static let why = """
    Going back means scaling up the ReplicaSet of the version before. revisionHistoryLimit says \
    how many of them are kept; what is beyond is deleted when the rollout is complete.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, let rollback = workload.rollback,
        workload.historyLimit == 0 || !workload.survivesHistory
      else { return nil }
      return Finding(
        code, .risk, workload, title,
        proof: "revisionHistoryLimit is \(workload.historyLimit); ReplicaSet "
          + "\(rollback.replicaSet) (revision \(rollback.revision)) goes away",
        help: "set revisionHistoryLimit to 2 or more")
    }
  }
}
