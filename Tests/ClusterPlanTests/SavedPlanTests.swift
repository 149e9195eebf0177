import ClusterPlan
import ClusterStore
import ManifestSyntax
import Testing

@Suite struct SavedPlanTests {
  private static let masker = Masker(key: Array("0123456789abcdef".utf8))

  private static func plan(_ bench: Bench, _ text: String) throws -> SavedPlan {
    let planner = Planner(bench.cluster)
    return SavedPlan(
      try bench.difference(text), options: PlanOptions(), clusterUID: try planner.clusterUID(),
      paths: ["."], kustomizations: [], toolVersion: "0", masker: masker)
  }

  private static func apply(
    _ plan: SavedPlan, _ bench: Bench, _ text: String
  ) throws -> Planner.PlanOutcome {
    let (manifests, troubles) = plan.manifests(reading: Bench.manifests(text), masker: masker)
    guard troubles.isEmpty else { return .stale(troubles) }
    return try Planner(bench.cluster).apply(plan, manifests, masker: masker)
  }

  private static let edited = Sample.all.replacing("nginx:1", with: "nginx:2")
    .replacing("canary-one", with: "canary-two")

  @Test func survivesTheFileWithoutSecrets() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let plan = try Self.plan(bench, Self.edited)
    let text = plan.text
    for canary in ["canary-one", "canary-two", "Y2FuYXJ5LXR3bw"] {
      #expect(!text.contains(canary))
    }
    let read = try SavedPlan(SourceText(text))
    #expect(read.digest == plan.digest && read.text == text)
    #expect(throws: PlanFileError.altered) {
      try SavedPlan(SourceText(text.replacing("nginx:2", with: "nginx:3")))
    }
    #expect(throws: PlanFileError.notAPlan) { try SavedPlan(SourceText("{}")) }
  }

  @Test func appliesJustWhatWasApproved() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let plan = try Self.plan(bench, Self.edited)
    guard case .stale(let troubles) = try Self.apply(plan, bench, Sample.all) else {
      Issue.record("applied a Secret that was not approved")
      return
    }
    #expect(troubles.contains { $0.contains("not the one that was approved") }, "\(troubles)")
    guard case .applied(let applied) = try Self.apply(plan, bench, Self.edited) else {
      Issue.record("not applied")
      return
    }
    #expect(applied.isKept && applied.changes.count(.update) == 2)
    #expect(try bench.difference(Self.edited).isEmpty)
    guard case .done = try Self.apply(plan, bench, Self.edited) else {
      Issue.record("a plan that was carried out is not stale")
      return
    }
  }

  /// What the plan does not rely on may move; what it does may not.
  @Test func isStaleForWhatItReliesOnOnly() throws {
    let moves: [(name: String, text: String, isStale: Bool)] = [
      (
        "an unrelated annotation",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, annotations: {a: b}}",
        false
      ),
      ("a field that it changes", Sample.deployment.replacing("nginx:1", with: "nginx:9"), true),
    ]
    for move in moves {
      let bench = try Bench()
      try bench.apply(Sample.all)
      let plan = try Self.plan(bench, Self.edited)
      try bench.apply(move.text) {
        $0.manager = "somebody"
        $0.onConflict = .force
      }
      let revision = bench.store.currentRevision()
      switch try Self.apply(plan, bench, Self.edited) {
      case .stale(let reasons):
        #expect(move.isStale, "\(move.name): \(reasons)")
        #expect(reasons.contains { $0.contains("image") }, "\(reasons)")
        #expect(bench.store.currentRevision() == revision, "a stale plan wrote something")
      case .applied(let applied): #expect(!move.isStale && applied.isKept, "\(move.name)")
      case .done: Issue.record("\(move.name): nothing to do")
      }
    }
  }
}
