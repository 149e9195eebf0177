import ClusterAPI
import ClusterControl
import ClusterEngine
import ClusterPlan
import ClusterStore
import ControlPlane
import ManifestSchema
import ManifestSyntax
import Testing

/// What a plan says is what the controllers then do.
@Suite struct PlanIsRealityTests {
  private static let count = 60

  @Test func schedulesAreTheLogsOfTheNextApply() throws {
    var chance = SeededGenerator(seed: 7)
    var wrong: [String] = []
    for number in 0..<Self.count {
      let change = Change(&chance)
      let world = try World(seed: UInt64(number), slowness: Int64.random(in: 0...9, using: &chance))
      try world.apply(change.before)
      _ = try world.run()
      let options = world.options
      let planned = try world.planner.forecast([world.manifest(change.after)], options)
      let workload = try #require(planned.workloads.first)
      let steps = workload.course.steps.map {
        "\($0.seconds) \($0.replicaSet) \($0.from) \($0.to)"
      }
      let done = try world.applyAndFollow(change.after)
      if steps != done { wrong.append("\(number) \(change.text):\n  \(steps)\n  \(done)") }
    }
    let shown = wrong.prefix(4).joined(separator: "\n")
    #expect(wrong.isEmpty, "\(wrong.count) of \(Self.count):\n\(shown)")
  }

  /// A Deployment before and after.
  private struct Change {
    var before: Value
    var after: Value
    var text: String

    init(_ chance: inout SeededGenerator) {
      let replicas = Int64.random(in: 1...12, using: &chance)
      let next = Bool.random(using: &chance) ? replicas : Int64.random(in: 1...12, using: &chance)
      let surge = Int64.random(in: 0...4, using: &chance)
      let unavailable = Int64.random(in: surge == 0 ? 1...3 : 0...3, using: &chance)
      let minReady = Int64.random(in: 0...3, using: &chance)
      let broken = Int64.random(in: 0...9, using: &chance) == 0
      func deployment(_ replicas: Int64, _ image: String) -> Value {
        [
          "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
          "spec": [
            "replicas": .int(replicas), "minReadySeconds": .int(minReady),
            "selector": ["matchLabels": ["app": "web"]],
            "strategy": [
              "rollingUpdate": ["maxSurge": .int(surge), "maxUnavailable": .int(unavailable)]
            ],
            "template": [
              "metadata": ["labels": ["app": "web"]],
              "spec": ["containers": [["name": "web", "image": .string(image)]]],
            ],
          ],
        ]
      }
      before = deployment(replicas, "shop/web:1")
      after = deployment(next, broken ? "shop/web:broken" : "shop/web:2")
      text =
        "\(replicas) to \(next), \(surge)/\(unavailable), \(minReady)s\(broken ? " broken" : "")"
    }
  }
}

/// A simulated cluster whose clock stands still between commands.
private final class World {
  let cluster: LocalCluster
  let planner: Planner
  private let time: ClusterTime
  private let simulation: SimulationSettings
  private var plane: ControlPlane

  init(seed: UInt64, slowness: Int64) throws {
    time = ClusterTime(ManualClock())
    cluster = try LocalCluster(store: MemoryStore(), clock: time, seed: seed)
    var settings = SimulationSettings()
    settings.images = [
      SimulationSettings.ImageRule(
        "shop/web:2", ValueMap([("ready-after", .string("\(slowness)s"))])),
      SimulationSettings.ImageRule("shop/web:broken", ValueMap([("never-ready", "true")])),
    ]
    simulation = settings
    plane = ControlPlane(cluster, time: time, simulation: settings)
    planner = Planner(cluster)
    try plane.start()
    try cluster.transaction { (session) throws(StatusError) in
      let nodes = try session.resource(.nodes)
      for name in ["n1", "n2", "n3"] {
        let room: Value = ["cpu": "32", "memory": "64Gi", "pods": "110"]
        let node: Value = [
          "apiVersion": "v1", "kind": "Node", "metadata": ["name": .string(name)],
          "status": ["capacity": room, "allocatable": room],
        ]
        _ = try session.create(node, in: nodes)
      }
    }
    _ = try run()
  }

  var options: ForecastOptions {
    var options = ForecastOptions()
    options.simulation = simulation
    options.now = time.present
    return options
  }

  func manifest(_ value: Value) -> Manifest {
    Manifest(value, source: ManifestSource(file: "web.yaml", line: 1))
  }

  func apply(_ value: Value) throws {
    let applied = try planner.apply([manifest(value)])
    #expect(applied.isKept)
  }

  /// Lets the controllers act until they rest.
  func run() throws -> [LogEntry] {
    var log: [LogEntry] = []
    let end = time.present.advanced(bySeconds: 3600)
    _ = try plane.run(until: end, passesTime: false, tell: { log += $0 })
    return log
  }

  /// Applies, and tells every size that a ReplicaSet then gets.
  func applyAndFollow(_ value: Value) throws -> [String] {
    let start = time.present
    try apply(value)
    return try run().compactMap { entry in
      guard case .change(let change) = entry.what, change.key.resource == .replicaSets,
        let new = change.new
      else { return nil }
      let size = { (object: ClusterObject?) in object?.value["spec"]?["replicas"]?.int64 ?? 0 }
      guard change.old == nil || size(change.old) != size(new) else { return nil }
      return "\(entry.time.seconds(since: start)) \(new.name) \(size(change.old)) \(size(new))"
    }
  }
}
