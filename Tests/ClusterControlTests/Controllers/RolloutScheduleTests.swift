import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

@testable import ClusterControl

/// Rollouts as the real Deployment controller does them, write for write (facts 28 to 58).
@Suite struct RolloutScheduleTests {
  /// Facts 33 to 42, 45 to 58 and 236: every size that the real one writes, in its order.
  @Test func schedulesAreThoseOfTheRealController() throws {
    var lines = try Recordings.fixture("rollout-schedules/schedules.jsonl")
    lines += try Recordings.values("rollout-traces/upstream-controller.jsonl") ?? []
    var wrong: [String] = []
    var count = 0
    for line in lines where line["steps"] != nil {
      count += 1
      var run = ScheduleRun(line)
      run.run()
      let expected = line["steps"]?.list ?? []
      if run.steps != expected || run.syncs != line["syncs"]?.int64 {
        let place = zip(run.steps, expected).enumerated().first { $0.element.0 != $0.element.1 }
        let said = [
          line["name"]?.string ?? "", "\(line["replicas"]?.int64 ?? 0)",
          line["maxSurge"]?.string ?? "", line["maxUnavailable"]?.string ?? "",
          line["model"]?.string ?? "", "step \(place?.offset ?? -1)",
          "\(run.steps.count)/\(expected.count) steps, \(run.syncs) syncs",
        ]
        wrong.append(said.joined(separator: " "))
      }
    }
    #expect(
      wrong.isEmpty, "\(wrong.count) of \(count):\n\(wrong.prefix(12).joined(separator: "\n"))")
  }
}

/// The Deployment controller alone, with ReplicaSets whose pods come and go at once.
private struct ScheduleRun {
  private var state = ClusterState()
  private var writing = ClusterState.Writing(
    now: Time(seconds: 1_700_000_000), chance: SeededGenerator(seed: 1))
  private let controller = DeploymentController()
  private var memory = DeploymentController.freshMemory
  private let model: String
  private var events: [(tick: Int, name: String, apply: (inout Value) -> Void)] = []
  /// By version: how many pods are available.
  private var available: [String: Int] = [:]
  private var order: [String] = ["v1"]
  private(set) var steps: [Value] = []
  private(set) var syncs: Int64 = 0
  private let key = ResourceKey(.deployments, namespace: "default", name: "web")

  init(_ line: Value) {
    model = line["model"]?.string ?? ""
    let replicas = line["replicas"]?.int64 ?? 0
    let amount = { (name: String) -> Value in
      let text = line[name]?.string ?? ""
      return Int64(text).map(Value.int) ?? .string(text)
    }
    var deployment = Value(
      json: #"""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"default"},
        "spec":{"selector":{"matchLabels":{"app":"web"}},"progressDeadlineSeconds":600,
        "revisionHistoryLimit":10,"strategy":{"type":"RollingUpdate"}},"status":{}}
        """#)
    deployment.change("spec") { spec in
      spec["replicas"] = .int(replicas)
      spec["template"] = Self.template("v1")
      spec.change("strategy") {
        $0["rollingUpdate"] = [
          "maxSurge": amount("maxSurge"), "maxUnavailable": amount("maxUnavailable"),
        ]
      }
    }
    create(deployment, .deployments)
    // The old version, all there.
    sync()
    setStatus("v1", replicas, Int(replicas) - Int(line["oldUnavailable"]?.int64 ?? 0))
    sync()
    steps = []
    syncs = 0
    change { $0.change("spec") { $0["template"] = Self.template("v2") } }
    readEvents(line["steps"]?.list ?? [])
  }

  private mutating func readEvents(_ steps: [Value]) {
    for step in steps {
      guard let tick = step[0]?.int64, let name = step[2]?.string, name.hasPrefix("event: ") else {
        continue
      }
      let words = name.dropFirst(7).split(separator: " ")
      let apply: (inout Value) -> Void
      switch words[0] {
      case "replicas":
        let count = Int64(words[1]) ?? 0
        apply = { $0.change("spec") { $0["replicas"] = .int(count) } }
      case "template":
        let version = String(words[1])
        apply = { $0.change("spec") { $0["template"] = Self.template(version) } }
      case "pause": apply = { $0.change("spec") { $0["paused"] = true } }
      default:
        apply = { $0.change("spec") { $0["paused"] = nil } }
      }
      events.append((Int(tick), name, apply))
    }
  }

  static func template(_ version: String) -> Value {
    [
      "metadata": ["labels": ["app": "web", "version": .string(version)]],
      "spec": ["containers": [["name": "web", "image": .string("web:" + version)]]],
    ]
  }

  // MARK: - Running

  mutating func run() {
    var tick = 0
    while tick < 1000 {
      for event in events where event.tick == tick {
        change(event.apply)
        steps.append([.int(Int64(tick)), 0, .string(event.name), nil, nil, total, sum])
      }
      while sync(tick) {}
      let isDone = !ready() && !events.contains { $0.tick > tick }
      if isDone { return }
      tick += 1
    }
  }

  private var sets: [ClusterObject] { state.objects(.replicaSets) }
  private var total: Value {
    .int(sets.reduce(0) { $0 + ($1.value["spec"]?["replicas"]?.int64 ?? 0) })
  }
  private var sum: Value { .int(Int64(available.values.reduce(0, +))) }

  private func version(_ set: Value) -> String {
    set["spec"]?["template"]?["metadata"]?["labels"]?["version"]?.string ?? ""
  }

  /// Between two ticks some pods become available.
  private mutating func ready() -> Bool {
    var isChanged = false
    for set in sets.reversed() {
      let name = version(set.value)
      let count = Int(set.value["spec"]?["replicas"]?.int64 ?? 0)
      guard model != "broken", available[name, default: 0] < count else { continue }
      isChanged = true
      let now = model == "serial" ? available[name, default: 0] + 1 : count
      setStatus(name, Int64(count), now)
      if model == "serial" { return true }
    }
    return isChanged
  }

  /// One look of the controller; whether it changed a size.
  @discardableResult
  private mutating func sync(_ tick: Int = 0) -> Bool {
    syncs += 1
    let view = ControllerView(
      state: state, live: state, now: writing.now, version: KubernetesVersion(minor: 36))
    let decision = controller.plan(key, view, &memory)
    var known: [ResourceKey: Int64] = [:]
    var written: [(String, Value, Value, Value)] = []
    for action in decision.actions {
      let changes: [Change]
      do throws(WriteRefusal) {
        changes = try state.perform(action, &writing, known: action.key.flatMap { known[$0] })
      } catch {
        Issue.record("refused: \(error.message)")
        return false
      }
      for change in changes {
        known[change.key] = change.new?.revision
        guard change.key.resource == .replicaSets, let new = change.new else { continue }
        let from = change.old?.value["spec"]?["replicas"] ?? 0
        let to = new.value["spec"]?["replicas"] ?? 0
        if change.old == nil || from != to {
          written.append((version(new.value), from, to, total))
        }
      }
    }
    for (name, _, to, _) in written {
      let count = to.int64 ?? 0
      setStatus(name, count, min(available[name, default: 0], Int(count)))
    }
    for (name, from, to, total) in written {
      steps.append([.int(Int64(tick)), .int(syncs), .string(name), from, to, total, sum])
    }
    writing.now = writing.now.advanced(bySeconds: 1)
    return !written.isEmpty
  }

  // MARK: - Writing

  private mutating func create(_ value: Value, _ resource: GroupResource) {
    _ = try? state.perform(
      .create(value, resource, namespace: "default"), &writing, known: nil)
  }

  private mutating func change(_ body: (inout Value) -> Void) {
    guard let object = state.object(key) else { return }
    var value = object.value
    body(&value)
    _ = try? state.perform(.update(object, value), &writing, known: nil)
  }

  private mutating func setStatus(_ name: String, _ replicas: Int64, _ available: Int) {
    self.available[name] = available
    guard let set = sets.first(where: { version($0.value) == name }) else { return }
    var value = set.value
    value["status"] = [
      "replicas": .int(replicas), "readyReplicas": .int(Int64(available)),
      "availableReplicas": .int(Int64(available)), "terminatingReplicas": 0,
      "observedGeneration": .int(set.generation),
    ]
    _ = try? state.perform(.updateStatus(set, value), &writing, known: nil)
  }
}
