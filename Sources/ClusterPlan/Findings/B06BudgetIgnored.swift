import ClusterControl

/// A rollout goes below what a budget keeps.
enum B06BudgetIgnored: FindingRule {
  static let code = "B6"
  static let title = "the rollout goes below what a PodDisruptionBudget keeps"
  static let why = """
    Budgets guard against evictions, not against rollouts: the controller does not ask them. \
    Where the strategy allows more unavailable pods than the budget, the rollout breaks it, and \
    no node can be drained in the meantime.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.filter(\.isRollout).flatMap { workload in
      scope.selecting(.podDisruptionBudgets, workload).compactMap { budget -> Finding? in
        guard let kept = FindingScope.kept(by: budget, of: workload.replicas),
          kept <= workload.replicas, workload.course.minAvailable < kept
        else { return nil }
        return Finding(
          code, .risk, workload, title,
          proof: "poddisruptionbudget/\(budget.name) keeps \(kept), the rollout only "
            + "\(workload.course.minAvailable) of \(workload.replicas)",
          help: "set maxUnavailable to \(max(0, workload.replicas - kept)) or less")
      }
    }
  }
}
