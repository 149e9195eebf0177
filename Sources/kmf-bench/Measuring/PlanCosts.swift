/// `kmf diff` and `kmf apply` of many objects that are in the cluster already, beside judging them.
struct PlanCosts {
  private static let fileCount = 100
  private static let objectsPerFile = 100
  private static let rounds = 3
  private let command: String
  private let scratch = Scratch()

  /// Nil where the release command has not been built.
  init?() {
    guard let command = ChildProcess.neighbour("kmf") else { return nil }
    self.command = command
  }

  func measure(into scores: inout Scores) {
    scratch.makeFolder("many")
    for file in 0..<Self.fileCount { write(file, image: "1.0") }
    guard run("apply")?.code == 0 else {
      return scores.skip("differences of many objects", because: "the command did not run")
    }
    var validate: [Double] = []
    var diff: [Double] = []
    var apply: [Double] = []
    for round in 1...Self.rounds {
      if let run = ChildProcess([command, "validate", "--no-ignore", "--jobs", "1", folder]) {
        validate.append(run.cpuSeconds)
      }
      if let run = run("diff"), run.code == 0 { diff.append(run.cpuSeconds) }
      write(0, image: "1.\(round)", only: 1)
      if let run = run("apply"), run.code == 0 { apply.append(run.cpuSeconds) }
    }
    guard validate.count == diff.count, diff.count == apply.count, !diff.isEmpty else {
      return scores.skip("differences of many objects", because: "the command refused")
    }
    let count = Self.fileCount * Self.objectsPerFile
    scores.add(
      Score(
        what: "diff of \(count) unchanged beside validate",
        value: Stopwatch.median(diff) / Stopwatch.median(validate), unit: " ×", target: 2))
    scores.add(
      Score(
        what: "apply of 1 changed in \(count) beside diff",
        value: Stopwatch.median(apply) / Stopwatch.median(diff), unit: " ×", target: 1.2))
  }

  private var folder: String { scratch.path + "/many" }

  private func run(_ name: String) -> ChildProcess? {
    ChildProcess([
      command, name, "--no-ignore", "--jobs", "1", "--cluster", "file:\(scratch.path)/cluster.db",
      folder,
    ])
  }

  /// - Parameter count: How many objects of the file get the image; the others have the first one.
  private func write(_ file: Int, image: String, only count: Int = .max) {
    var text = ""
    for index in 0..<Self.objectsPerFile {
      text += Self.deployment(
        file * Self.objectsPerFile + index, image: index < count ? image : "1.0")
    }
    _ = scratch.write(Array(text.utf8), to: "many/\(file).yaml")
  }

  private static func deployment(_ number: Int, image: String) -> String {
    """
    ---
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web-\(number)
      labels: {app: web-\(number), tier: front}
    spec:
      replicas: \(number % 5)
      selector:
        matchLabels: {app: web-\(number)}
      template:
        metadata:
          labels: {app: web-\(number), tier: front}
        spec:
          containers:
          - name: web
            image: registry.example.com/shop/web:\(image)
            ports:
            - name: http
              containerPort: 8080
            env:
            - name: LOG_LEVEL
              value: info
            resources:
              requests: {cpu: 100m, memory: 128Mi}
              limits: {memory: 256Mi}
            readinessProbe:
              httpGet: {path: /ready, port: http}
              periodSeconds: 5

    """
  }
}
