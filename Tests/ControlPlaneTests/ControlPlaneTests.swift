import ClusterAPI
import ClusterControl
import ClusterEngine
import ClusterStore
import ManifestSchema
import ManifestSyntax
import Testing

@testable import ControlPlane

@Suite struct ControlPlaneTests {
  @Test func controllersActOnTheStoreAndGoOnWhereTheyWere() throws {
    let bench = try Bench()
    try bench.apply(bench.deployment(replicas: 3))
    #expect(try bench.plane.catchUp() == nil, "a cluster without controllers does nothing")
    try bench.turnOn()
    _ = try bench.plane.catchUp()
    #expect(try bench.names(.replicaSets).count == 1)
    #expect(try bench.names(.pods).count == 3)
    #expect(try bench.plane.catchUp() == nil, "all is done")
    #expect(try bench.stored() == bench.plane.state.map(Bench.contents))

    var other = bench.other()
    #expect(try other.catchUp() == nil, "and known to be done")
    try bench.apply(bench.deployment(replicas: 5))
    _ = try other.catchUp()
    #expect(try bench.names(.pods).count == 5)
    // The first has an engine that is behind by now.
    try bench.apply(bench.deployment(replicas: 2))
    _ = try bench.plane.catchUp()
    #expect(try bench.names(.pods).count == 2)
    #expect(try bench.stored() == bench.plane.state.map(Bench.contents))
  }

  @Test func eventsAreCountedAndFew() throws {
    let bench = try Bench()
    try bench.turnOn()
    try bench.apply(bench.deployment(replicas: 60))
    _ = try bench.plane.catchUp()
    let events = try bench.objects(.events)
    let creations = events.filter { $0["reason"] == "SuccessfulCreate" }
    #expect(creations.count == 10)
    #expect(creations.contains { ($0["count"]?.int64 ?? 0) > 10 })
    #expect(
      creations.allSatisfy { $0["involvedObject"]?["kind"] == "ReplicaSet" })
    #expect(
      events.contains { $0["reason"] == "ScalingReplicaSet" && $0["count"] == 1 })
  }

  @Test func eventsAreForgottenThoughNobodyTellsMore() throws {
    let bench = try Bench()
    try bench.turnOn()
    try bench.apply(bench.deployment(replicas: 2))
    _ = try bench.plane.catchUp()
    #expect(try !bench.objects(.events).isEmpty)
    _ = try bench.plane.run(until: bench.time.present.advanced(bySeconds: 3500))
    #expect(try !bench.objects(.events).isEmpty)
    bench.time.run(aheadTo: bench.time.present.advanced(bySeconds: 5000))
    #expect(try bench.plane.catchUp() != nil, "it is time, though nobody wrote")
    #expect(try bench.objects(.events).filter { $0["reason"] == "SuccessfulCreate" }.isEmpty)
    #expect(try bench.stored() == bench.plane.state.map(Bench.contents))
  }

  @Test func timePassesOnlyAsFarAsItIsWaitedFor() throws {
    let bench = try Bench()
    try bench.turnOn()
    let began = bench.time.present
    let hour = began.advanced(bySeconds: 3600)
    try bench.apply(bench.deployment(replicas: 1))
    let waited = try bench.plane.run(until: hour, passesTime: false) { state, _ in
      state.count(of: .pods) == 1
    }
    #expect(waited.ending == .done && bench.time.present == began)
    // The rollout's deadline is the last thing that happens.
    let settled = try bench.plane.run(until: hour, passesTime: false)
    #expect(settled.ending == .settled && bench.time.present < hour)
    let passed = try bench.plane.run(until: hour)
    #expect(passed.ending == .settled && bench.time.present == hour)
  }

  /// Facts 140 and 141: evictions ask the budget, deletions do not; pods that are not ready may go
  /// while enough others are healthy.
  @Test func budgetsBindEvictions() throws {
    let cases: [(isReady: Bool, policy: String?, healthy: Int64, allowed: Int64, code: Int)] = [
      (true, nil, 3, 1, 201), (true, nil, 2, 0, 429), (true, "AlwaysAllow", 2, 0, 429),
      (false, nil, 2, 0, 201), (false, nil, 1, 0, 429), (false, "AlwaysAllow", 1, 0, 201),
      (false, "IfHealthyBudget", 1, 0, 429),
    ]
    let bench = try Bench()
    let pods = "/api/v1/namespaces/default/pods"
    let budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
    for one in cases {
      var pod: Value = [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "web", "labels": ["app": "web"]],
        "spec": ["containers": [["name": "c", "image": "c:1"]]],
      ]
      #expect(bench.send("POST", pods, pod) == 201)
      pod["status"] = [
        "phase": "Running",
        "conditions": [["type": "Ready", "status": one.isReady ? "True" : "False"]],
      ]
      #expect(bench.send("PUT", pods + "/web/status", pod) == 200)
      var spec: Value = ["minAvailable": 2, "selector": ["matchLabels": ["app": "web"]]]
      spec["unhealthyPodEvictionPolicy"] = one.policy.map(Value.string)
      var budget: Value = [
        "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": ["name": "web"],
        "spec": spec,
      ]
      #expect(bench.send("POST", budgets, budget) == 201)
      budget["status"] = [
        "observedGeneration": 1, "currentHealthy": .int(one.healthy), "desiredHealthy": 2,
        "disruptionsAllowed": .int(one.allowed), "expectedPods": 3,
      ]
      #expect(bench.send("PATCH", budgets + "/web/status", budget) == 200)
      let eviction: Value = [
        "apiVersion": "policy/v1", "kind": "Eviction", "metadata": ["name": "web"],
      ]
      #expect(bench.send("POST", pods + "/web/eviction", eviction) == one.code, "\(one)")
      if one.code == 429 {
        #expect(bench.send("DELETE", pods + "/web", nil) == 200, "140: \(one)")
      }
      #expect(bench.send("DELETE", budgets + "/web", nil) == 200)
    }
  }

  @Test func deletedServicesGiveTheirAddressesBack() throws {
    let bench = try Bench()
    try bench.turnOn()
    let service: Value = [
      "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web"],
      "spec": ["clusterIP": "10.96.0.77", "ports": [["port": 80]]],
    ]
    try bench.create(service, .services)
    try bench.cluster.transaction { (session) throws(StatusError) in
      let state = try session.clusterState()
      let key = ResourceKey(.services, namespace: "default", name: "web")
      try session.record([Change(key: key, old: state.object(key), new: nil)])
    }
    try bench.create(service, .services)
    #expect(try bench.names(.services).contains("web"))
  }
}

/// A cluster in memory with a clock that stands still.
final class Bench {
  let clock: ManualClock
  let cluster: LocalCluster
  let time: ClusterTime
  var plane: ControlPlane

  convenience init() throws { try self.init(MemoryStore(), ManualClock()) }

  /// Opens a cluster, as a command does.
  init(_ store: any Store, _ clock: ManualClock) throws {
    self.clock = clock
    time = ClusterTime(clock, after: try ControlPlaneNote(store))
    cluster = try LocalCluster(store: store, clock: time, seed: 1)
    plane = ControlPlane(cluster, time: time, simulation: SimulationSettings())
  }

  func other() -> ControlPlane {
    ControlPlane(cluster, time: time, simulation: SimulationSettings())
  }

  func turnOn() throws { try plane.start() }

  func deployment(replicas: Int64) -> Value {
    [
      "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
      "spec": [
        "replicas": .int(replicas), "selector": ["matchLabels": ["app": "web"]],
        "template": [
          "metadata": ["labels": ["app": "web"]],
          "spec": ["containers": [["name": "web", "image": "shop/web:1"]]],
        ],
      ],
    ]
  }

  func apply(_ object: Value) throws {
    let path = "/apis/apps/v1/namespaces/default/deployments/web?fieldManager=test&force=true"
    let response = cluster.answer(
      APIRequest(
        method: "PATCH", target: path, contentType: "application/apply-patch+yaml",
        body: JSONWriter.bytes(object)))
    #expect(response.code < 300, "\(String(decoding: response.body, as: UTF8.self))")
  }

  /// The code of the answer.
  func send(_ method: String, _ path: String, _ body: Value?) -> Int {
    let answer = cluster.answer(
      APIRequest(
        method: method, target: path,
        contentType: method == "PATCH" ? "application/merge-patch+json" : "application/json",
        body: body.map { JSONWriter.bytes($0) } ?? []))
    let text = String(decoding: answer.body, as: UTF8.self)
    #expect([200, 201, 429].contains(answer.code), "\(method) \(path): \(text)")
    return answer.code
  }

  func create(_ object: Value, _ resource: GroupResource) throws {
    try cluster.transaction { (session) throws(StatusError) in
      _ = try session.create(object, in: session.resource(resource), namespace: "default")
    }
  }

  func objects(_ resource: GroupResource) throws -> [Value] {
    try cluster.read { (session) throws(StatusError) in
      try session.clusterState().objects(resource).map(\.value)
    }
  }

  func names(_ resource: GroupResource) throws -> [String] {
    try objects(resource).compactMap { $0["metadata"]?["name"]?.string }
  }

  func stored() throws -> [String: Value] {
    Self.contents(
      try cluster.read { (session) throws(StatusError) in try session.clusterState() })
  }

  static func contents(_ state: ClusterState) -> [String: Value] {
    var contents: [String: Value] = [:]
    for resource in state.resources {
      for object in state.objects(resource) { contents["\(object.key)"] = object.value }
    }
    return contents
  }
}
