import ClusterControl

/// A budget that allows no eviction at all.
enum B07BudgetOfOne: FindingRule {
  static let code = "B7"
  static let title = "a PodDisruptionBudget allows no eviction, so draining a node waits for ever"
  static let why = """
    A budget that keeps as many pods as there are never lets one be evicted. Rollouts do not \
    mind; but whoever drains a node waits until somebody changes the budget.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.flatMap { workload in
      scope.selecting(.podDisruptionBudgets, workload).compactMap { budget -> Finding? in
        guard workload.replicas > 0,
          let kept = FindingScope.kept(by: budget, of: workload.replicas),
          kept >= workload.replicas
        else { return nil }
        return Finding(
          code, .note, workload, title,
          proof: "poddisruptionbudget/\(budget.name) keeps \(kept) of \(workload.replicas)",
          help: "use more replicas, or maxUnavailable: 1 in the budget")
      }
    }
  }
}
