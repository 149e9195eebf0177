import ClusterControl
import ManifestSchema
import ManifestSyntax
import TestRecordings

@testable import ClusterEngine

/// A cluster with some nodes, and what tests ask of it.
struct RunningCluster {
  private var engine: Engine
  /// How long controllers live before others take over; nil for ever.
  var restartSeconds: Double?

  static let start = Time(seconds: 1_700_000_000)
  static let controllers = ControllerFactory.standard

  init(nodes: Int) {
    engine = Self.engine(Self.started(nodes: nodes), at: Self.start, seed: 3)
    run(seconds: 1)
  }

  private static func engine(_ state: ClusterState, at now: Time, seed: UInt64) -> Engine {
    var engine = Engine(
      state, at: now,
      EngineConfiguration(
        version: KubernetesVersion(minor: 36), seed: seed, keepsLog: true, recordsEvents: true),
      controllers: controllers)
    engine.gate = AdmissionGate()
    return engine
  }

  /// What fresh controllers write over the state as it is.
  func restarted() -> [String] {
    var fresh = Self.engine(engine.state, at: engine.now, seed: 9)
    fresh.settle()
    return fresh.log.compactMap { entry in
      if case .change(let change) = entry.what { "\(entry.writer) \(change.key.name)" } else { nil }
    }
  }

  init(_ engine: Engine) { self.engine = engine }

  /// Namespaces and nodes.
  static func started(nodes: Int) -> ClusterState {
    var state = ClusterState()
    var writing = ClusterState.Writing(now: start, chance: SeededGenerator(seed: 5))
    for name in ["kube-node-lease", "shop"] {
      let value: Value = [
        "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)],
        "spec": ["finalizers": ["kubernetes"]], "status": ["phase": "Active"],
      ]
      _ = try? state.perform(.create(value, .namespaces, namespace: nil), &writing)
    }
    for number in 1...nodes {
      let value: Value = [
        "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string("n\(number)")],
        "spec": [:],
      ]
      _ = try? state.perform(.create(value, .nodes, namespace: nil), &writing)
    }
    return state
  }

  static func shop(replicas: Int) -> [Value] {
    [
      Value(
        json: #"""
          {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},
          "spec":{"clusterIP":"10.96.0.10","selector":{"app":"web"},
          "ports":[{"name":"http","port":80,"targetPort":8080,"protocol":"TCP"}]}}
          """#),
      Value(
        json: #"""
          {"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web"},
          "spec":{"maxUnavailable":2,"selector":{"matchLabels":{"app":"web"}}},"status":{}}
          """#),
      Value(
        json: #"""
          {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},
          "spec":{"replicas":\#(replicas),"selector":{"matchLabels":{"app":"web"}},
          "progressDeadlineSeconds":600,"revisionHistoryLimit":2,
          "strategy":{"type":"RollingUpdate",
          "rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"}},
          "template":{"metadata":{"labels":{"app":"web"}},
          "spec":{"tolerations":[{"key":"node.kubernetes.io/unreachable","operator":"Exists",
          "effect":"NoExecute","tolerationSeconds":300},{"key":"node.kubernetes.io/not-ready",
          "operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
          "terminationGracePeriodSeconds":30,"containers":[{"name":"web","image":"web:1",
          "readinessProbe":{"httpGet":{"port":8080}}}]}}},"status":{}}
          """#),
    ]
  }

  static func creation(_ value: Value) -> Action {
    let resources: [String: GroupResource] = [
      "Service": .services, "Deployment": .deployments,
      "PodDisruptionBudget": .podDisruptionBudgets,
    ]
    return .create(
      value, resources[value["kind"]?.string ?? ""] ?? .configMaps, namespace: "shop")
  }

  // MARK: - Doing

  mutating func apply(_ objects: [Value]) {
    for object in objects { _ = try? engine.perform(Self.creation(object), by: "user") }
  }

  mutating func run(seconds: Int64) {
    let end = engine.now.advanced(bySeconds: seconds)
    guard let restartSeconds else { return run(until: end) }
    while engine.now < end {
      let pause = Duration.milliseconds(Int64(restartSeconds * 1000))
      run(until: min(end, engine.now.advanced(by: pause)))
      let seed = UInt64(clamping: engine.now.nanoseconds(since: Self.start))
      engine = Self.engine(engine.state, at: engine.now, seed: seed)
    }
  }

  private mutating func run(until time: Time) {
    if engine.run(until: time) { engine.advance(to: max(engine.now, time)) }
  }

  mutating func fail(_ node: String, _ how: String?) {
    guard let object = engine.state.object(ResourceKey(.nodes, name: node)) else { return }
    let edit = Action.Edit("fail") { value in
      value.change("metadata") { metadata in
        metadata.change("annotations") {
          $0["sim.kmf.dev/node-failure"] = how.map(Value.string)
        }
      }
    }
    _ = try? engine.perform(.edit(object.key, uid: object.uid, edit), by: "user")
  }

  mutating func setImage(_ name: String, to image: String) {
    guard let object = object(.deployments, name) else { return }
    let edit = Action.Edit("image") { value in
      value.change("spec") { spec in
        spec.change("template") { template in
          template.change("spec") { pod in
            var container = pod["containers"]?[0] ?? .emptyMap
            container["image"] = .string(image)
            pod["containers"] = [container]
          }
        }
      }
    }
    _ = try? engine.perform(.edit(object.key, uid: object.uid, edit), by: "user")
  }

  /// Deletes one of a node's pods; returns its name.
  mutating func deletePod(on node: String) -> String {
    guard let pod = pods(on: node).first else { return "" }
    _ = try? engine.perform(.delete(pod.key, Action.Deletion()), by: "user")
    return pod.name
  }

  mutating func deleteNamespace(_ name: String) {
    let key = ResourceKey(.namespaces, name: name)
    _ = try? engine.perform(.delete(key, Action.Deletion()), by: "user")
  }

  // MARK: - Looking

  var state: ClusterState { engine.state }

  func object(_ resource: GroupResource, _ name: String) -> ClusterObject? {
    state.object(ResourceKey(resource, namespace: "shop", name: name))
  }

  func available(_ name: String) -> Int64 {
    object(.deployments, name)?.value["status"]?["availableReplicas"]?.int64 ?? 0
  }

  /// The addresses of ready endpoints, from the slices.
  func endpoints(_ service: String) -> [String] {
    state.objects(.endpointSlices, in: "shop").flatMap { $0.value["endpoints"]?.list ?? [] }
      .filter { $0["conditions"]?["ready"] == true }
      .compactMap { $0["addresses"]?[0]?.string }
  }

  func subsetCount(_ service: String) -> Int {
    (object(.endpoints, service)?.value["subsets"]?.list ?? [])
      .reduce(0) { $0 + ($1["addresses"]?.list?.count ?? 0) }
  }

  var podAddresses: [String] {
    state.objects(.pods, in: "shop").compactMap { $0.value["status"]?["podIP"]?.string }
  }

  func pods(on node: String) -> [ClusterObject] { state.pods(on: node) }

  var waitingReasons: [String] {
    state.objects(.pods, in: "shop").compactMap {
      $0.value["status"]?["containerStatuses"]?[0]?["state"]?["waiting"]?["reason"]?.string
    }
  }

  func restartCounts(on node: String) -> [Int64] {
    pods(on: node).map {
      $0.value["status"]?["containerStatuses"]?[0]?["restartCount"]?.int64 ?? -1
    }
  }

  /// How often each event of this reason was told.
  func eventCounts(_ reason: String) -> [Int64] {
    state.objects(.events).filter { $0.value["reason"]?.string == reason }
      .map { $0.value["count"]?.int64 ?? 0 }
  }

  /// All objects of a namespace, as `plural name`.
  func everything(in namespace: String) -> [String] {
    state.resources.flatMap { resource in
      state.objects(resource, in: namespace).map { "\(resource.plural) \($0.name)" }
    }
  }
}
