import ManifestSchema

/// What will happen to a container from its start to its end, if nothing else interferes.
///
/// Behaviour and probes are known when it starts, so every moment follows at once and nobody has to
/// poll: a probe that runs every second for a year costs as much as none.
struct RunTimes: Sendable {
  enum Ending: Sendable {
    case exit(Int64)
    /// A probe failed too often: the container is told to stop.
    case startupFailed
    case livenessFailed
  }

  let since: Time
  /// From when on the next container may start.
  let postStartDone: Time
  /// When the startup probe has passed; nil if it never does.
  private(set) var started: Time?
  /// When the readiness probe has passed, and when it fails again.
  private(set) var ready: Time?
  private(set) var unready: Time?
  /// When the readiness probe finds fault for the first time, and when again after it was content.
  private(set) var fault: Time?
  private(set) var laterFault: Time?
  /// When and why it ends; nil when it runs for ever.
  private(set) var end: (at: Time, how: Ending)?

  init(_ plan: ContainerPlan, since start: Time, restarts: Int) {
    since = start
    let behavior = plan.behavior
    postStartDone = start.advanced(by: plan.postStart)
    let answers = behavior.isNeverReady ? nil : start.advanced(by: behavior.readyAfter)
    setEnd(plan, restarts)
    setStarted(plan, answers)
    setReadiness(plan, answers)
    setLiveness(plan)
  }

  private mutating func setReadiness(_ plan: ContainerPlan, _ answers: Time?) {
    guard let started else { return }
    let first = max(since.advanced(bySeconds: plan.readiness?.delay ?? 0), started)
    guard let answers else {
      if plan.readiness != nil { fault = first }
      return
    }
    let fails = plan.behavior.unreadyAfter.map { since.advanced(by: $0) }
    if let probe = plan.readiness {
      if answers > first { fault = first }
      ready = probe.end(
        of: probe.successes, first: probe.turn(notBefore: answers, from: first))
      if let fails {
        let turn = probe.turn(notBefore: fails, from: first)
        laterFault = turn
        unready = probe.end(of: probe.failures, first: turn)
      }
    } else {
      ready = max(started, answers)
      unready = fails
    }
    if let known = ready, let unready, unready <= known { ready = nil }
  }

  private mutating func setEnd(_ plan: ContainerPlan, _ restarts: Int) {
    let behavior = plan.behavior
    if let after = behavior.crashAfter, behavior.crashTimes.map({ restarts < $0 }) ?? true {
      end = (since.advanced(by: after), .exit(behavior.exitCode ?? 1))
    } else if let after = behavior.exitAfter {
      end = (since.advanced(by: after), .exit(behavior.exitCode ?? 0))
    }
  }

  private mutating func setStarted(_ plan: ContainerPlan, _ answers: Time?) {
    guard let probe = plan.startup else {
      started = postStartDone
      return
    }
    let first = since.advanced(bySeconds: probe.delay)
    let budget = probe.end(of: probe.failures, first: first)
    if let answers {
      let passed = probe.turn(notBefore: answers, from: first)
      if passed <= budget {
        started = max(passed, postStartDone)
        return
      }
    }
    end(at: budget, .startupFailed)
  }

  private mutating func setLiveness(_ plan: ContainerPlan) {
    guard let probe = plan.liveness, let started, let after = plan.behavior.unhealthyAfter else {
      return
    }
    let first = max(since.advanced(bySeconds: probe.delay), started)
    let failing = probe.turn(notBefore: since.advanced(by: after), from: first)
    end(at: probe.end(of: probe.failures, first: failing), .livenessFailed)
  }

  private mutating func end(at time: Time, _ how: Ending) {
    if let end, end.at <= time { return }
    end = (time, how)
  }

  func isStarted(at now: Time) -> Bool { started.map { $0 <= now } ?? false }

  func isReady(at now: Time) -> Bool {
    guard let ready, ready <= now, isStarted(at: now) else { return false }
    return unready.map { now < $0 } ?? true
  }

  /// The first moment after `now` at which something changes; the end also when it has come.
  func next(after now: Time) -> Time? {
    if let end, end.at <= now { return end.at }
    return [started, ready, unready, fault, laterFault, end?.at, postStartDone]
      .compactMap { $0 }.filter { $0 > now }.min()
  }
}
