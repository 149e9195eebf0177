/// Each alone would fit.
enum B19Together: FindingRule {
  static let code = "B19"
  static let title = "the rollouts do not fit together, though each would alone"
  static let why = """
    Deployments that are applied together surge together. Where the cluster has room for the \
    surge of one but not of all, apply them one after the other.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    let rolling = scope.workloads.filter(\.isRollout)
    let short = rolling.filter { $0.room?.tightestStep != nil && $0.room?.fitsAlone == true }
    guard rolling.count > 1, let first = short.first else { return [] }
    // The largest surge goes last: what was freed before helps it.
    let order = rolling.sorted { $0.surge < $1.surge }.map(\.object.name)
    return [
      Finding(
        code, short.contains(where: \.isDeadlocked) ? .blocked : .risk, first, title,
        proof: first.roomProof + "; together they need up to \(scope.forecast.jointPeakPods) pods",
        help: "apply them one after the other: \(order.joined(separator: ", then "))")
    ]
  }
}
