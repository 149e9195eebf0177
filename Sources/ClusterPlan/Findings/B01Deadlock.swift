/// No room for a single new pod, and no old one may go.
enum B01Deadlock: FindingRule {
  static let code = "B1"
  static let title = "no new pod finds room, and no old one may stop"
  static let why = """
    The controller stops an old pod only where enough others are available; where maxUnavailable \
    comes to 0, only when a new one is. If new pods find no node meanwhile, it waits for ever. \
    Typical are few replicas with 25 % on a full cluster, since 25 % of fewer than four rounds \
    down to none.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isDeadlocked, let room = workload.room, room.refusal == nil,
        !workload.isRoomExclusive, !room.fitsAlone
      else { return nil }
      let place = workload.isStuckFromTheBeginning ? "never begins" : "stops on its way"
      return Finding(
        code, .blocked, workload, "the rollout \(place): \(title)",
        proof: workload.roomProof + "; maxUnavailable comes to \(workload.unavailable)",
        help: "set maxUnavailable to 1, ask for less, or add a node")
    }
  }
}
