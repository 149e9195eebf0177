import ClusterAPI
import ClusterControl
import ManifestSchema
import ManifestSyntax

/// What applying manifests will lead to: the changes, the rollouts that follow from them, and what
/// is to be said about them.
public struct Forecast: Sendable {
  public var changes: ChangeSet
  public var workloads: [WorkloadForecast] = []
  public var findings: [Finding] = []
  /// Most pods over all workloads when they roll at the same time.
  public var jointPeakPods = 0
  /// How sure that is: between several rollouts it rests on their times.
  public var jointPeakCertainty = Certainty.exact
  /// How many nodes the cluster has.
  public var nodeCount = 0

  /// How grave it is; nil where there is nothing to say.
  public var gravest: Finding.Severity? {
    workloads.contains(where: \.isStalled) ? .blocked : findings.map(\.severity).max()
  }

  /// What it comes to, in a few words.
  public var verdict: String {
    let summary = ChangeSummary(changes)
    if changes.hasErrors { return summary.verdict() }
    let pods = workloads.filter(\.isRollout).reduce(0) { $0 + $1.replicas }
    switch gravest {
    case .blocked: return "the rollout will not come to an end"
    case .disruption: return "works, with an interruption"
    case .risk: return "works, with risks"
    case .note, nil:
      if changes.isEmpty {
        return workloads.isEmpty ? summary.verdict() : "nothing changes; an earlier rollout goes on"
      }
      let isEndless = workloads.contains { $0.isRollout && !$0.course.isComplete && !$0.isPaused }
      if isEndless { return "the rollout will not come to an end" }
      if pods > 0 { return "rolls \(PodEffect.pods(pods)) without interruption" }
      let started = workloads.filter { $0.action == .create }.reduce(0) { $0 + $1.replicas }
      return started > 0 ? "starts \(PodEffect.pods(started))" : "no pod is replaced"
    }
  }
}

extension Planner {
  /// What applying would lead to. Writes nothing.
  public func forecast(
    _ manifests: [Manifest], _ assumptions: ForecastOptions = ForecastOptions()
  ) throws(StatusError) -> Forecast {
    try cluster.rehearse { (session) throws(StatusError) in
      let first = try session.currentRevision()
      let (set, texts) = try changes(manifests, session)
      if !set.hasErrors {
        // What an apply notes counts as well: chance begins with the revision.
        try remember(manifests, set, texts, session)
        _ = try journal(set, since: first, plan: nil, session)
      }
      let state = try session.clusterState()
      let start = assumptions.now ?? Time(session.time) ?? Time(seconds: 0)
      // What the controllers of this cluster begin with.
      let seed =
        cluster.settings.seed ^ UInt64(truncatingIfNeeded: state.revision &* 0x9E37_79B9)
      let forecaster = Forecaster(
        state: state, start: start, version: cluster.settings.version, seed: seed,
        options: assumptions)
      return forecaster.forecast(set)
    }
  }
}

/// Makes a forecast of a set of changes, from the cluster as it is when they are written.
struct Forecaster {
  /// More pods than this are counted, not made.
  private static let simulatedMax = 100_000

  /// After the changes, and before any controller acted on them.
  let state: ClusterState
  let start: Time
  let version: KubernetesVersion
  let seed: UInt64
  let options: ForecastOptions

  func forecast(_ set: ChangeSet) -> Forecast {
    var forecast = Forecast(changes: set)
    forecast.nodeCount = state.count(of: .nodes)
    var rehearsals: [RolloutRehearsal] = []
    for change in set.changes where isRollable(change) {
      guard let (workload, rehearsal) = workload(change) else { continue }
      forecast.workloads.append(workload)
      rehearsals.append(rehearsal)
    }
    forecast.jointPeakPods = rehearse(&forecast.workloads, rehearsals)
    if forecast.workloads.count > 1 { forecast.jointPeakCertainty = .assumed }
    if options.isSimulated { simulate(&forecast) }
    for place in forecast.workloads.indices {
      forecast.workloads[place].branches =
        FailureBranches(state: state, workload: forecast.workloads[place]).all()
    }
    // What had come to rest stays so.
    forecast.workloads.removeAll { $0.action == .unchanged && $0.course.steps.isEmpty }
    let scope = FindingScope(
      forecast: forecast, state: state, isStandIn: options.isStandIn)
    forecast.findings = FindingRules.all.flatMap { $0.find(scope) }
    forecast.findings.sort { $0.severity > $1.severity }
    return forecast
  }

  /// Rehearses all rollouts together, on the nodes where there are any; those that do not fit so
  /// also alone.
  ///
  /// - Returns: Most pods that they want at one time.
  private func rehearse(
    _ workloads: inout [WorkloadForecast], _ rehearsals: [RolloutRehearsal]
  ) -> Int {
    let outcome = together(workloads, rehearsals)
    for place in outcome.rooms.indices {
      workloads[place].room = outcome.rooms[place]
      guard !outcome.rooms[place].fits else { continue }
      workloads[place].roomCourse = outcome.courses[place]
      if workloads.count > 1 {
        let alone = together([workloads[place]], [rehearsals[place]])
        workloads[place].room?.fitsAlone = alone.rooms.first?.fits ?? false
      }
      guard options.readiness == nil else { continue }
      workloads[place].course = outcome.courses[place]
      workloads[place].isStalled =
        !outcome.courses[place].isComplete && !workloads[place].isPaused
      workloads[place].complete(services: services(workloads[place]))
    }
    return outcome.peakPods
  }

  private func together(
    _ workloads: [WorkloadForecast], _ rehearsals: [RolloutRehearsal]
  ) -> JointRehearsal.Outcome {
    var joint = JointRehearsal(rehearsals: rehearsals, ground: RehearsalGround())
    for place in rehearsals.indices {
      joint.rehearsals[place].place = place
      // Whether there is room for all of it is seen only when it goes on.
      if rehearsals[place].readiness == .never, state.count(of: .nodes) > 0 {
        joint.rehearsals[place].readiness = .together
      }
    }
    if state.count(of: .nodes) > 0, !workloads.isEmpty {
      joint.ground = RehearsalGround(
        Placement(workloads, in: state, at: start, version: version))
    }
    return joint.run()
  }

  /// Takes what the cluster's own controllers and kubelets will do instead of what was assumed.
  private func simulate(_ forecast: inout Forecast) {
    var workloads = forecast.workloads
    guard !workloads.isEmpty,
      workloads.allSatisfy({ $0.replicas <= Self.simulatedMax && $0.surge <= Self.simulatedMax })
    else { return }
    var current: [ResourceKey: String] = [:]
    for workload in workloads {
      current[workload.object.key] = workload.course.revisions.first { $0.value == .old }?.key
    }
    var rehearsal = EngineRehearsal(
      state, at: start, version: version, seed: seed,
      simulation: options.simulation ?? SimulationSettings(),
      deployments: workloads.map(\.object.key))
    let outcomes = rehearsal.run(current: current)
    forecast.jointPeakPods = rehearsal.peakPods
    forecast.jointPeakCertainty = .exact
    for place in workloads.indices {
      guard let outcome = outcomes[workloads[place].object.key] else { continue }
      let course = outcome.course
      workloads[place].course = course
      workloads[place].isStalled = !course.isComplete && !workloads[place].isPaused
      workloads[place].waveSeconds = max(course.longestWait, workloads[place].minReadySeconds)
      workloads[place].assumptions = [
        Assumption("readiness", "simulated", "as this cluster simulates its nodes and images")
      ]
      if let counted = workloads[place].room {
        var room = outcome.room
        room.victims = counted.victims
        room.fitsAlone = counted.fitsAlone
        workloads[place].room = room
        workloads[place].roomCourse = room.fits ? nil : course
      }
      workloads[place].complete(services: services(workloads[place]))
    }
    forecast.workloads = workloads
  }

  /// Whether pods may come and go because of it: it is changed, or still on its way from an earlier
  /// change.
  private func isRollable(_ change: ObjectChange) -> Bool {
    guard change.object.kind == "Deployment", change.object.resource == .deployments else {
      return false
    }
    switch change.action {
    case .create, .update, .replace: return true
    case .failed: return change.isRehearsed
    case .unchanged:
      guard let deployment = state.object(change.object.key) else { return false }
      return !deployment.isRolledOut
        && !state.objects(.replicaSets, controlledBy: deployment.uid).isEmpty
    default: return false
    }
  }

  private func workload(
    _ change: ObjectChange
  ) -> (WorkloadForecast, RolloutRehearsal)? {
    guard let deployment = state.object(change.object.key),
      let limits = RolloutLimits(deployment)
    else { return nil }
    let before = change.action == .update ? change.before : nil
    let ground = RolloutGround(state: state, version: version, start: start)
    let prepared = ground.prepare(deployment, before: before)
    let times = StartTimes(deployment.value, prepared.learnedFrom, options)
    let readiness = options.readiness ?? .together
    let rehearsal = RolloutRehearsal(
      deployment.key, in: prepared.state, at: prepared.start, version: version,
      readiness: readiness, waveSeconds: times.waveSeconds, current: prepared.current)
    let run = { (readiness: Readiness) in
      var copy = rehearsal
      copy.readiness = readiness
      return copy.run()
    }
    let course = run(readiness)
    let spec = deployment.value["spec"]
    var workload = WorkloadForecast(
      object: change.object, source: change.source, action: change.action,
      replicas: limits.replicas, strategy: spec?["strategy"]?["type"]?.string ?? "RollingUpdate",
      surge: limits.podsMax - limits.replicas, unavailable: limits.replicas - limits.availableMin,
      course: course, failure: readiness == .never ? course : run(.never),
      after: deployment.value)
    workload.before = change.action == .replace ? change.before : before
    workload.isPaused = spec?["paused"] == true
    workload.effect =
      change.action == .unchanged
      ? "goes on with what an earlier change began" : change.pods?.text ?? ""
    workload.assumptions = times.assumptions + prepared.assumptions
    if options.readiness == nil {
      workload.assumptions.append(
        Assumption("readiness", "together", "all pods of a wave become ready at once"))
    }
    workload.minReadySeconds = spec?["minReadySeconds"]?.int64 ?? 0
    workload.waveSeconds = times.waveSeconds
    workload.progressDeadline = spec?["progressDeadlineSeconds"]?.int64
    workload.historyLimit = spec?["revisionHistoryLimit"]?.int64 ?? 10
    workload.graceSeconds =
      spec?["template"]?["spec"]?["terminationGracePeriodSeconds"]?.int64 ?? 30
    workload.images = Self.images(from: change.before, to: deployment.value)
    complete(&workload, prepared)
    return (workload, rehearsal)
  }

  private func complete(_ workload: inout WorkloadForecast, _ prepared: RolloutGround.Prepared) {
    if let old = workload.course.revisions.first(where: { $0.value == .old })?.key,
      let set = prepared.state.objects(.replicaSets).first(where: { $0.name == old })
    {
      workload.rollback = (old, set.annotation(RolloutRehearsal.revisionAnnotation) ?? "")
    }
    workload.complete(services: services(workload))
  }

  /// The Services that select pods of the workload, and how many endpoints they have.
  private func services(_ workload: WorkloadForecast) -> [ServiceForecast] {
    let course = workload.course
    return state.objects(.services, in: workload.object.namespace).compactMap { service in
      guard let selector = service.value["spec"]?["selector"]?.map, !selector.isEmpty else {
        return nil
      }
      let condition = LabelSelector(matchLabels: selector.texts)
      let selected = Set(course.labels.filter { condition.matches($0.value) }.map(\.key))
      guard !selected.isEmpty else { return nil }
      let points = course.moments.map { moment in
        ServiceForecast.Point(
          seconds: moment.seconds,
          ready: moment.available.reduce(0) { selected.contains($1.key) ? $0 + $1.value : $0 })
      }
      return ServiceForecast(name: service.name, points: points)
    }
  }

  private static func images(from old: Value?, to new: Value) -> [String] {
    let named = { (value: Value?) -> [(String, String)] in
      let spec = value?["spec"]?["template"]?["spec"]
      let all = (spec?["initContainers"]?.list ?? []) + (spec?["containers"]?.list ?? [])
      return all.map { ($0["name"]?.string ?? "", $0["image"]?.string ?? "") }
    }
    let before = Dictionary(named(old), uniquingKeysWith: { first, _ in first })
    return named(new).compactMap { name, image in
      guard let known = before[name], known != image else { return nil }
      return "\(name): \(known) -> \(image)"
    }
  }
}
