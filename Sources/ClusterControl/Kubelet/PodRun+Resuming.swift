import ManifestSchema
import ManifestSyntax

extension PodRun {
  /// How far back a kubelet goes that finds a pod of another one: what happened by itself before,
  /// such as a crash every five minutes, is not played again.
  private static let rememberedSeconds: Int64 = 3600

  /// Continues a pod that another kubelet has begun, by what its status says.
  init(_ plan: PodPlan, resuming pod: ClusterObject, at now: Time) {
    let status = pod.value["status"]
    let began = status?["startTime"]?.string.flatMap { Time($0) } ?? now
    self.init(plan, at: began)
    var latest = began
    for list in ["initContainerStatuses", "containerStatuses"] {
      for written in status?[list]?.list ?? [] {
        guard let name = written["name"]?.string,
          let index = plan.containers.firstIndex(where: { $0.name == name })
        else { continue }
        let container = ContainerRun(resuming: written, plan.containers[index], began)
        restore(container, at: index)
        if case .running(let times) = container.phase { latest = max(latest, times.since) }
        if let end = container.last?.finished { latest = max(latest, end) }
      }
    }
    resumeClock(min(max(latest, now.advanced(bySeconds: -Self.rememberedSeconds)), now))
    mounting = .done
    if plan.initCount > 0 {
      isInitialized = pod.condition("Initialized")?["status"] == "True"
    }
  }
}

extension ContainerRun {
  init(resuming status: Value, _ plan: ContainerPlan, _ began: Time) {
    self.init()
    restarts = Int(min(max(status["restartCount"]?.int64 ?? 0, 0), Int64(Int32.max)))
    let state = status["state"]
    let ended = Self.termination(state) ?? Self.termination(status["lastState"])
    last = ended
    // As many doublings as there were restarts; six reach the limit.
    var delay = Duration.zero
    for _ in 0..<min(restarts, 7) {
      delay = delay == .zero ? .seconds(10) : min(delay * 2, Self.restartDelayMax)
    }
    if let running = state?["running"] {
      let since = running["startedAt"]?.string.flatMap { Time($0) } ?? began
      restartDelay = delay
      phase = .running(RunTimes(plan, since: since, restarts: restarts))
      return
    }
    if state?["waiting"]?["reason"] == "CreateContainerConfigError" {
      restartDelay = delay
      phase = .unconfigured(since: ended?.finished ?? began)
      return
    }
    guard let ended else { return }
    let isDone = plan.role == .initial && ended.exitCode == 0
    restartDelay = delay
    finish(
      at: ended.finished, exitCode: ended.exitCode, reason: ended.reason, since: ended.started,
      isRestarted: !isDone && plan.isRestarted(after: ended.exitCode))
  }

  private static func termination(_ state: Value?) -> Termination? {
    guard let end = state?["terminated"], let code = end["exitCode"]?.int64,
      let finished = end["finishedAt"]?.string.flatMap({ Time($0) })
    else { return nil }
    return Termination(
      exitCode: code, reason: end["reason"]?.string ?? "",
      started: end["startedAt"]?.string.flatMap { Time($0) } ?? finished, finished: finished)
  }
}
