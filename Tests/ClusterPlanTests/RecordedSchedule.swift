import ClusterAPI
import ClusterPlan
import ManifestSyntax
import Testing

/// A rollout as the real Deployment controller did it: what was there, what changed, what followed.
///
/// Where somebody stepped in while it ran, the plan is of what it was then: a state in the middle
/// of a rollout, with pods of two versions.
struct RecordedSchedule {
  /// How the state before the change comes into a cluster.
  enum Way {
    /// Applied; no controller has acted on it.
    case applied
    /// Imported: a Deployment and ReplicaSets that say how many pods they have.
    case counted
    /// Imported with the pods themselves.
    case withPods
  }

  private let line: Value
  private let model: String
  /// The versions that have a ReplicaSet, the oldest first.
  private var versions = ["v1"]
  private var sizes: [String: Int]
  private var available: [String: Int]
  private var replicas: Int
  private var isPaused = false
  /// The tick in which the change comes.
  private var firstTick = 0
  private var version = "v2"
  private var wantedReplicas: Int
  /// What follows the change.
  private var steps: ArraySlice<Value>

  init(_ line: Value) {
    self.line = line
    model = line["model"]?.string ?? ""
    let number = { (name: String) in Int(line[name]?.int64 ?? 0) }
    replicas = number("replicas")
    wantedReplicas = replicas
    sizes = ["v1": replicas]
    available = ["v1": replicas - number("oldUnavailable")]
    steps = (line["steps"]?.list ?? [])[...]
    if let place = steps.lastIndex(where: { Self.event($0) != nil }) { stepIn(at: place) }
  }

  var isSettled: Bool { !isInTheMiddle && line["oldUnavailable"] == nil }
  var isInTheMiddle: Bool { line["steps"]?.list?.contains { Self.event($0) != nil } ?? false }
  var text: String {
    let words = ["name", "maxSurge", "maxUnavailable", "model"].map { line[$0]?.string ?? "" }
    return "\(replicas) " + words.joined(separator: " ")
  }

  /// `replicas 15`, `template v3`, `pause`; nil for what the controller did.
  private static func event(_ step: Value) -> String? {
    guard let text = step[2]?.string, text.hasPrefix("event: ") else { return nil }
    return String(text.dropFirst("event: ".count))
  }

  /// Takes over how things stood when somebody stepped in for the last time.
  private mutating func stepIn(at place: Int) {
    let event = Self.event(steps[place]) ?? ""
    firstTick = Int(steps[place][0]?.int64 ?? 0)
    if firstTick > 0 {
      versions.append("v2")
      sizes["v2"] = 0
      available["v2"] = 0
    }
    var tick = 0
    for step in steps[..<place] where Self.event(step) == nil {
      passTime(&tick, to: Int(step[0]?.int64 ?? 0))
      let name = step[2]?.string ?? ""
      let size = Int(step[4]?.int64 ?? 0)
      sizes[name] = size
      available[name] = min(available[name] ?? 0, size)
    }
    passTime(&tick, to: firstTick)
    let words = event.split(separator: " ").map(String.init)
    switch words[0] {
    case "replicas": wantedReplicas = Int(words[1]) ?? replicas
    case "template": version = words[1]
    default: isPaused = true
    }
    steps = steps[(place + 1)...]
  }

  /// Between two ticks pods become available, all or the newest.
  private mutating func passTime(_ tick: inout Int, to end: Int) {
    while tick < end {
      tick += 1
      for name in versions.reversed() {
        guard let size = sizes[name], let now = available[name], now < size else { continue }
        available[name] = model == "serial" ? now + 1 : size
        if model == "serial" { break }
      }
    }
  }

  // MARK: - Planning

  /// The workload of the plan, as programs read it.
  func plan(_ way: Way) throws -> Value {
    let bench = try Bench()
    if way == .applied {
      try bench.apply([Manifest(deployment("v1", replicas), source: Self.source)])
    } else {
      let items = state(withPods: way == .withPods).map {
        ClusterImport.Item(object: $0, place: "state.yaml")
      }
      _ = try ClusterImport().run(items, in: bench.cluster)
    }
    let options = ForecastOptions(
      readiness: model == "serial" ? .serial : model == "broken" ? .never : .together,
      readyAfter: 10)
    var after = deployment(version, wantedReplicas)
    if isPaused { after["spec"]?["paused"] = false }
    let forecast = try bench.forecast([Manifest(after, source: Self.source)], options)
    let text = JSONPlan.text(forecast, ChangeFormatOptions())
    let value = JSONReader.read(SourceText(text)).tree?.value() ?? .null
    return value["workloads"]?[0] ?? .null
  }

  private static let source = ManifestSource(file: "web.yaml", line: 1)

  private func deployment(_ version: String, _ replicas: Int) -> Value {
    // The API refuses a strategy of two zeros; what is rounded down to zero comes to the same.
    let isZero = line["maxSurge"] == "0" && line["maxUnavailable"] == "0"
    let amount = { (name: String) -> Value in
      if isZero, name == "maxUnavailable" { return "1%" }
      let text = line[name]?.string ?? ""
      return Int64(text).map(Value.int) ?? .string(text)
    }
    return [
      "apiVersion": "apps/v1", "kind": "Deployment",
      "metadata": ["name": "web", "namespace": "default"],
      "spec": [
        "replicas": .int(Int64(replicas)), "selector": ["matchLabels": ["app": "web"]],
        "strategy": [
          "type": "RollingUpdate",
          "rollingUpdate": [
            "maxSurge": amount("maxSurge"), "maxUnavailable": amount("maxUnavailable"),
          ],
        ],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": ["containers": [["name": "web", "image": .string("web:" + version)]]],
        ],
      ],
    ]
  }

  /// What another cluster shows in the middle of the rollout.
  private func state(withPods: Bool) -> [Value] {
    let sum = { (counts: [String: Int]) in counts.values.reduce(0, +) }
    var live = deployment(versions.last ?? "v1", replicas)
    if isPaused { live["spec"]?["paused"] = true }
    live["metadata"] = ImportedState.metadata("web", 1, revision: versions.count)
    live["status"] = [
      "observedGeneration": 1, "replicas": .int(Int64(sum(sizes))),
      "updatedReplicas": .int(Int64(sizes[versions.last ?? ""] ?? 0)),
      "readyReplicas": .int(Int64(sum(available))),
      "availableReplicas": .int(Int64(sum(available))),
    ]
    return [live]
      + versions.enumerated().flatMap { place, version in
        ImportedState.replicaSet(
          of: live, place + 2, template: deployment(version, 1)["spec"]?["template"] ?? .null,
          size: sizes[version] ?? 0, available: available[version] ?? 0, wanted: replicas,
          most: replicas + Int(line["resolvedSurge"]?.int64 ?? 0), withPods: withPods)
      }
  }

  // MARK: - Comparing

  func differences(_ workload: Value) -> [String] {
    let expected = steps.map { step -> String in
      let number = { (place: Int) in step[place]?.int64 ?? -1 }
      return "\(number(0)) \(revision(step[2]?.string ?? "")) \(number(3)) \(number(4)) "
        + "\(number(5)) \(number(6))"
    }
    let planned = (workload["schedule"]?.list ?? []).map { step -> String in
      let number = { (name: String) in step[name]?.int64 ?? -1 }
      return "\(number("tick") + Int64(firstTick)) \(step["revision"]?.string ?? "") "
        + "\(number("from")) \(number("to")) \(number("total")) \(number("available"))"
    }
    var troubles: [String] = []
    if expected != planned { troubles.append("schedule \(planned)\n  expected \(expected)") }
    let waves = (workload["waves"]?.int64 ?? -1) + Int64(firstTick)
    if waves != line["waves"]?.int64 { troubles.append("waves \(waves)") }
    if workload["stuck"] != (line["stuck"] ?? false) { troubles.append("stuck") }
    guard !isInTheMiddle else { return troubles }
    for name in ["peakPods", "minAvailable"] where workload[name] != line[name] {
      troubles.append("\(name) \(workload[name] ?? .null), expected \(line[name] ?? .null)")
    }
    let strategy = workload["strategy"]
    if strategy?["surge"] != line["resolvedSurge"] { troubles.append("surge \(strategy ?? .null)") }
    if strategy?["unavailable"] != line["resolvedUnavailable"] {
      troubles.append("unavailable \(strategy ?? .null)")
    }
    return troubles
  }

  /// The version that is asked for is new; old is the one that ran last before it.
  private func revision(_ name: String) -> String {
    if name == version { return "new" }
    return name == versions.last { $0 != version } ? "old" : "older"
  }
}

/// Objects as `kubectl get -o yaml` shows those of a running cluster.
enum ImportedState {
  static func metadata(_ name: String, _ number: Int, revision: Int) -> Value {
    [
      "name": .string(name), "namespace": "default", "uid": .string(uid(number)),
      "resourceVersion": .string("\(1000 + number)"), "generation": 1,
      "creationTimestamp": .string("2025-12-31T00:0\(number):00Z"),
      "annotations": ["deployment.kubernetes.io/revision": .string("\(revision)")],
    ]
  }

  /// A ReplicaSet of the Deployment, and its pods where they are asked for.
  static func replicaSet(
    of deployment: Value, _ number: Int, template: Value, size: Int, available: Int, wanted: Int,
    most: Int, withPods: Bool
  ) -> [Value] {
    let hash = "5d4f7b8c9\(number)"
    var labels = template["metadata"]?["labels"] ?? .emptyMap
    labels["pod-template-hash"] = .string(hash)
    var template = template
    template["metadata"]?["labels"] = labels
    var metadata = metadata("web-" + hash, number, revision: number - 1)
    metadata["labels"] = labels
    metadata["ownerReferences"] = [owner("apps/v1", "Deployment", deployment)]
    metadata["annotations"]?["deployment.kubernetes.io/desired-replicas"] = .string("\(wanted)")
    metadata["annotations"]?["deployment.kubernetes.io/max-replicas"] = .string("\(most)")
    let set: Value = [
      "apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": metadata,
      "spec": [
        "replicas": .int(Int64(size)), "selector": ["matchLabels": labels], "template": template,
      ],
      "status": [
        "replicas": .int(Int64(size)), "fullyLabeledReplicas": .int(Int64(size)),
        "readyReplicas": .int(Int64(available)), "availableReplicas": .int(Int64(available)),
        "observedGeneration": 1,
      ],
    ]
    guard withPods else { return [set] }
    return [set]
      + (0..<size).map { pod(of: set, template, $0, number * 1000 + $0, isReady: $0 < available) }
  }

  private static func pod(
    of set: Value, _ template: Value, _ place: Int, _ number: Int, isReady: Bool
  ) -> Value {
    let name = set["metadata"]?["name"]?.string ?? ""
    var spec = template["spec"] ?? .emptyMap
    spec["nodeName"] = "n1"
    return [
      "apiVersion": "v1", "kind": "Pod",
      "metadata": [
        "name": .string("\(name)-\(10000 + place)"), "namespace": "default",
        "uid": .string(uid(number)), "creationTimestamp": "2025-12-31T00:10:00Z",
        "labels": template["metadata"]?["labels"] ?? .emptyMap,
        "ownerReferences": [owner("apps/v1", "ReplicaSet", set)],
      ],
      "spec": spec,
      "status": [
        "phase": "Running",
        "conditions": [["type": "Ready", "status": isReady ? "True" : "False"]],
      ],
    ]
  }

  private static func uid(_ number: Int) -> String {
    "8a5e3c52-0000-4000-8000-\(String(1_000_000_000_000 + number).dropFirst())"
  }

  private static func owner(_ version: Value, _ kind: Value, _ object: Value) -> Value {
    [
      "apiVersion": version, "kind": kind, "name": object["metadata"]?["name"] ?? "",
      "uid": object["metadata"]?["uid"] ?? "", "controller": true, "blockOwnerDeletion": true,
    ]
  }
}
