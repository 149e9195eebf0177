import ClusterAPI
import ClusterControl
import ClusterPlan
import ClusterStore
import Foundation
import ManifestRules
import ManifestSyntax
import Testing

/// Rollouts as the real Deployment controller does them, through the JSON of a plan.
@Suite struct ForecastTests {
  @Test func schedulesAreThoseOfTheRealController() throws {
    var wrong: [String] = []
    var count = 0
    for line in try Self.schedules() {
      let steps = line["steps"]?.list ?? []
      // What somebody does in the middle of a rollout is a plan of its own.
      if steps.contains(where: { $0[2]?.string?.hasPrefix("event") ?? false }) { continue }
      count += 1
      let workload = try Self.plan(line)
      let troubles = Self.differences(workload, line)
      guard !troubles.isEmpty else { continue }
      let words = ["name", "maxSurge", "maxUnavailable", "model"].map { line[$0]?.string ?? "" }
      wrong.append(
        "\(line["replicas"]?.int64 ?? 0) \(words.joined(separator: " ")): \(troubles)")
    }
    #expect(count > 0)
    #expect(
      wrong.isEmpty, "\(wrong.count) of \(count):\n\(wrong.prefix(8).joined(separator: "\n"))")
  }

  /// What the project has of its own, and what lies beside it.
  private static func schedules() throws -> [Value] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var files = [root.appending(path: "fixtures/rollout-schedules/schedules.jsonl")]
    if let folder = RecordedManifests.folder("rollout-traces") {
      files.append(folder.appending(path: "upstream-controller.jsonl"))
    }
    return try files.flatMap { file in
      try Data(contentsOf: file).split(separator: 10).compactMap { line in
        JSONReader.read(SourceText(name: "<line>", bytes: Array(line))).tree?.value()
      }
    }.filter { $0["steps"] != nil }
  }

  private static func plan(_ line: Value) throws -> Value {
    let bench = try Bench()
    let model = line["model"]?.string ?? ""
    let replicas = line["replicas"]?.int64 ?? 0
    var old = deployment(line, "v1")
    old["metadata"]?["name"] = "web"
    let sick = line["oldUnavailable"]?.int64 ?? 0
    if sick > 0 {
      let status: Value = [
        "replicas": .int(replicas), "availableReplicas": .int(replicas - sick),
        "readyReplicas": .int(replicas - sick),
      ]
      try bench.run(old, status: status)
    } else {
      try bench.apply([Manifest(old, source: ManifestSource(file: "v1.yaml", line: 1))])
    }
    let options = ForecastOptions(
      readiness: model == "serial" ? .serial : model == "broken" ? .never : .together,
      readyAfter: 10)
    let forecast = try bench.forecast(
      [Manifest(deployment(line, "v2"), source: ManifestSource(file: "v2.yaml", line: 1))], options)
    let text = JSONPlan.text(forecast, ChangeFormatOptions())
    let value = JSONReader.read(SourceText(text)).tree?.value() ?? .null
    return value["workloads"]?[0] ?? .null
  }

  static func deployment(_ line: Value, _ version: String) -> Value {
    // The API refuses a strategy of two zeros; what is rounded down to zero comes to the same.
    let isZero = line["maxSurge"] == "0" && line["maxUnavailable"] == "0"
    let amount = { (name: String) -> Value in
      if isZero, name == "maxUnavailable" { return "1%" }
      let text = line[name]?.string ?? ""
      return Int64(text).map(Value.int) ?? .string(text)
    }
    return [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
      "spec": [
        "replicas": line["replicas"] ?? 1, "selector": ["matchLabels": ["app": "web"]],
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

  private static func differences(_ workload: Value, _ line: Value) -> [String] {
    let steps = (line["steps"]?.list ?? []).map { step -> String in
      let number = { (place: Int) in step[place]?.int64 ?? -1 }
      let revision = step[2] == "v1" ? "old" : "new"
      return "\(number(0)) \(revision) \(number(3)) \(number(4)) \(number(5)) \(number(6))"
    }
    let planned = (workload["schedule"]?.list ?? []).map { step -> String in
      let number = { (name: String) in step[name]?.int64 ?? -1 }
      return "\(number("tick")) \(step["revision"]?.string ?? "") \(number("from")) "
        + "\(number("to")) \(number("total")) \(number("available"))"
    }
    var troubles: [String] = []
    if steps != planned { troubles.append("schedule \(planned)\n  expected \(steps)") }
    for name in ["peakPods", "minAvailable", "waves"] where workload[name] != line[name] {
      troubles.append("\(name) \(workload[name] ?? .null), expected \(line[name] ?? .null)")
    }
    if workload["stuck"] != (line["stuck"] ?? false) { troubles.append("stuck") }
    let strategy = workload["strategy"]
    if strategy?["surge"] != line["resolvedSurge"] { troubles.append("surge \(strategy ?? .null)") }
    if strategy?["unavailable"] != line["resolvedUnavailable"] {
      troubles.append("unavailable \(strategy ?? .null)")
    }
    return troubles
  }

  /// ReplicaSets are called as the real controller calls them.
  @Test func hashesAreThoseOfTheRealController() throws {
    guard let folder = RecordedManifests.folder("conformance") else { return }
    let lines = try RecordedManifests.unpacked(folder.appending(path: "template-hash.jsonl.gz"))
    var wrong: [String] = []
    for line in lines.enumerated() where line.offset % 8 == 0 {
      let template = line.element["template"] ?? .null
      let manifest: Value = [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
        "spec": [
          "selector": ["matchLabels": template["metadata"]?["labels"] ?? .emptyMap],
          "template": template,
        ],
      ]
      let bench = try Bench()
      let forecast = try bench.forecast(
        [Manifest(manifest, source: ManifestSource(file: "web.yaml", line: 1))])
      let name = forecast.workloads.first?.course.steps.first?.replicaSet ?? "none"
      let hash = line.element["podTemplateHash"]?.string ?? ""
      let why = forecast.changes.changes.first?.error.map { "\($0.message) \($0.causes)" } ?? ""
      if name != "web-" + hash { wrong.append("\(name), expected \(hash) \(why)") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) of \(lines.count): \(wrong.prefix(5))")
  }
}

extension Bench {
  func forecast(
    _ manifests: [Manifest], _ assumptions: ForecastOptions = ForecastOptions()
  ) throws -> Forecast {
    var options = PlanOptions()
    options.allowsReplacement = true
    return try Planner(cluster, options: options).forecast(manifests, assumptions)
  }

  func apply(_ manifests: [Manifest]) throws {
    let applied = try Planner(cluster).apply(manifests)
    #expect(applied.isKept, "\(applied.changes.changes.compactMap(\.error?.message))")
  }

  /// Applies a Deployment and lets it have run: its ReplicaSet is there, as it counts its pods.
  func run(_ deployment: Value, status: Value) throws {
    try apply([Manifest(deployment, source: ManifestSource(file: "v1.yaml", line: 1))])
    guard let stored = try object("deployments", "web") else { return }
    try cluster.transaction { (session) throws(StatusError) in
      var value = stored
      value.change("metadata") {
        $0.change("annotations") { $0["deployment.kubernetes.io/revision"] = "1" }
      }
      value.change("status") { $0["observedGeneration"] = 1 }
      let key = ResourceKey(.deployments, namespace: "default", name: "web")
      var set: Value = [
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": [
          "name": "web-1", "namespace": "default", "uid": "8a5e3c52-0000-4000-8000-000000000001",
          "creationTimestamp": "2025-12-31T00:00:00Z", "generation": 1,
          "labels": ["app": "web", "pod-template-hash": "1"],
          "annotations": [
            "deployment.kubernetes.io/revision": "1",
            "deployment.kubernetes.io/desired-replicas": .string(
              "\(stored["spec"]?["replicas"]?.int64 ?? 0)"),
          ],
          "ownerReferences": [
            [
              "apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "controller": true,
              "uid": stored["metadata"]?["uid"] ?? "", "blockOwnerDeletion": true,
            ]
          ],
        ],
        "spec": [
          "replicas": stored["spec"]?["replicas"] ?? 1,
          "selector": ["matchLabels": ["app": "web", "pod-template-hash": "1"]],
          "template": stored["spec"]?["template"] ?? .null,
        ],
        "status": status,
      ]
      set.change("spec") {
        $0.change("template") {
          $0.change("metadata") { $0.change("labels") { $0["pod-template-hash"] = "1" } }
        }
      }
      let setKey = ResourceKey(.replicaSets, namespace: "default", name: "web-1")
      try session.record([
        Change(key: key, old: nil, new: ClusterObject(key: key, value: value, revision: 0)),
        Change(key: setKey, old: nil, new: ClusterObject(key: setKey, value: set, revision: 0)),
      ])
    }
  }
}
