import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// All controllers of a simulated cluster, its scheduler and kubelets, run ahead on a copy: what
/// they write here they will write after the apply.
struct EngineRehearsal {
  /// How long a rollout is followed at most.
  private static let secondsMax: Int64 = 2 * 86_400
  /// Plans at one instant after which controllers are taken to work against each other for ever.
  private static let instantPlansMax = 5_000_000

  /// How long a rollout is still followed when its deadline has passed, and for how many plans of
  /// controllers: pods that crash again and again never come to rest.
  private static let hopeSeconds: Int64 = 2 * 3600
  private static let hopePlans = 100_000

  fileprivate struct Rollout {
    var key: ResourceKey
    var sizes: [String: Int] = [:]
    var available: [String: Int] = [:]
    var course = RolloutCourse()
    var tick = 0
    var tickTime: Time?
    var isChanged = true
    /// Pods that found no node, and the scheduler's words.
    var homeless: [ResourceKey: String] = [:]
    /// By ReplicaSet: what the cluster said instead of making a pod.
    var refusals: [String: String] = [:]
    var room = RoomForecast()
  }

  struct Outcome {
    var course: RolloutCourse
    var room: RoomForecast
  }

  private var engine: Engine
  private let start: Time
  private var rollouts: [Rollout]
  /// By the uid of the Deployment, or of a ReplicaSet of it.
  private var places: [String: Int] = [:]
  /// Most pods that all rollouts want at one time.
  private(set) var peakPods = 0
  /// Whether the scheduler removed pods to make room.
  private(set) var hasPreempted = false

  init(
    _ state: ClusterState, at start: Time, version: KubernetesVersion, seed: UInt64,
    simulation: SimulationSettings, deployments: [ResourceKey]
  ) {
    self.start = start
    rollouts = deployments.map { Rollout(key: $0) }
    // What is told of events stays in the log: no controller looks at the objects, and writing them
    // takes as long as all the rest.
    engine = Engine(
      state, at: start,
      EngineConfiguration(version: version, seed: seed, keepsLog: true, simulation: simulation))
    engine.gate = AdmissionGate()
    for (place, key) in deployments.enumerated() {
      guard let deployment = state.object(key) else { continue }
      places[deployment.uid] = place
      for set in state.objects(.replicaSets, controlledBy: deployment.uid) {
        places[set.uid] = place
        rollouts[place].sizes[set.name] = Self.size(set)
        rollouts[place].available[set.name] = min(Self.size(set), Self.available(set))
      }
      rollouts[place].course.peakPods = rollouts[place].total
      rollouts[place].course.minAvailable = rollouts[place].availableTotal
      rollouts[place].note(0)
      rollouts[place].isChanged = true
    }
    peakPods = rollouts.reduce(0) { $0 + $1.total }
  }

  private static func size(_ set: ClusterObject) -> Int {
    Int(clamping: max(0, set.value["spec"]?["replicas"]?.int64 ?? 1))
  }

  private static func available(_ set: ClusterObject) -> Int {
    Int(clamping: max(0, set.value["status"]?["availableReplicas"]?.int64 ?? 0))
  }

  // MARK: - Running

  /// Runs until every rollout is over or has failed.
  ///
  /// - Parameter current: The ReplicaSet that ran before, for each Deployment.
  mutating func run(current: [ResourceKey: String]) -> [ResourceKey: Outcome] {
    var end = start.advanced(bySeconds: Self.secondsMax)
    var stepsLeft = Int.max
    while true {
      var plans = 0
      while plans < Self.instantPlansMax, engine.step() != nil {
        plans += 1
        absorb(engine.takeLog())
      }
      let seconds = max(0, engine.now.seconds(since: start))
      for place in rollouts.indices { rollouts[place].note(seconds) }
      // A deadline that has passed stops nobody: what is slow may still come, what is broken not.
      if stepsLeft == Int.max, isGivenUp {
        end = min(end, engine.now.advanced(bySeconds: Self.hopeSeconds))
        stepsLeft = Self.hopePlans
      } else if stepsLeft < Int.max {
        stepsLeft -= plans
      }
      guard plans < Self.instantPlansMax, stepsLeft > 0, !isOver, let next = engine.nextTimer,
        next <= end
      else {
        break
      }
      engine.advance(to: max(engine.now, next))
    }
    var outcomes: [ResourceKey: Outcome] = [:]
    for rollout in rollouts { outcomes[rollout.key] = outcome(rollout, current[rollout.key]) }
    return outcomes
  }

  private func outcome(_ rollout: Rollout, _ current: String?) -> Outcome {
    var course = rollout.course
    course.waves = rollout.tick
    course.finalSizes = rollout.sizes
    course.finalAvailable = rollout.availableTotal
    let uid = engine.state.object(rollout.key)?.uid ?? ""
    let sets = engine.state.objects(.replicaSets, controlledBy: uid)
    course.finish(rollout.key, engine.state, sets, current: current)
    var room = rollout.room
    room.missingFinally = rollout.homeless.count
    for set in sets {
      let pods = engine.state.objects(.pods, controlledBy: set.uid).filter(\.isActivePod)
      if rollout.refusals[set.name] != nil {
        room.missingFinally += max(0, Self.size(set) - pods.count)
      }
      guard course.revisions[set.name] == .new else { continue }
      for pod in pods { if let node = pod.pod?.node { room.placed[node, default: 0] += 1 } }
    }
    return Outcome(course: course, room: room)
  }

  private var isOver: Bool {
    rollouts.allSatisfy { engine.state.object($0.key)?.isRolledOut ?? true }
  }

  /// Whether none of those that are not over has made progress for too long.
  private var isGivenUp: Bool {
    rollouts.allSatisfy { rollout in
      guard let deployment = engine.state.object(rollout.key), !deployment.isRolledOut else {
        return true
      }
      return deployment.value["spec"]?["paused"] == true
        || deployment.condition("Progressing")?["reason"] == "ProgressDeadlineExceeded"
    }
  }

  /// Takes over what one turn of a controller wrote.
  private mutating func absorb(_ log: [LogEntry]) {
    var firsts: [Int: Int] = [:]
    for entry in log {
      guard case .change(let change) = entry.what,
        change.key.resource == .replicaSets || change.key.resource == .pods,
        let object = change.new ?? change.old, let uid = object.controller?.uid,
        let place = places[uid]
      else {
        if entry.writer == Scheduler.name { notePreemption(entry) }
        continue
      }
      guard change.key.resource == .replicaSets else {
        if entry.writer == Scheduler.name { notePreemption(entry) }
        rollouts[place].takePod(change)
        continue
      }
      if change.old == nil { places[object.uid] = place }
      if firsts[place] == nil { firsts[place] = rollouts[place].course.steps.count }
      rollouts[place].take(change, at: entry.time, since: start)
    }
    guard !firsts.isEmpty else { return }
    for (place, first) in firsts { rollouts[place].complete(from: first) }
    peakPods = max(peakPods, rollouts.reduce(0) { $0 + $1.total })
  }
}

extension EngineRehearsal {
  private mutating func notePreemption(_ entry: LogEntry) {
    guard case .change(let change) = entry.what, change.key.resource == .pods,
      let old = change.old, !old.isTerminating, change.new?.isTerminating ?? true
    else { return }
    hasPreempted = true
  }
}

extension EngineRehearsal.Rollout {
  fileprivate var total: Int { sizes.values.reduce(0, +) }
  fileprivate var availableTotal: Int { available.values.reduce(0, +) }

  fileprivate mutating func take(_ change: Change, at time: Time, since start: Time) {
    isChanged = true
    guard let new = change.new else {
      refusals[change.key.name] = nil
      sizes[change.key.name] = nil
      available[change.key.name] = nil
      return
    }
    let from = change.old.map(Self.size) ?? 0
    let to = Self.size(new)
    let count = min(to, Self.available(new))
    if count > available[new.name] ?? 0, tickTime != time {
      tick += 1
      tickTime = time
    }
    available[new.name] = count
    let failure = new.condition("ReplicaFailure")
    refusals[new.name] =
      failure?["reason"] == "FailedCreate" ? failure?["message"]?.string ?? "refused" : nil
    guard change.old == nil || from != to else { return }
    sizes[new.name] = to
    course.peakPods = max(course.peakPods, total)
    course.steps.append(
      RolloutStep(
        seconds: max(0, time.seconds(since: start)), tick: tick, replicaSet: new.name,
        revision: .older, from: from, to: to, total: total, available: 0))
  }

  /// Sees which pods find no node. One for which others are being removed has found one.
  fileprivate mutating func takePod(_ change: Change) {
    guard let pod = change.new, pod.pod?.node == nil, !pod.isTerminating,
      let condition = pod.condition("PodScheduled"), condition["status"] == "False",
      pod.value["status"]?["nominatedNodeName"] == nil
    else {
      homeless[change.key] = nil
      return
    }
    homeless[change.key] = condition["message"]?.string ?? ""
    isChanged = true
  }

  /// Notes the first write whose pods find no room, at the end of its instant.
  private mutating func noteRoom() {
    guard room.tightestStep == nil, !homeless.isEmpty || !refusals.isEmpty else { return }
    if room.refusal == nil { room.refusal = refusals.min { $0.key < $1.key }?.value }
    guard !homeless.isEmpty, let step = course.steps.lastIndex(where: { $0.to > $0.from }) else {
      return
    }
    let write = course.steps[step]
    room.tightestStep = step
    room.missing = min(homeless.count, write.to - write.from)
    room.placedFirst = write.to - write.from - room.missing
    room.message = homeless.min { $0.key.name < $1.key.name }?.value
  }

  /// What is available after the turn in which the last writes were made.
  fileprivate mutating func complete(from first: Int) {
    let sum = availableTotal
    course.minAvailable = min(course.minAvailable, sum)
    for place in first..<course.steps.count { course.steps[place].available = sum }
  }

  /// Notes the end of an instant in which something changed.
  fileprivate mutating func note(_ seconds: Int64) {
    guard isChanged else { return }
    isChanged = false
    noteRoom()
    if let last = course.moments.last, last.sizes == sizes, last.available == available { return }
    course.moments.append(
      RolloutMoment(seconds: seconds, tick: tick, sizes: sizes, available: available))
  }

  private static func size(_ set: ClusterObject) -> Int {
    Int(clamping: max(0, set.value["spec"]?["replicas"]?.int64 ?? 1))
  }

  private static func available(_ set: ClusterObject) -> Int {
    Int(clamping: max(0, set.value["status"]?["availableReplicas"]?.int64 ?? 0))
  }
}

extension ClusterObject {
  /// Whether a Deployment has all its pods, all of its present version, all available.
  var isRolledOut: Bool {
    let status = value["status"]
    let count = { (name: String) in status?[name]?.int64 ?? 0 }
    let replicas = value["spec"]?["replicas"]?.int64 ?? 1
    return count("observedGeneration") >= generation && count("updatedReplicas") == replicas
      && count("replicas") == replicas && count("availableReplicas") == replicas
  }
}
