import ClusterControl
import ClusterPlan
import ClusterStore
import ManifestMerge
import ManifestRules
import ManifestSyntax
import Testing

@Suite struct PlannerTests {
  @Test func appliesOnceAndThenNothing() throws {
    let bench = try Bench()
    #expect(try bench.difference(Sample.all).count(.create) == 4)
    let applied = try bench.apply(Sample.all)
    #expect(applied.isKept && applied.changes.count(.create) == 4)
    let revision = bench.store.currentRevision()
    #expect(try bench.difference(Sample.all).isEmpty)
    let again = try bench.apply(Sample.all)
    #expect(again.changes.count(.unchanged) == 4)
    #expect(bench.store.currentRevision() == revision, "the second apply wrote something")
  }

  /// What is written otherwise and means the same is no difference.
  @Test func comparesByMeaning() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let variants: [(String, String, String)] = [
      ("quantity", "cpu: 1000m, memory: 1Gi", "memory: 1024Mi, cpu: 1"),
      (
        "default written out", "image: nginx:1",
        "image: nginx:1\n        imagePullPolicy: IfNotPresent"
      ),
      ("default protocol", "{containerPort: 80}", "{containerPort: 80, protocol: TCP}"),
      ("anchors", "matchLabels: {app: web}", "matchLabels: &l {app: web}"),
      (
        "order of a keyed list", "[{containerPort: 80}, {containerPort: 53, protocol: UDP}]",
        "[{containerPort: 53, protocol: UDP}, {containerPort: 80}]"
      ),
    ]
    for (name, old, new) in variants {
      let text = Sample.all.replacing(old, with: new)
      #expect(text != Sample.all, "\(name): nothing was replaced")
      let set = try bench.difference(text)
      #expect(set.isEmpty && !set.hasErrors, "\(name): \(set.changes.flatMap(\.fields))")
    }
  }

  /// The same objects as JSON, and as the cluster gives them out.
  @Test func comparesFormsOfTheSame() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let revision = bench.store.currentRevision()
    for manifest in Bench.manifests(Sample.all) {
      let json = JSONWriter.string(manifest.value, .indented)
      #expect(try bench.difference(json).count(.unchanged) == 1, "\(manifest.kind) as JSON")
    }
    for kind in ["deployment", "configmap", "service", "secret"] {
      let export = try #require(try bench.object(kind, "web"))
      let set = try Planner(bench.cluster).difference([
        Manifest(export, source: ManifestSource(file: "export", line: 1))
      ])
      #expect(set.count(.unchanged) == 1, "\(kind): \(set.changes)")
    }
    #expect(bench.store.currentRevision() == revision)
    // New items stay where the manifest has them; the order of what runs one by one counts.
    let first = "initContainers: [{name: a, image: a}, {name: b, image: b}]\n      containers:"
    try bench.apply(Sample.all.replacing("containers:", with: first))
    let turned = Sample.all.replacing(
      "containers:",
      with: "initContainers: [{name: b, image: b}, {name: a, image: a}]\n      containers:")
    #expect(try bench.difference(turned).changes.flatMap(\.fields).map(\.kind) == [.reordered])
  }

  @Test func namesFieldsWithReasonsAndPods() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let set = try bench.difference(Sample.all.replacing("nginx:1", with: "nginx:2"))
    let change = try #require(set.changes.first { $0.action == .update })
    let paths = change.fields.map(\.pathText)
    #expect(paths == ["spec.template.spec.containers[name=web].image"])
    #expect(change.fields.first?.old == "nginx:1" && change.fields.first?.new == "nginx:2")
    #expect(change.pods?.text == "rolls 3 pods")
    let less = try bench.difference(Sample.all.replacing("  replicas: 3\n", with: ""))
    let field = try #require(less.changes.flatMap(\.fields).first)
    #expect(field.pathText == "spec.replicas" && field.reason == .abandoned, "\(field)")
  }

  @Test func replacesOnlyWhenAsked() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    let text = Sample.all.replacing("app: web", with: "app: shop")
    let set = try bench.difference(text)
    let change = try #require(set.changes.first { $0.action == .replace })
    #expect(change.object.kind == "Deployment")
    #expect(change.fields.contains { $0.isImmutable }, "\(change.fields)")
    #expect(change.replacement?.losses.contains { $0.contains("3 pods") } ?? false)
    let refused = try bench.apply(text)
    #expect(!refused.isKept && refused.changes.hasErrors)
    let done = try bench.apply(text) { $0.allowsReplacement = true }
    #expect(done.isKept && done.changes.count(.replace) == 1)
    #expect(try bench.difference(text).isEmpty)
  }

  @Test func showsConflictsWithBothValuesAndOwners() throws {
    let bench = try Bench()
    try bench.apply(Sample.all) { $0.manager = "alice" }
    // What others own and the manifest sets just so is no conflict.
    #expect(try bench.difference(Sample.all).isEmpty)
    try bench.apply(Sample.all)
    #expect(try bench.difference(Sample.all).isEmpty, "'1000m' is no other value than '1'")
    let text = Sample.all.replacing("replicas: 3", with: "replicas: 5")
    let set = try bench.difference(text)
    let change = try #require(set.changes.first { $0.action == .failed })
    let conflict = try #require(change.conflicts.first)
    #expect(conflict.pathText == "spec.replicas")
    #expect(conflict.wanted == 5 && conflict.found == 3 && conflict.owners == ["alice"])
    #expect(set.changes.count == 4, "one error hides the rest")
    #expect(try !bench.apply(text).isKept)
    #expect(try bench.apply(text) { $0.onConflict = .skip }.changes.count(.skipped) == 1)
    let forced = try bench.apply(text) { $0.onConflict = .force }
    #expect(forced.isKept && forced.changes.changes.contains { !$0.conflicts.isEmpty })
  }

  @Test func namespacesAndDefinitionsOfTheSameSetCount() throws {
    let bench = try Bench()
    let text = """
      apiVersion: example.com/v1
      kind: Widget
      metadata: {name: one, namespace: new}
      spec: {size: 3}
      ---
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: c, namespace: new}
      ---
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: {name: widgets.example.com}
      spec:
        group: example.com
        scope: Namespaced
        names: {plural: widgets, singular: widget, kind: Widget}
        versions:
        - name: v1
          served: true
          storage: true
          schema:
            openAPIV3Schema:
              type: object
              properties: {spec: {type: object, properties: {size: {type: integer}}}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: new}
      """
    let set = try bench.difference(text)
    #expect(!set.hasErrors, "\(set.changes.compactMap(\.error))")
    #expect(set.changes.map(\.object.kind).prefix(2) == ["Namespace", "CustomResourceDefinition"])
    #expect(try bench.apply(text).isKept)
    #expect(try bench.difference(text).isEmpty)
  }

  @Test func prunesWhatTheSetMadeAndNothingElse() throws {
    let bench = try Bench()
    try bench.apply(Sample.all) { $0.set = "shop" }
    try bench.apply(Sample.config.replacing("name: web", with: "name: other"))
    let prune: (inout PlanOptions) -> Void = {
      $0.set = "shop"
      $0.prunes = true
    }
    let set = try bench.difference(Sample.config, prune)
    #expect(
      set.changes.filter { $0.action == .delete }.map(\.object.kind).sorted()
        == ["Deployment", "Secret", "Service"])
    #expect(try bench.apply(Sample.config, prune).isKept)
    #expect(try bench.object("configmap", "other") != nil)
    #expect(try bench.object("deployment", "web") == nil)
    let foreign = try bench.apply(Sample.config) { $0.set = "thieves" }
    #expect(!foreign.isKept, "took an object of another set")
    try bench.apply(Sample.all) { $0.set = "shop" }
    let many = try bench.apply(Sample.config) {
      prune(&$0)
      $0.prunedMax = 2
    }
    #expect(!many.isKept, "pruned beyond the threshold")
    #expect(
      try bench.apply(Sample.config) {
        prune(&$0)
        $0.prunedMax = 2
        $0.isConfirmed = true
      }.isKept)
  }

  @Test func oneMistakeKeepsEverythingFromBeingWritten() throws {
    let bench = try Bench()
    let revision = bench.store.currentRevision()
    let applied = try bench.apply(Sample.all.replacing("port: 80}]", with: "port: 0}]"))
    #expect(!applied.isKept && applied.changes.changes.count == 4)
    #expect(bench.store.currentRevision() == revision)
  }

  @Test func tellsDriftFromEdits() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    try bench.apply(Sample.deployment.replacing("nginx:1", with: "nginx:hotfix")) {
      $0.manager = "somebody"
      $0.onConflict = .force
    }
    let edited = Sample.all.replacing("mode: fast", with: "mode: slow")
    let drift = try bench.difference(edited) {
      $0.isDrift = true
      $0.onConflict = .force
    }
    #expect(drift.changes.filter { $0.action == .update }.map(\.object.kind) == ["Deployment"])
    #expect(drift.changes.flatMap(\.fields).map(\.reason) == [.drift])
  }
}
