/// How much history a store keeps.
public struct CompactionPolicy: Hashable, Sendable {
  /// How many revisions before the present one can be read at, at least.
  public var revisionsKept: Int64
  /// How many more may gather before it is worth compacting.
  public var slack: Int64

  public init(revisionsKept: Int64 = 10_000, slack: Int64 = 10_000) {
    precondition(revisionsKept >= 0 && slack >= 0, "a policy counts revisions from 0")
    self.revisionsKept = revisionsKept
    self.slack = slack
  }

  /// The revision to compact to; nil while there is too little to forget.
  public func target(for summary: StoreSummary) -> Revision? {
    let (target, isTooSmall) = summary.currentRevision.subtractingReportingOverflow(revisionsKept)
    guard !isTooSmall, target > summary.oldestRevision,
      target - summary.oldestRevision >= slack
    else { return nil }
    return target
  }
}
