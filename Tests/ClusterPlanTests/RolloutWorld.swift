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
  }

  /// How long is watched what becomes of a change.
  private static let watchedSeconds: Int64 = 7200

  let cluster: LocalCluster
  let planner: Planner
  private let time: ClusterTime
  private var plane: ControlPlane

  /// A cluster to which everything has happened that comes before the change.
  init(seed: UInt64, _ generated: GeneratedChange) throws {
    time = ClusterTime(ManualClock())
    cluster = try LocalCluster(store: MemoryStore(), clock: time, seed: seed)
    plane = ControlPlane(cluster, time: time, simulation: SimulationSettings())
    planner = Planner(cluster)
    try plane.start()
    try add(generated.nodes)
    if !generated.surroundings.isEmpty { try apply(generated.surroundings) }
    _ = try run(seconds: Self.watchedSeconds)
    for (objects, seconds) in generated.history {
      try apply(objects)
      _ = try run(seconds: seconds ?? Self.watchedSeconds, passesTime: seconds != nil)
    }
  }

  private func add(_ nodes: [GeneratedChange.Node]) throws {
    try cluster.transaction { (session) throws(StatusError) in
      let resource = try session.resource(.nodes)
      for (number, node) in nodes.enumerated() {
        let name = "n\(number + 1)"
        let room: Value = [
          "cpu": .int(node.cpu), "memory": "64Gi", "pods": .int(node.pods),
        ]
        let value: Value = [
          "apiVersion": "v1", "kind": "Node",
          "metadata": [
            "name": .string(name),
            "labels": ["kubernetes.io/hostname": .string(name), "zone": .string(node.zone)],
          ],
          "status": ["capacity": room, "allocatable": room],
        ]
        _ = try session.create(value, in: resource)
      }
    }
  }

  private func manifests(_ values: [Value]) -> [Manifest] {
    values.map { Manifest($0, source: ManifestSource(file: "all.yaml", line: 1)) }
  }

  private func apply(_ values: [Value]) throws {
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

  // MARK: - The change

  func plan(_ values: [Value]) throws -> Course {
    var options = ForecastOptions()
    options.simulation = SimulationSettings()
    options.now = time.present
    let forecast = try planner.forecast(manifests(values), options)
    var course = Course(isBlocked: forecast.gravest == .blocked)
    for workload in forecast.workloads {
      let writes = workload.course.steps.compactMap {
        $0.seconds <= Self.watchedSeconds
          ? "\($0.seconds)s \($0.replicaSet) \($0.from) \($0.to) of \($0.total)" : nil
      }
      if !writes.isEmpty { course.writes[workload.object.name] = writes }
    }
    return course
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
        sizes[set.controller?.name ?? "", default: [:]][set.name] = size(set)
      }
    }
    var course = Course()
    for entry in try run(seconds: Self.watchedSeconds) {
      guard case .change(let change) = entry.what, change.key.resource == .replicaSets,
        let owner = (change.new ?? change.old)?.controller?.name, names.contains(owner)
      else { continue }
      sizes[owner, default: [:]][change.key.name] = change.new.map(size)
      guard let new = change.new, change.old == nil || size(change.old) != size(new) else {
        continue
      }
      let total = sizes[owner]?.values.reduce(0, +) ?? 0
      course.writes[owner, default: []].append(
        "\(entry.time.seconds(since: start))s \(new.name) \(size(change.old)) \(size(new)) "
          + "of \(total)")
    }
    return course
  }
}
