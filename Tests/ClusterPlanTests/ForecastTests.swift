import ClusterAPI
import ClusterControl
import ClusterPlan
import ClusterStore
import Foundation
import ManifestRules
import ManifestSyntax
import TestRecordings
import Testing

/// Rollouts as the real Deployment controller does them, through the JSON of a plan.
@Suite struct ForecastTests {
  /// `KMF_SEEDS=1000`: all that was recorded, which takes a minute, instead of a part of it.
  private static let isThorough = ProcessInfo.processInfo.environment["KMF_SEEDS"] != nil

  @Test func schedulesAreThoseOfTheRealController() throws {
    var wrong: [String] = []
    var count = 0
    for (place, line) in try Self.schedules().enumerated() {
      let schedule = RecordedSchedule(line)
      guard Self.isThorough || schedule.isInTheMiddle || place % 4 == 0 else { continue }
      // What is in the middle of a rollout comes from another cluster.
      let ways: [RecordedSchedule.Way] = schedule.isSettled ? [.applied] : [.counted, .withPods]
      for way in ways {
        count += 1
        let troubles = schedule.differences(try schedule.plan(way))
        if !troubles.isEmpty { wrong.append("\(schedule.text), \(way): \(troubles)") }
      }
    }
    #expect(count > 0)
    let isEqual = wrong.isEmpty
    #expect(isEqual, "\(wrong.count) of \(count):\n\(wrong.prefix(8).joined(separator: "\n"))")
  }

  /// What lies beside the project; where it does not, what the project has of its own.
  private static func schedules() throws -> [Value] {
    let schedules =
      try Recordings.values("rollout-traces/upstream-controller.jsonl")
      ?? Recordings.fixture("rollout-schedules/schedules.jsonl")
    return schedules.filter { $0["steps"] != nil }
  }

  /// What one gives up, another may take: the peak of all is no sum of peaks.
  @Test func rolloutsAreRehearsedTogether() throws {
    let shrinking = SampleManifests.deployment("replicas: 10", 1, 0)
    let rolling = SampleManifests.deployment("replicas: 10", 3, 0)
      .replacing("name: web}", with: "name: worker}").replacing("app: web", with: "app: worker")
    let quota = """
      apiVersion: v1
      kind: ResourceQuota
      metadata: {name: pods}
      spec: {hard: {pods: "40"}}
      """
    let bench = try Bench()
    try bench.addNodes([("8", ["a": "b"]), ("8", ["a": "b"])])
    try bench.apply(Bench.manifests(SampleManifests.and(quota, shrinking, rolling)))
    try bench.start("web", pods: 10, on: "n1")
    try bench.start("worker", pods: 10, on: "n2")
    let forecast = try bench.forecast(
      Bench.manifests(
        SampleManifests.and(
          shrinking.replacing("replicas: 10", with: "replicas: 2"),
          rolling.replacing("web:1", with: "web:2"))))
    let peaks = forecast.workloads.map(\.course.peakPods)
    #expect(peaks == [10, 13])
    #expect(forecast.jointPeakPods == 20 && forecast.jointPeakCertainty == .assumed)
    let branches = forecast.workloads.last?.branches ?? []
    #expect(branches.map(\.kind) == [.nodeDown, .quota], "\(branches)")
    #expect(branches.first?.available ?? 10 < 10 && branches.last?.text.contains("of 40") == true)
    let text = PrettyPlan.text(forecast, ChangeFormatOptions())
    for branch in branches { #expect(text.contains(branch.text), "\(text)") }
  }

  /// ReplicaSets are called as the real controller calls them.
  @Test func hashesAreThoseOfTheRealController() throws {
    guard let lines = try Recordings.values("conformance/template-hash.jsonl.gz") else { return }
    var wrong: [String] = []
    let bench = try Bench()
    for (place, line) in lines.enumerated() where Self.isThorough || place % 6 == 0 {
      let template = line["template"] ?? .null
      let manifest: Value = [
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
        "spec": [
          "selector": ["matchLabels": template["metadata"]?["labels"] ?? .emptyMap],
          "template": template,
        ],
      ]
      let forecast = try bench.forecast(
        [Manifest(manifest, source: ManifestSource(file: "web.yaml", line: 1))])
      let name = forecast.workloads.first?.course.steps.first?.replicaSet ?? "none"
      let hash = line["podTemplateHash"]?.string ?? ""
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
    options.isRehearsal = true
    return try Planner(cluster, options: options).forecast(manifests, assumptions)
  }

  func apply(_ manifests: [Manifest]) throws {
    let applied = try Planner(cluster).apply(manifests)
    #expect(applied.isKept, "\(applied.changes.changes.compactMap(\.error?.message))")
  }
}
