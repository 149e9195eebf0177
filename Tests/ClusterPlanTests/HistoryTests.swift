import ClusterAPI
import ClusterControl
import ClusterPlan
import ClusterStore
import ManifestSyntax
import Testing

/// What was, who owned it, and the way back.
@Suite struct HistoryTests {
  private static let masker = Masker(key: Array("0123456789abcdef".utf8))
  private static let web = ResourceKey(
    GroupResource(group: "apps", "deployments"), namespace: "default", name: "web")
  private static let edited = Sample.all.replacing("nginx:1", with: "nginx:2")
    .replacing("canary-one", with: "canary-two")

  @Test func tellsCommandsAndWrites() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    try bench.apply(Sample.all)
    try bench.apply(Self.edited)
    let reader = HistoryReader(bench.cluster)
    let whole = try reader.whole(20).entries.map(\.text)
    #expect(
      whole.dropLast() == ["apply: 2 configured, 2 unchanged", "apply: 4 created"]
        && whole.last?.hasPrefix("new cluster: ") ?? false, "\(whole)")
    let object = Self.masker.mask(try reader.object(Self.web, 20))
    #expect(object.entries.map { $0.change?.action } == [.update, .create])
    #expect(
      object.entries.first?.change?.fields.map(\.pathText)
        == ["spec.template.spec.containers[name=web].image"])
    #expect(object.entries.allSatisfy { $0.manager == "kmf" && $0.time != nil })
    let secret = ResourceKey(.secrets, namespace: "default", name: "web")
    let history = Self.masker.mask(try reader.object(secret, 20))
    for text in [
      HistoryForms.json(history),
      HistoryForms.text(history, showsFields: true, isColored: false),
    ] {
      for canary in ["canary-one", "canary-two", "Y2FuYXJ5LW9uZQ", "Y2FuYXJ5LXR3bw"] {
        #expect(!text.contains(canary), "\(canary) in \(text)")
      }
    }
  }

  @Test func bringsBackObjectsAndClusters() throws {
    let bench = try Bench()
    let first = try bench.apply(Sample.all).revision
    let old = try #require(try bench.object("deployment", "web"))
    let second = try bench.apply(Self.edited).revision
    let restorer = Restorer(bench.cluster, manager: "kmf")
    let one = try restorer.objects([Self.web], to: first)
    #expect(one.changes.count(.update) == 1 && one.isKept)
    // As it was: the next apply finds no traces of a restore among the owners.
    var restored = try #require(try bench.object("deployment", "web"))
    restored["metadata"]?["resourceVersion"] = old["metadata"]?["resourceVersion"]
    #expect(restored == old)
    #expect(try bench.difference(Self.edited).count(.update) == 1)

    try bench.cluster.transaction { (session) throws(StatusError) in
      let services = try session.resource(.services)
      _ = try session.delete(services, namespace: "default", name: "web")
    }
    let dry = try restorer.whole(to: second, isDryRun: true)
    #expect(dry.changes.count(.create) == 1 && dry.changes.count(.update) == 1 && !dry.isKept)
    #expect(try bench.object("service", "web") == nil)
    #expect(try restorer.whole(to: second).isKept)
    #expect(try bench.difference(Self.edited).isEmpty)
    #expect(try restorer.whole(to: second).changes.changes.isEmpty, "restored twice")
    for (revision, words) in [
      (first - 1, "in the middle"), (Revision(1_000_000), "still to come"),
      (Revision(2), "not set up yet"),
    ] {
      let refusal = #expect(throws: StatusError.self) { try restorer.whole(to: revision) }
      #expect(refusal?.message.contains(words) ?? false, "\(revision): \(refusal as Any)")
    }
  }

  @Test func handsFieldsOver() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    try bench.apply(Sample.deployment.replacing("replicas: 3", with: "replicas: 5")) {
      $0.manager = "alice"
      $0.onConflict = .force
    }
    #expect(try bench.difference(Sample.all).hasErrors)
    let resource = try bench.cluster.read { (session) throws(StatusError) in
      try session.resource(Self.web.resource)
    }
    let object = ObjectIdentity(resource, namespace: "default", name: "web")
    func owners(_ path: String) throws -> [String]? {
      try bench.cluster.read { (session) throws(StatusError) in
        let value = try session.get(resource, namespace: "default", name: "web")
        return OwnedFields(object, value, session).fields.first { $0.pathText == path }?.owners
      }
    }
    #expect(try owners("spec.replicas") == ["alice"])
    let taken = try OwnershipChange(.take, ["spec.replicas"], manager: "kmf")
      .perform(on: object, in: bench.cluster)
    #expect(taken == 1)
    #expect(try owners("spec.replicas") == ["kmf"])
    let set = try bench.difference(Sample.all)
    #expect(!set.hasErrors && set.changes.flatMap(\.fields).map(\.pathText) == ["spec.replicas"])
    _ = try OwnershipChange(.release, ["spec.replicas"], manager: "kmf")
      .perform(on: object, in: bench.cluster)
    #expect(try owners("spec.replicas") == nil)
    let all = try OwnershipChange(.take, ["."], manager: "kmf", from: "alice")
      .perform(on: object, in: bench.cluster)
    #expect(all > 5)
    #expect(try owners("spec.template.spec.containers[name=web].image") == ["kmf"])
    #expect(throws: StatusError.self) {
      try OwnershipChange(.release, ["spec.paused"], manager: "kmf")
        .perform(on: object, in: bench.cluster)
    }
  }

  @Test func describesWhatBelongsTogether() throws {
    let bench = try Bench()
    try bench.apply(Sample.all)
    func described(_ word: String) throws -> Description {
      try Self.masker.mask(
        Description.of(
          try bench.cluster.read { (session) throws(StatusError) in
            session.catalog.resources(named: word)[0]
          }, namespace: "default", name: "web", in: bench.cluster))
    }
    func mentions(_ word: String, _ kind: Description.Mention.Kind) throws -> [String] {
      try described(word).mentions.filter { $0.kind == kind }.map(\.label)
    }
    #expect(try mentions("deployment", .uses) == ["configmap/web"])
    #expect(try mentions("deployment", .usedBy) == ["service/web"])
    #expect(try mentions("service", .uses) == ["deployment.apps/web"])
    #expect(try mentions("configmap", .usedBy) == ["deployment.apps/web"])
    let secret = try described("secret")
    for text in [secret.text(isColored: false), secret.json] {
      #expect(!text.contains("canary") && !text.contains("Y2FuYXJ5"), "\(text)")
    }
  }
}
