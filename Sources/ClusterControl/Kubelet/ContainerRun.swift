import ManifestSchema

/// One container of a pod on a node: what it is doing, and what it did before.
struct ContainerRun: Sendable {
  /// How a run ended.
  struct Termination: Hashable, Sendable {
    var exitCode: Int64
    var reason: String
    var started: Time
    var finished: Time
  }

  enum Phase: Sendable {
    /// Its turn has not come.
    case idle
    case pulling(until: Time)
    /// The image did not arrive; it is tried again after a while.
    case pullFailed(backOff: Time, until: Time)
    case creating(until: Time)
    /// Its environment cannot be made: a ConfigMap or Secret is missing.
    case unconfigured(since: Time)
    case running(RunTimes)
    /// Told to stop, not gone yet.
    case stopping(RunTimes, until: Time, exitCode: Int64, reason: String)
    /// Ended, to be started again.
    case restarting(at: Time, delay: Duration)
    /// Ended for good, or never to be started any more.
    case ended
  }

  var phase = Phase.idle
  var last: Termination?
  var restarts = 0
  /// How long the next restart waits; none the first time.
  var restartDelay = Duration.zero
  var pullDelay = Duration.seconds(10)

  static let restartDelayMax = Duration.seconds(300)
  /// After a run of this length the next restart is immediate again.
  static let healthyRun = Duration.seconds(600)

  /// The next moment at which something happens by itself.
  func next(after now: Time) -> Time? {
    switch phase {
    case .idle, .unconfigured, .ended: nil
    case .pulling(let until), .creating(let until): until
    case .pullFailed(let backOff, let until): backOff > now ? backOff : until
    case .running(let times): times.next(after: now)
    case .stopping(_, let until, _, _): until
    case .restarting(let time, _): time
    }
  }

  var isRunning: Bool {
    switch phase {
    case .running, .stopping: true
    default: false
    }
  }

  /// Whether it has run to its end, never to be started again.
  var isEnded: Bool {
    if case .ended = phase { return true }
    return false
  }

  var hasSucceeded: Bool { isEnded && last?.exitCode == 0 }
  var hasFailed: Bool { isEnded && last.map { $0.exitCode != 0 } ?? false }

  func isReady(at now: Time) -> Bool {
    switch phase {
    case .running(let times), .stopping(let times, _, _, _): times.isReady(at: now)
    default: false
    }
  }

  func isStarted(at now: Time) -> Bool {
    switch phase {
    case .running(let times), .stopping(let times, _, _, _): times.isStarted(at: now)
    default: false
    }
  }

  /// Ends the run, and plans the next one where there is to be one.
  mutating func finish(
    at time: Time, exitCode: Int64, reason: String, since: Time, isRestarted: Bool
  ) {
    last = Termination(exitCode: exitCode, reason: reason, started: since, finished: time)
    guard isRestarted else {
      phase = .ended
      return
    }
    if time.duration(since: since) > Self.healthyRun { restartDelay = .zero }
    phase = .restarting(
      at: time.advanced(by: restartDelay), delay: restartDelay)
    restartDelay =
      restartDelay == .zero ? .seconds(10) : min(restartDelay * 2, Self.restartDelayMax)
  }

  /// Tells it to stop; it does so in its own time, and is killed when that is over.
  ///
  /// - Parameter grace: From `time` to the end of its patience, the hook included.
  mutating func stop(
    at time: Time, _ plan: ContainerPlan, grace: Duration, exitCode: Int64
  ) {
    guard case .running(let times) = phase else {
      if case .stopping = phase { return hurry(until: time.advanced(by: grace)) }
      phase = .ended
      return
    }
    let hook = min(plan.preStop, grace)
    // However long the hook took, the signal gets two seconds.
    let left = max(grace - hook, .seconds(2))
    let isKilled = plan.behavior.stopTime > left
    var until = time.advanced(by: hook + min(plan.behavior.stopTime, left))
    var code = isKilled ? 137 : exitCode
    if let end = times.end, end.at <= until, case .exit(let own) = end.how {
      (until, code) = (max(end.at, time), own)
    }
    phase = .stopping(
      times, until: until, exitCode: code, reason: code == 0 ? "Completed" : "Error")
  }

  /// Has less patience with one that is stopping already.
  mutating func hurry(until limit: Time) {
    guard case .stopping(let times, let until, _, _) = phase, limit < until else { return }
    phase = .stopping(times, until: limit, exitCode: 137, reason: "Error")
  }
}
