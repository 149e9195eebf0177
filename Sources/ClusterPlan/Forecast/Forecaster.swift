import ClusterControl
import ManifestSchema
import ManifestSyntax

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

  /// A workload before its rollout was rehearsed.
  private struct Prototype {
    var workload: WorkloadForecast
    var rehearsal: RolloutRehearsal
    /// Its ReplicaSets when the rehearsal begins.
    var sets: [ClusterObject]
    /// The one that ran before.
    var current: String?
  }

  func forecast(_ set: ChangeSet) -> Forecast {
    var forecast = Forecast(changes: set)
    forecast.nodeCount = state.count(of: .nodes)
    let prototypes = set.changes.filter(isRollable).compactMap(prototype)
    forecast.workloads = prototypes.map(\.workload)
    if isSimulated(forecast.workloads) {
      simulate(&forecast, prototypes)
    } else {
      rehearse(&forecast, prototypes)
    }
    for (place, prototype) in prototypes.enumerated() {
      complete(&forecast.workloads[place], prototype)
    }
    // What had come to rest stays so.
    forecast.workloads.removeAll { $0.action == .unchanged && $0.course.steps.isEmpty }
    let scope = FindingScope(
      forecast: forecast, state: state, isStandIn: options.isStandIn)
    forecast.findings = FindingRules.all.flatMap { $0.find(scope) }
    forecast.findings.sort { $0.severity > $1.severity }
    return forecast
  }

  private func complete(_ workload: inout WorkloadForecast, _ prototype: Prototype) {
    if let old = workload.course.revisions.first(where: { $0.value == .old })?.key,
      let set = prototype.sets.first(where: { $0.name == old })
    {
      workload.rollback = (old, set.annotation(RolloutRehearsal.revisionAnnotation) ?? "")
    }
    workload.complete(services: services(workload))
    workload.branches = FailureBranches(state: state, workload: workload).all()
  }

  // MARK: - Counting

  /// Rehearses all rollouts together, on the nodes where there are any.
  private func rehearse(_ forecast: inout Forecast, _ prototypes: [Prototype]) {
    let outcome = together(prototypes)
    forecast.jointPeakPods = outcome.peakPods
    if prototypes.count > 1 { forecast.jointPeakCertainty = .assumed }
    for (place, prototype) in prototypes.enumerated() {
      let course = outcome.courses[place]
      forecast.workloads[place].course = course
      let isPaused = forecast.workloads[place].isPaused
      if !outcome.rooms.isEmpty {
        judge(&forecast.workloads[place], outcome.rooms[place], course, prototypes, place)
      }
      // Whoever says when pods become ready is told what comes of that.
      if let readiness = options.readiness, readiness == .never || !forecast.workloads[place].fits {
        var rehearsal = prototype.rehearsal
        forecast.workloads[place].course = rehearsal.run()
      } else if !forecast.workloads[place].fits {
        forecast.workloads[place].isStalled = !course.isComplete && !isPaused
      }
    }
  }

  /// Notes where pods find room; where they do not, also whether they would alone.
  private func judge(
    _ workload: inout WorkloadForecast, _ room: RoomForecast, _ course: RolloutCourse,
    _ prototypes: [Prototype], _ place: Int
  ) {
    workload.room = room
    guard !room.fits else { return }
    workload.roomCourse = course
    guard prototypes.count > 1 else { return }
    let alone = together([prototypes[place]])
    workload.room?.fitsAlone = alone.rooms.first?.fits ?? false
  }

  private func together(_ prototypes: [Prototype]) -> JointRehearsal.Outcome {
    var joint = JointRehearsal(
      rehearsals: prototypes.map(\.rehearsal), ground: RehearsalGround())
    let hasNodes = state.count(of: .nodes) > 0
    for place in prototypes.indices {
      joint.rehearsals[place].place = place
      // Whether there is room for all of it is seen only when it goes on.
      if hasNodes, options.readiness == .never { joint.rehearsals[place].readiness = .together }
    }
    if hasNodes, !prototypes.isEmpty {
      let pods = prototypes.map { PodPlaces($0.workload, ran: $0.current, in: state) }
      joint.ground = RehearsalGround(
        Placement(pods, in: state, at: start, version: version))
    }
    return joint.run()
  }

  // MARK: - Simulating

  private func isSimulated(_ workloads: [WorkloadForecast]) -> Bool {
    options.isSimulated && !workloads.isEmpty
      && workloads.allSatisfy { $0.replicas <= Self.simulatedMax && $0.surge <= Self.simulatedMax }
  }

  /// Takes what the cluster's own controllers and kubelets will do.
  private func simulate(_ forecast: inout Forecast, _ prototypes: [Prototype]) {
    var rehearsal = EngineRehearsal(
      state, at: start, version: version, seed: seed,
      simulation: options.simulation ?? SimulationSettings(),
      deployments: prototypes.map(\.workload.object.key))
    var current: [ResourceKey: String] = [:]
    for prototype in prototypes { current[prototype.workload.object.key] = prototype.current }
    let outcomes = rehearsal.run(current: current)
    forecast.jointPeakPods = rehearsal.peakPods
    let fits = outcomes.values.allSatisfy(\.room.fits) && !rehearsal.hasPreempted
    // Who is pushed out, and whether one alone would fit, is seen where pods are only counted.
    let counted = fits ? nil : together(prototypes)
    for place in prototypes.indices {
      guard let outcome = outcomes[forecast.workloads[place].object.key] else { continue }
      let course = outcome.course
      forecast.workloads[place].course = course
      forecast.workloads[place].isStalled =
        !course.isComplete && !forecast.workloads[place].isPaused
      forecast.workloads[place].waveSeconds = max(
        course.longestWait, forecast.workloads[place].minReadySeconds)
      forecast.workloads[place].assumptions = [
        Assumption("readiness", "simulated", "as this cluster simulates its nodes and images")
      ]
      guard forecast.nodeCount > 0 else { continue }
      judge(&forecast.workloads[place], outcome.room, course, prototypes, place)
      forecast.workloads[place].room?.victims = counted?.rooms[place].victims ?? []
    }
  }

  // MARK: - Workloads

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

  private func prototype(_ change: ObjectChange) -> Prototype? {
    guard let deployment = state.object(change.object.key),
      let limits = RolloutLimits(deployment)
    else { return nil }
    let before = change.action == .update ? change.before : nil
    let ground = RolloutGround(state: state, version: version, start: start)
    let prepared = ground.prepare(deployment, before: before)
    let times = StartTimes(deployment.value, prepared.learnedFrom, options)
    let rehearsal = RolloutRehearsal(
      deployment.key, in: prepared.state, at: prepared.start, version: version,
      readiness: options.readiness ?? .together, waveSeconds: times.waveSeconds,
      current: prepared.current)
    var broken = rehearsal
    broken.readiness = .never
    let spec = deployment.value["spec"]
    var workload = WorkloadForecast(
      object: change.object, source: change.source, action: change.action,
      replicas: limits.replicas, strategy: spec?["strategy"]?["type"]?.string ?? "RollingUpdate",
      surge: limits.podsMax - limits.replicas, unavailable: limits.replicas - limits.availableMin,
      course: RolloutCourse(), failure: broken.run(), after: deployment.value)
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
    return Prototype(
      workload: workload, rehearsal: rehearsal, sets: prepared.state.objects(.replicaSets),
      current: prepared.current)
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
