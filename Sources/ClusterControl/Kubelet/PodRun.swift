import ManifestSchema
import ManifestSyntax

/// A pod on its node, from the moment that the kubelet takes it up.
///
/// It knows when the next thing happens, so that the kubelet sleeps until then. `advance` lets time
/// pass: init containers one after the other, sidecars started on the way, regular containers in
/// order, restarts with their delays, and in the end everything stopped.
struct PodRun: Sendable {
  /// Something that people are told.
  struct News: Sendable {
    var isWarning: Bool
    var reason: String
    var message: String
    /// The place of the container that it is about.
    var container: Int?
  }

  /// Why the kubelet ended the pod by itself.
  struct Verdict: Hashable, Sendable {
    var reason: String
    var message: String
  }

  struct Stop: Sendable {
    var deadline: Time
  }

  private(set) var plan: PodPlan
  var containers: [ContainerRun]
  /// Up to when time has passed.
  private(set) var clock: Time
  let began: Time
  private(set) var stop: Stop?
  var verdict: Verdict?
  var addresses: [String] = []
  var isInitialized = false
  var mounting = Mounting.untried
  /// The ConfigMaps and Secrets that are missing, as they are at the moment.
  var missing = PodNeeds.Missing()
  /// When the node had last come up when the pod was last looked at.
  var boot: Time?
  private(set) var news: [News] = []
  /// The spec that was last compared with the plan.
  private var spec: Value?

  init(_ plan: PodPlan, at time: Time) {
    self.plan = plan
    containers = Array(repeating: ContainerRun(), count: plan.containers.count)
    clock = time
    began = time
  }

  mutating func takeNews() -> [News] {
    defer { news = [] }
    return news
  }

  mutating func tell(
    _ reason: String, _ message: String, of container: Int? = nil, isWarning: Bool = false
  ) {
    news.append(
      News(isWarning: isWarning, reason: reason, message: message, container: container))
  }

  /// Takes over changes of images, deadlines and behaviour; they count from the next start on.
  mutating func follow(_ plan: PodPlan) {
    guard plan.containers.count == self.plan.containers.count else { return }
    for index in containers.indices
    where plan.containers[index].image != self.plan.containers[index].image {
      if case .running = containers[index].phase {
        tell("Killing", "Container \(plan.containers[index].name) definition changed", of: index)
        containers[index].stop(
          at: clock, self.plan.containers[index], grace: .seconds(30), exitCode: 143)
      } else if case .pullFailed = containers[index].phase {
        containers[index].phase = .idle
      }
    }
    self.plan = plan
  }

  /// Whether the plan holds for the pod as it is now.
  mutating func isUpToDate(with pod: ClusterObject) -> Bool {
    let now = pod.value["spec"]
    // Versions of a pod that differ in their status share the spec: comparing costs nothing.
    if now == spec, plan.annotations == pod.annotations { return true }
    spec = now
    return plan.fits(pod)
  }

  // MARK: - Time

  /// Lets time pass until `now`.
  ///
  /// - Returns: When to look again; nil when nothing will happen by itself.
  mutating func advance(to now: Time, _ images: inout NodeImages) -> Time? {
    while true {
      settle(&images)
      guard let next = nextTime else {
        clock = max(clock, now)
        return nil
      }
      if next > now {
        clock = max(clock, now)
        return next
      }
      // Changes that need no action, such as readiness, only move the clock.
      clock = max(clock, next)
      fire(&images)
    }
  }

  private var nextTime: Time? {
    var next: Time?
    for container in containers {
      if let time = container.next(after: clock) { next = next.map { min($0, time) } ?? time }
    }
    if stop == nil, let time = mountTime { next = next.map { min($0, time) } ?? time }
    if stop == nil, let deadline, !isFinished { next = next.map { min($0, deadline) } ?? deadline }
    return next
  }

  private var deadline: Time? { plan.activeDeadline.map { began.advanced(by: $0) } }

  private mutating func fire(_ images: inout NodeImages) {
    for index in containers.indices {
      switch containers[index].phase {
      case .pulling(let until) where until <= clock: arrived(index)
      case .pullFailed(_, let until) where until <= clock: pull(index, &images)
      case .pullFailed(let backOff, _) where backOff == clock:
        let image = plan.containers[index].image
        tell("BackOff", "Back-off pulling image \"\(image)\"", of: index)
        tell("Failed", "Error: ImagePullBackOff", of: index, isWarning: true)
      case .creating(let until) where until <= clock: start(index)
      case .running(let times):
        complain(index, times)
        if let end = times.end, end.at <= clock { finish(index, times, end) }
      case .stopping(let times, let until, let code, let reason) where until <= clock:
        let plan = plan.containers[index]
        let isRestarted = stop == nil && restarts(plan, after: code)
        containers[index].finish(
          at: until, exitCode: code, reason: reason, since: times.since, isRestarted: isRestarted)
      case .restarting(let time, _) where time <= clock: create(index)
      default: break
      }
    }
    if stop == nil, let deadline, deadline <= clock, !isFinished {
      verdict = Verdict(
        reason: "DeadlineExceeded",
        message: "Pod was active on the node longer than the specified deadline")
      stopAll(at: clock, grace: .seconds(30))
    }
  }

  private func restarts(_ plan: ContainerPlan, after code: Int64) -> Bool {
    if plan.role == .initial, code == 0 { return false }
    return plan.isRestarted(after: code)
  }

  // MARK: - Starting

  /// Starts everything whose turn has come.
  private mutating func settle(_ images: inout NodeImages) {
    if stop != nil { return stopSidecars() }
    guard mount() else { return }
    configure()
    if !isInitialized {
      guard initialize(&images) else { return }
      isInitialized = true
    }
    for index in plan.initCount..<containers.count {
      switch containers[index].phase {
      case .idle:
        pull(index, &images)
        switch containers[index].phase {
        case .pullFailed, .unconfigured: continue
        default: return
        }
      case .pulling, .creating: if containers[index].last == nil { return }
      case .running(let times): if times.postStartDone > clock { return }
      default: break
      }
    }
    if containers[plan.initCount...].allSatisfy(\.isEnded), plan.initCount < containers.count {
      // Sidecars have nobody left to serve.
      stop = Stop(deadline: clock.advanced(bySeconds: 30))
      stopSidecars()
    }
  }

  /// Works on the init containers; false while one is still to be waited for.
  private mutating func initialize(_ images: inout NodeImages) -> Bool {
    for index in 0..<plan.initCount {
      if case .idle = containers[index].phase {
        pull(index, &images)
        return false
      }
      if plan.containers[index].role == .sidecar {
        guard containers[index].isStarted(at: clock) else { return false }
      } else if containers[index].hasFailed {
        for rest in index + 1..<containers.count { containers[rest].phase = .ended }
        stop = Stop(deadline: clock.advanced(bySeconds: 30))
        stopSidecars()
        return false
      } else if !containers[index].hasSucceeded {
        return false
      }
    }
    return true
  }

  private mutating func pull(_ index: Int, _ images: inout NodeImages) {
    let plan = plan.containers[index]
    let isThere = plan.pullPolicy == "Never" || images.has(plan.image, at: clock)
    if plan.behavior.pullError == nil, isThere {
      if containers[index].last == nil {
        tell("Pulled", "Container image \"\(plan.image)\" already present on machine", of: index)
      }
      return create(index)
    }
    tell("Pulling", "Pulling image \"\(plan.image)\"", of: index)
    let arrival = images.pull(
      plan.image, at: clock, lasting: plan.behavior.pullTime,
      fails: plan.behavior.pullError != nil)
    containers[index].phase = .pulling(until: arrival)
  }

  private mutating func arrived(_ index: Int) {
    let plan = plan.containers[index]
    guard let error = plan.behavior.pullError else {
      tell("Pulled", "Successfully pulled image \"\(plan.image)\"", of: index)
      return create(index)
    }
    tell("Failed", "Failed to pull image \"\(plan.image)\": \(error)", of: index, isWarning: true)
    tell("Failed", "Error: ErrImagePull", of: index, isWarning: true)
    let delay = containers[index].pullDelay
    containers[index].pullDelay = min(delay * 2, .seconds(300))
    containers[index].phase = .pullFailed(
      backOff: clock.advanced(bySeconds: 1), until: clock.advanced(by: delay))
  }

  private mutating func start(_ index: Int) {
    let plan = plan.containers[index]
    if containers[index].last != nil { containers[index].restarts += 1 }
    tell("Created", "Container created", of: index)
    tell("Started", "Container started", of: index)
    let times = RunTimes(plan, since: clock, restarts: containers[index].restarts)
    containers[index].phase = .running(times)
    complain(index, times)
  }

  private mutating func complain(_ index: Int, _ times: RunTimes) {
    guard times.fault == clock || times.laterFault == clock else { return }
    tell("Unhealthy", "Readiness probe failed", of: index, isWarning: true)
  }

  // MARK: - Ending

  private mutating func finish(
    _ index: Int, _ times: RunTimes, _ end: (at: Time, how: RunTimes.Ending)
  ) {
    let plan = plan.containers[index]
    switch end.how {
    case .exit(let code):
      let isRestarted = stop == nil && restarts(plan, after: code)
      containers[index].finish(
        at: end.at, exitCode: code, reason: code == 0 ? "Completed" : "Error",
        since: times.since, isRestarted: isRestarted)
      if case .restarting(_, let delay) = containers[index].phase, delay > .zero {
        tell(
          "BackOff", "Back-off restarting failed container \(plan.name)", of: index, isWarning: true
        )
      }
    case .startupFailed: kill(index, "startup", plan.startup)
    case .livenessFailed: kill(index, "liveness", plan.liveness)
    }
  }

  private mutating func kill(_ index: Int, _ kind: String, _ probe: ProbePlan?) {
    let plan = plan.containers[index]
    let name = kind == "startup" ? "Startup" : "Liveness"
    tell("Unhealthy", "\(name) probe failed", of: index, isWarning: true)
    tell("Killing", "Container \(plan.name) failed \(kind) probe, will be restarted", of: index)
    let grace = min(max(probe?.grace ?? 30, 1), Int64(Int32.max))
    containers[index].stop(at: clock, plan, grace: .seconds(grace), exitCode: 143)
  }

  /// Tells all containers to stop; sidecars come after the others, in reverse order.
  mutating func stopAll(at time: Time, grace: Duration) {
    let deadline = time.advanced(by: grace)
    if let known = stop?.deadline, known <= deadline { return }
    let isFirst = stop == nil
    stop = Stop(deadline: deadline)
    for index in containers.indices where plan.containers[index].role != .sidecar {
      if isFirst, containers[index].isRunning {
        tell("Killing", "Stopping container \(plan.containers[index].name)", of: index)
      }
      if isFirst {
        containers[index].stop(
          at: time, plan.containers[index], grace: grace, exitCode: 0)
      } else {
        containers[index].hurry(until: max(deadline, clock))
      }
    }
    stopSidecars()
  }

  private mutating func stopSidecars() {
    guard let stop else { return }
    for index in containers.indices.reversed() {
      let role = plan.containers[index].role
      if role != .sidecar {
        if containers[index].isRunning { return }
        continue
      }
      switch containers[index].phase {
      case .ended: continue
      case .stopping: return
      default:
        let left = max(stop.deadline.duration(since: clock), .seconds(2))
        containers[index].stop(at: clock, plan.containers[index], grace: left, exitCode: 0)
        if containers[index].isRunning { return }
      }
    }
  }

  /// The node came up at `time`, without anything that had run on it before.
  mutating func crash(at time: Time) {
    clock = max(clock, time)
    for index in containers.indices {
      switch containers[index].phase {
      case .running(let times) where times.since < time,
        .stopping(let times, _, _, _) where times.since < time:
        containers[index].finish(
          at: time, exitCode: 255, reason: "Unknown", since: times.since,
          isRestarted: stop == nil && restarts(plan.containers[index], after: 255))
      case .pulling, .creating: containers[index].phase = .idle
      default: break
      }
    }
  }

  /// Whether nothing runs and nothing will ever run again.
  var isFinished: Bool { stop != nil && containers.allSatisfy(\.isEnded) }

  /// Continues what a kubelet before this one began, as the status tells it.
  mutating func restore(_ container: ContainerRun, at index: Int) { containers[index] = container }

  mutating func resumeClock(_ time: Time) { clock = max(clock, time) }
}
