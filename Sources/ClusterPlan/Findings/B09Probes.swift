import ManifestSyntax

/// Traffic before a container can serve it, or a restart before it has started.
enum B09Probes: FindingRule {
  static let code = "B9"
  static let title = "pods count as ready before they can serve"
  static let why = """
    Without a readiness probe a container counts as ready as soon as its process runs: Services \
    send traffic to it, and the rollout goes on to stop old pods. A liveness probe that gives up \
    before the container has started restarts it for ever.
    """

  static func find(_ scope: FindingScope) -> [Finding] {
    scope.workloads.filter { !$0.course.steps.isEmpty }.flatMap { workload in
      unready(workload) + impatient(workload)
    }
  }

  private static func unready(_ workload: WorkloadForecast) -> [Finding] {
    guard let service = workload.services.first, workload.replicas > 0 else { return [] }
    let names = workload.containers.filter { $0["readinessProbe"] == nil }
      .compactMap { $0["name"]?.string }
    guard names.count == workload.containers.count, !names.isEmpty else { return [] }
    return [
      Finding(
        code, .risk, workload, title,
        proof: "no container (\(names.joined(separator: ", "))) has a readiness probe, and "
          + "service/\(service.name) sends them traffic",
        help: "give the container that serves a readinessProbe")
    ]
  }

  private static func impatient(_ workload: WorkloadForecast) -> [Finding] {
    let start = workload.waveSeconds - workload.minReadySeconds
    return workload.containers.compactMap { container in
      guard let probe = container["livenessProbe"], container["startupProbe"] == nil else {
        return nil
      }
      let number = { (name: String, other: Int64) in
        min(max(0, probe[name]?.int64 ?? other), 1_000_000)
      }
      let patience =
        number("initialDelaySeconds", 0) + number("periodSeconds", 10)
        * number("failureThreshold", 3)
      guard patience < start else { return nil }
      return Finding(
        code, .risk, workload, "a liveness probe restarts the container before it has started",
        proof: "container \(container["name"]?.string ?? "") is given "
          + "\(PlanTexts.duration(patience)), and needs \(PlanTexts.duration(start)) to start",
        help: "add a startupProbe that waits longer")
    }
  }
}
