import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// The Deployment controller itself, run ahead in virtual time over ReplicaSets whose pods come and
/// go as is assumed.
///
/// Pods are counted, not made: those that are taken away are the ones that are not available, as
/// the ReplicaSet controller chooses, and those that are added become ready between two ticks.
struct RolloutRehearsal {
  static let revisionAnnotation = "deployment.kubernetes.io/revision"
  /// Where a run is given up that never comes to rest.
  private static let turnsMax = 1_000_000
  /// More waves than this are not looked at: a rollout of that kind takes days.
  static let wavesMax = 50_000
  private static let secondsMax = Int64.max / 4

  private var engine: Engine
  private let key: ResourceKey
  var readiness: Readiness
  private let waveSeconds: Int64
  private let start: Time
  private var sizes: [String: Int] = [:]
  private var available: [String: Int] = [:]
  private var tick = 0
  /// Since the start.
  private var seconds: Int64 = 0
  /// Since when there are pods that will become ready; nil where there are none.
  private var waitingSince: Int64?
  private(set) var course = RolloutCourse()
  /// Its place among those that are rehearsed together.
  var place = 0
  /// The ReplicaSet that ran when the change came.
  private let current: String?

  /// - Parameters:
  ///   - state: The Deployment and its ReplicaSets, and nothing else.
  init(
    _ key: ResourceKey, in state: ClusterState, at start: Time, version: KubernetesVersion,
    readiness: Readiness, waveSeconds: Int64, current: String?
  ) {
    self.key = key
    self.readiness = readiness
    self.waveSeconds = max(waveSeconds, 0)
    self.start = start
    self.current = current
    for set in state.objects(.replicaSets) {
      let size = Self.size(set)
      sizes[set.name] = size
      let known = set.value["status"]?["availableReplicas"]?.int64 ?? 0
      available[set.name] = min(size, Int(clamping: max(0, known)))
    }
    engine = Engine(
      state, at: start, EngineConfiguration(version: version, seed: 1, keepsLog: true),
      controllers: [ControllerFactory(DeploymentController.self)])
  }

  private static func size(_ set: ClusterObject) -> Int {
    Int(clamping: max(0, set.value["spec"]?["replicas"]?.int64 ?? 1))
  }

  /// The state in the end, for what comes after.
  var state: ClusterState { engine.state }

  // MARK: - Running

  /// Runs until nothing more happens, alone and with room enough.
  mutating func run() -> RolloutCourse {
    var ground = RehearsalGround()
    ground.add(total)
    begin(&ground)
    while let next = nextTime(ground) { proceed(to: next, &ground) }
    return end()
  }

  /// Lets the controller see the change.
  mutating func begin(_ ground: inout RehearsalGround) {
    course.peakPods = total
    course.minAvailable = availableTotal
    note()
    settle(&ground)
    note()
    look(ground)
  }

  /// When pods become ready next; nil where none will.
  func nextTime(_ ground: RehearsalGround) -> Int64? {
    guard tick < Self.wavesMax, let waitingSince else { return nil }
    let sum = waitingSince.addingReportingOverflow(waveSeconds)
    return sum.overflow ? Self.secondsMax : min(sum.partialValue, Self.secondsMax)
  }

  /// Lets pods become ready, and the controller act on it.
  mutating func proceed(to time: Int64, _ ground: inout RehearsalGround) {
    becomeReady(ground)
    tick += 1
    seconds = time
    engine.advance(to: max(engine.now, start.advanced(bySeconds: time)))
    settle(&ground)
    note()
    waitingSince = nil
    look(ground)
  }

  /// Sees whether there are pods now that will become ready.
  mutating func look(_ ground: RehearsalGround) {
    guard readiness != .never, waitingSince == nil else { return }
    let isWaiting = sizes.contains { name, size in
      available[name] ?? 0 < size - ground.unplaced(name, of: place)
    }
    if isWaiting { waitingSince = max(seconds, ground.seconds) }
  }

  mutating func end() -> RolloutCourse {
    finish()
    return course
  }

  /// The pods that are wanted now.
  var total: Int { sizes.values.reduce(0, +) }
  private var availableTotal: Int { available.values.reduce(0, +) }

  /// Lets the controller act until it changes no size any more.
  private mutating func settle(_ ground: inout RehearsalGround) {
    for _ in 0..<Self.turnsMax {
      guard engine.step() != nil else {
        // A write that has to be tried again comes within a second.
        guard let next = engine.nextTimer, next <= engine.now.advanced(bySeconds: 1),
          next.duration(since: start) < .seconds(seconds + 60)
        else { return }
        engine.advance(to: max(next, engine.now))
        continue
      }
      absorb(engine.takeLog(), &ground)
    }
  }

  /// Takes over what one turn of the controller wrote, and lets the pods follow.
  private mutating func absorb(_ log: [LogEntry], _ ground: inout RehearsalGround) {
    let first = course.steps.count
    var written: [ResourceKey] = []
    for entry in log {
      guard case .change(let change) = entry.what, change.key.resource == .replicaSets else {
        continue
      }
      guard let new = change.new else {
        ground.add(-(sizes[change.key.name] ?? 0))
        sizes[change.key.name] = nil
        available[change.key.name] = nil
        continue
      }
      let from = change.old.map(Self.size) ?? 0
      let to = Self.size(new)
      guard change.old == nil || from != to else { continue }
      sizes[new.name] = to
      written.append(change.key)
      course.peakPods = max(course.peakPods, total)
      course.steps.append(
        RolloutStep(
          seconds: seconds, tick: tick, replicaSet: new.name, revision: .older, from: from, to: to,
          total: total, available: 0))
      ground.add(to - from)
      ground.take(course.steps[course.steps.count - 1], course.steps.count - 1, of: place)
    }
    for key in written { setStatus(key, min(available[key.name] ?? 0, sizes[key.name] ?? 0)) }
    let sum = availableTotal
    if course.steps.count > first { course.minAvailable = min(course.minAvailable, sum) }
    for place in first..<course.steps.count { course.steps[place].available = sum }
  }

  /// Between two ticks pods become available, as far as they are on nodes.
  private mutating func becomeReady(_ ground: RehearsalGround) {
    for set in newestFirst() {
      let size = (sizes[set.name] ?? 0) - ground.unplaced(set.name, of: place)
      let now = available[set.name] ?? 0
      guard now < size else { continue }
      setStatus(set.key, readiness == .serial ? now + 1 : size)
      if readiness == .serial { break }
    }
  }

  private func newestFirst() -> [ClusterObject] {
    let sets = engine.state.objects(.replicaSets).enumerated()
    return sets.sorted {
      ($0.element.created, $0.offset) > ($1.element.created, $1.offset)
    }.map(\.element)
  }

  private mutating func setStatus(_ key: ResourceKey, _ count: Int) {
    available[key.name] = count
    guard let set = engine.state.object(key) else { return }
    let size = sizes[key.name] ?? 0
    let value = Self.settled(set, size: size, available: count)
    // Nobody else writes here, so there is nothing that could refuse it.
    _ = try? engine.perform(.updateStatus(set, value), by: "forecast")
    _ = engine.takeLog()
  }

  /// A ReplicaSet whose controller has seen it and has all its pods.
  static func settled(_ set: ClusterObject, size: Int, available: Int) -> Value {
    var value = set.value
    value.change("status") {
      $0["replicas"] = .int(Int64(size))
      $0["fullyLabeledReplicas"] = .int(Int64(size))
      $0["readyReplicas"] = .int(Int64(available))
      $0["availableReplicas"] = .int(Int64(available))
      $0["terminatingReplicas"] = 0
      $0["observedGeneration"] = .int(set.generation)
    }
    return value
  }

  // MARK: - Summing up

  private mutating func note() {
    course.moments.append(
      RolloutMoment(seconds: seconds, tick: tick, sizes: sizes, available: available))
  }

  private mutating func finish() {
    course.waves = tick
    course.finalSizes = sizes
    course.finalAvailable = availableTotal
    course.finish(key, engine.state, engine.state.objects(.replicaSets), current: current)
  }
}

extension RolloutCourse {
  /// Sums up a course whose sizes are known: which version each ReplicaSet runs, and how it ended.
  ///
  /// - Parameters:
  ///   - sets: The ReplicaSets that are there in the end.
  ///   - current: The ReplicaSet that ran when the change came.
  mutating func finish(
    _ key: ResourceKey, _ state: ClusterState, _ sets: [ClusterObject], current: String?
  ) {
    isStuck = finalSizes.values.count { $0 > 0 } > 1
    let deployment = state.object(key)
    let template = deployment?.value["spec"]?["template"]
    // As the controller chooses: the oldest of the wanted template.
    let new = sets.sorted { ($0.created, $0.name) < ($1.created, $1.name) }.first {
      PodTemplateComparison.isEqual($0.value["spec"]?["template"], template)
    }?.name
    let old = current == new ? versionBefore(new, sets) : current
    for name in Set(finalSizes.keys).union(steps.map(\.replicaSet)) {
      revisions[name] = name == new ? .new : name == old ? .old : .older
    }
    for place in steps.indices {
      steps[place].revision = revisions[steps[place].replicaSet] ?? .older
    }
    for set in sets {
      labels[set.name] =
        set.value["spec"]?["template"]?["metadata"]?["labels"]?.map?.texts ?? [:]
    }
    let replicas = deployment?.value["spec"]?["replicas"]?.int64 ?? 1
    let left = finalSizes.filter { $0.value > 0 }
    isComplete =
      Int64(finalAvailable) == replicas && Int64(finalSizes.values.reduce(0, +)) == replicas
      && left.allSatisfy { $0.key == new }
  }

  /// What a rollout that is already on its way replaces: of the others that had pods in the
  /// beginning, the one that ran last.
  private func versionBefore(_ new: String?, _ sets: [ClusterObject]) -> String? {
    let running = sets.filter { $0.name != new && moments.first?.sizes[$0.name] ?? 0 > 0 }
    return running.max { RolloutGround.revision($0) < RolloutGround.revision($1) }?.name
  }
}
