import ClusterAPI
import ClusterControl
import ClusterPlan
import ManifestSyntax
import Testing

/// Every finding where it must be made, and a near miss where it must not.
@Suite struct FindingTests {
  /// In a simulated cluster, where the controllers then do what was planned; and on what a real
  /// cluster would show, whose nodes nobody simulates.
  @Test func findingsAreMadeWhereTheyHold() throws {
    let scenarios = try FindingScenario.all()
    for scenario in scenarios {
      for isMiss in [false, true] {
        let troubles = try scenario.troubles(isMiss: isMiss)
        #expect(
          troubles.isEmpty,
          "\(scenario.name) \(isMiss ? "near-miss" : "change"): \(troubles.joined(separator: "\n"))"
        )
      }
    }
    let tested = Set(scenarios.map(\.finding))
    #expect(FindingRules.all.map { $0.code }.filter { !tested.contains($0) } == [])
  }

  /// Whoever writes a rule explains it.
  @Test func rulesExplainThemselves() {
    let rules = FindingRules.all
    #expect(rules.map { $0.code } == (1...24).map { "B\($0)" })
    for rule in rules {
      #expect(!rule.title.isEmpty && !rule.title.hasSuffix("."), "\(rule.code)")
      #expect(rule.why.hasSuffix("."), "\(rule.code)")
      #expect(FindingRules.rule(rule.code.lowercased())?.code == rule.code)
    }
  }

  /// Where a rollout is called blocked, what is predicted is that it does not end.
  @Test func failuresEndAsTheArithmeticSays() throws {
    for replicas in [1, 2, 3, 4, 7, 10, 23] {
      for (surge, unavailable) in [(1, 0), (0, 1), (1, 1), (3, 2), (5, 0)] {
        let bench = try Bench()
        let old = SampleManifests.deployment("replicas: \(replicas)", surge, unavailable)
        try bench.apply(Bench.manifests(old))
        let forecast = try bench.forecast(Bench.manifests(old.replacing("web:1", with: "web:2")))
        let workload = try #require(forecast.workloads.first)
        let name = "\(replicas) \(surge)/\(unavailable)"
        let (most, least) = (min(surge, replicas), min(unavailable, replicas))
        #expect(workload.course.peakPods == replicas + most, "\(name)")
        #expect(workload.course.minAvailable == replicas - least, "\(name)")
        #expect(workload.course.isComplete, "\(name)")
        #expect(workload.failure.finalAvailable == replicas - least, "\(name)")
        let new = workload.failure.count(.new, in: workload.failure.finalSizes)
        #expect(new == min(replicas, surge + least), "\(name)")
      }
    }
  }
}
