import ManifestSyntax

/// Pods that stop while traffic still comes.
enum B11Draining: FindingRule {
  static let code = "B11"
  static let title = "pods stop before Services know that they do"
  static let why = """
    A pod that is deleted is taken out of its Services and told to stop at the same time. Until \
    every node has heard of it, some traffic still goes there. A preStop hook, or a server that \
    goes on for a few seconds, bridges that; a grace period that is shorter cannot.
    """
  /// What it takes until all nodes have new endpoints.
  private static let propagationSeconds: Int64 = 2

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.compactMap { workload in
      guard workload.isRollout, let service = workload.services.first,
        workload.graceSeconds < propagationSeconds,
        !workload.containers.contains(where: { $0["lifecycle"]?["preStop"] != nil })
      else { return nil }
      let stops = workload.course.steps.reduce(0) { $0 + max(0, $1.from - $1.to) }
      return Finding(
        code, .disruption, workload, "requests are lost at each of \(stops) stops: \(title)",
        proof: "the grace period is \(workload.graceSeconds)s, there is no preStop hook, and "
          + "service/\(service.name) needs about \(propagationSeconds)s to send traffic elsewhere",
        help: "set terminationGracePeriodSeconds to 30 and add a preStop hook that sleeps 5 s")
    }
  }
}
