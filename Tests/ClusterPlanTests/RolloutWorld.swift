import ClusterAPI
import ClusterControl
import ClusterEngine
import ClusterPlan
import ClusterStore
import ControlPlane
import ManifestSchema
import ManifestSyntax
import Testing

/// A simulated cluster whose clock stands still between commands.
final class RolloutWorld {
  /// Every write of the size of a ReplicaSet, by Deployment.
  struct Course {
    var writes: [String: [String]] = [:]
    var isBlocked = false

    init() {}

    init(_ forecast: Forecast) {
      isBlocked = forecast.gravest == .blocked
      for workload in forecast.workloads {
        let writes = workload.course.steps.compactMap {
          $0.seconds <= RolloutWorld.watchedSeconds
            ? "\($0.seconds)s \($0.replicaSet) \($0.from) \($0.to) of \($0.total)" : nil
        }
        if !writes.isEmpty { self.writes[workload.object.name] = writes }
      }
    }
  }

  /// How long is watched what becomes of a change.
  private static let watchedSeconds: Int64 = 7200

  let cluster: LocalCluster
  private var planner: Planner
  private let time: ClusterTime
  private var plane: ControlPlane

  init(seed: UInt64) throws {
    time = ClusterTime(ManualClock())
    cluster = try LocalCluster(store: MemoryStore(), clock: time, seed: seed)
    plane = ControlPlane(cluster, time: time, simulation: SimulationSettings())
    planner = Planner(cluster)
    planner.options.allowsReplacement = true
    planner.options.isConfirmed = true
    try plane.start()
  }

  /// A cluster to which everything has happened that comes before the change.
  convenience init(seed: UInt64, _ generated: GeneratedChange) throws {
    try self.init(seed: seed)
    try add(nodes: generated.nodes.enumerated().map { $1.value(named: "n\($0 + 1)") })
    if !generated.surroundings.isEmpty { try apply(generated.surroundings) }
    try rest()
    for (objects, seconds) in generated.history {
      try apply(objects)
      _ = try run(seconds: seconds ?? Self.watchedSeconds, passesTime: seconds != nil)
    }
  }

  var now: Time { time.present }

  func add(nodes: [Value]) throws {
    try cluster.transaction { (session) throws(StatusError) in
      let resource = try session.resource(.nodes)
      for node in nodes { _ = try session.create(node, in: resource) }
    }
  }

  private func manifests(_ values: [Value]) -> [Manifest] {
    values.map { Manifest($0, source: ManifestSource(file: "all.yaml", line: 1)) }
  }

  func apply(_ values: [Value]) throws {
    let applied = try planner.apply(manifests(values))
    #expect(applied.isKept, "\(applied.changes.changes.compactMap(\.error?.message))")
  }

  /// Lets the controllers act until they rest, or so long.
  private func run(seconds: Int64, passesTime: Bool = false) throws -> [LogEntry] {
    var log: [LogEntry] = []
    let end = time.present.advanced(bySeconds: seconds)
    _ = try plane.run(until: end, passesTime: passesTime, tell: { log += $0 })
    return log
  }

  /// Lets the controllers act until there is nothing left to do.
  func rest() throws { _ = try run(seconds: Self.watchedSeconds) }

  func isRolledOut(_ name: String) throws -> Bool {
    try cluster.read { (session) throws(StatusError) in
      let key = ResourceKey(.deployments, namespace: "default", name: name)
      guard let deployment = try session.clusterState().object(key) else { return false }
      let replicas = deployment.value["spec"]?["replicas"]?.int64 ?? 0
      return ["replicas", "updatedReplicas", "availableReplicas"].allSatisfy {
        deployment.value["status"]?[$0]?.int64 ?? 0 == replicas
      }
    }
  }

  // MARK: - The change

  /// - Parameter assumed: Nil for what this cluster's own controllers will do.
  func forecast(_ values: [Value], _ assumed: ForecastOptions? = nil) throws -> Forecast {
    var options = ForecastOptions()
    options.simulation = SimulationSettings()
    options.now = time.present
    return try planner.forecast(manifests(values), assumed ?? options)
  }

  /// Applies, and tells every size that a ReplicaSet then gets.
  func applyAndFollow(_ values: [Value]) throws -> Course {
    let start = time.present
    try apply(values)
    let names = Set(values.compactMap { $0["metadata"]?["name"]?.string })
    var sizes: [String: [String: Int64]] = [:]
    let size = { (object: ClusterObject?) in object?.value["spec"]?["replicas"]?.int64 ?? 0 }
    try cluster.read { (session) throws(StatusError) in
      for set in try session.clusterState().objects(.replicaSets) {
        sizes[set.controller?.uid ?? "", default: [:]][set.name] = size(set)
      }
    }
    var course = Course()
    for entry in try run(seconds: Self.watchedSeconds) {
      guard case .change(let change) = entry.what, change.key.resource == .replicaSets,
        let controller = (change.new ?? change.old)?.controller, names.contains(controller.name)
      else { continue }
      sizes[controller.uid, default: [:]][change.key.name] = change.new.map(size)
      guard let new = change.new, change.old == nil || size(change.old) != size(new) else {
        continue
      }
      let total = sizes[controller.uid]?.values.reduce(0, +) ?? 0
      course.writes[controller.name, default: []].append(
        "\(entry.time.seconds(since: start))s \(new.name) \(size(change.old)) \(size(new)) "
          + "of \(total)")
    }
    return course
  }
}
