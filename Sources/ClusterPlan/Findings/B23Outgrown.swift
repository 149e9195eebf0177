/// The new version does not fit even when the old one is gone.
enum B23Outgrown: FindingRule {
  static let code = "B23"
  static let title = "not all pods of the new version find room, even when the old ones are gone"
  static let why = """
    Where a version asks for more than the one before, its first pods may fit and the last ones \
    not: the rollout begins well and stays behind at the end.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard let room = workload.room, room.missingFinally > 0, !workload.isDeadlocked,
        room.refusal == nil, !room.fitsAlone
      else { return nil }
      return Finding(
        code, .blocked, workload, title,
        proof: "\(room.missingFinally) of \(workload.replicas) pods have no node in the end; "
          + workload.roomProof,
        help: "ask for less, use fewer replicas, or add a node")
    }
  }
}
