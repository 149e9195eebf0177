/// `kmf plan` of a rollout, as a whole process over a simulated cluster whose pods run.
struct RehearsalCosts {
  private static let rounds = 5
  private let command: String
  private let scratch = Scratch()

  /// Nil where the release command has not been built.
  init?() {
    guard let command = ChildProcess.neighbour("kmf") else { return nil }
    self.command = command
  }

  func measure(into scores: inout Scores) {
    if let runs = plan(pods: 100, nodes: 10, rounds: Self.rounds) {
      let times = runs.map { $0.cpuSeconds * 1000 }
      scores.add(
        Score(
          what: "plan of 100 pods, whole process", value: Stopwatch.median(times), unit: " ms",
          target: 50))
    } else {
      scores.skip("plan of 100 pods", because: "the command did not run")
    }
    guard let run = plan(pods: 10_000, nodes: 1000, rounds: 1)?.first else {
      return scores.skip("plan of 10,000 pods", because: "the command did not run")
    }
    scores.add(
      Score(
        what: "plan of 10,000 pods on 1,000 nodes", value: run.cpuSeconds, unit: " s",
        target: 2.5))
    scores.add(
      Score(
        what: "peak memory of that", value: Double(run.peakBytes) / 1e6, unit: " MB",
        target: 1000))
  }

  /// Runs a cluster up, and plans another image for all of its pods.
  private func plan(pods: Int, nodes: Int, rounds: Int) -> [ChildProcess]? {
    let cluster = ["--cluster", "file:\(scratch.path)/\(pods).db"]
    let size = ["--nodes", "\(nodes)", "--node-cpu", "16", "--node-memory", "64Gi"]
    _ = scratch.write(Array(Self.deployment(pods, image: "1.0").utf8), to: "before.yaml")
    _ = scratch.write(Array(Self.deployment(pods, image: "1.1").utf8), to: "after.yaml")
    let before = scratch.path + "/before.yaml"
    let after = scratch.path + "/after.yaml"
    guard ChildProcess([command, "cluster", "create"] + size + cluster)?.code == 0,
      ChildProcess([command, "apply", before, "--wait"] + cluster)?.code == 0
    else { return nil }
    let runs = (0..<rounds).compactMap { _ in
      ChildProcess([command, "plan", after, "-o", "json"] + cluster)
    }
    return runs.count == rounds && runs.allSatisfy { $0.code == 0 } ? runs : nil
  }

  private static func deployment(_ pods: Int, image: String) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec:
      replicas: \(pods)
      selector: {matchLabels: {app: web}}
      template:
        metadata: {labels: {app: web}}
        spec:
          containers:
          - name: web
            image: registry.example.com/shop/web:\(image)
            ports: [{name: http, containerPort: 8080}]
            resources: {requests: {cpu: 100m, memory: 128Mi}}
            readinessProbe: {httpGet: {path: /ready, port: http}}

    """
  }
}
