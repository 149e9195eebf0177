/// Words that several forms of output share.
enum PlanTexts {
  /// `12s`, `4m 30s`, `2h 5m`.
  static func duration(_ seconds: Int64) -> String {
    if seconds < 120 { return "\(seconds)s" }
    if seconds < 7200 {
      return seconds % 60 == 0 ? "\(seconds / 60)m" : "\(seconds / 60)m \(seconds % 60)s"
    }
    let minutes = seconds / 60
    return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes / 60)h \(minutes % 60)m"
  }

  /// The command that goes back to what ran before.
  static func undo(_ workload: WorkloadForecast) -> String {
    let namespace = workload.object.namespace.map { " -n \($0)" } ?? ""
    let revision = workload.rollback.map { " --to-revision=\($0.revision)" } ?? ""
    return "kmf rollout undo deployment/\(workload.object.name)\(namespace)\(revision)"
  }

  /// `rolling update, surge 3, unavailable 2`.
  static func strategy(_ workload: WorkloadForecast) -> String {
    workload.isRolling
      ? "rolling update, surge \(workload.surge), unavailable \(workload.unavailable)"
      : "recreate: all old pods stop first"
  }

  /// `peak 13 pods · fewest available 8 · 2 waves · about 24s`.
  static func summary(_ workload: WorkloadForecast) -> String {
    let course = workload.course
    var parts = ["peak \(PodEffect.pods(course.peakPods))"]
    if workload.peakWithTerminating > course.peakPods {
      parts[0] +=
        ", up to \(workload.peakWithTerminating) while old ones stop"
        + " (grace \(duration(workload.graceSeconds)))"
    }
    parts.append("fewest available \(course.minAvailable)")
    parts.append(course.waves == 1 ? "1 wave" : "\(course.waves) waves")
    if course.isComplete {
      parts.append("about \(duration(course.seconds))")
    } else {
      parts.append(workload.isPaused ? "paused" : "does not complete")
    }
    return parts.joined(separator: " · ")
  }

  /// What is left if the new version is broken; nil where nothing rolls.
  static func failure(_ workload: WorkloadForecast) -> String? {
    guard workload.isRollout, workload.replicas > 0 else { return nil }
    let kept = workload.failure.finalAvailable
    return "if the new version never becomes ready, \(kept) of \(workload.replicas) pods stay "
      + "available"
  }

  /// The way back; nil where there is none.
  static func rollback(_ workload: WorkloadForecast) -> String? {
    guard workload.isRollout, let rollback = workload.rollback else { return nil }
    guard workload.survivesHistory else {
      return "no way back: ReplicaSet \(rollback.replicaSet) goes away with this rollout"
    }
    return "back to revision \(rollback.revision): \(undo(workload))"
  }

  /// `web 3..10 endpoints`.
  static func service(_ service: ServiceForecast) -> String {
    let most = service.points.map(\.ready).max() ?? 0
    let count = service.min == most ? "\(most)" : "\(service.min) to \(most)"
    return "service \(service.name): \(count) ready endpoint\(most == 1 ? "" : "s")"
      + without(service)
  }

  /// `; none from 0s to 12s`: when nothing serves that did before.
  private static func without(_ service: ServiceForecast) -> String {
    var windows: [String] = []
    var since: Int64?
    for (place, point) in service.points.enumerated() {
      if point.ready == 0, since == nil, place > 0 { since = point.seconds }
      guard point.ready > 0, let start = since else { continue }
      since = nil
      if point.seconds > start {
        windows.append("from \(duration(start)) to \(duration(point.seconds))")
      }
    }
    if let since { windows.append("from \(duration(since)) on") }
    guard !windows.isEmpty else { return "" }
    let more = windows.count > 3 ? " and \(windows.count - 3) times more" : ""
    return "; none \(windows.prefix(3).joined(separator: ", "))\(more)"
  }

  /// What is worth knowing beside the writes.
  static func facts(_ workload: WorkloadForecast) -> [String] {
    var facts: [String] = []
    if let failure = failure(workload) { facts.append(failure) }
    facts += workload.branches.map(\.text)
    if let room = workload.room { facts += self.room(room) }
    facts += workload.services.map(service)
    if let deadline = workload.progressDeadline, workload.isRollout {
      facts.append(
        "progress deadline \(duration(deadline)), longest wait \(duration(workload.waveSeconds))")
    }
    if let rollback = rollback(workload) { facts.append(rollback) }
    return facts
  }

  private static func room(_ room: RoomForecast) -> [String] {
    var facts: [String] = []
    if room.fits {
      let nodes = room.placed.sorted { $0.key < $1.key }
      let shown = nodes.prefix(8).map { "\($0.key) \($0.value)" }.joined(separator: ", ")
      let more = nodes.count > 8 ? " and \(nodes.count - 8) more nodes" : ""
      if !nodes.isEmpty { facts.append("new pods find room on \(shown)\(more)") }
    } else if let step = room.tightestStep {
      let words = room.message.map { ": \($0)" } ?? ""
      facts.append("\(PodEffect.pods(room.missing)) of write \(step + 1) find no room\(words)")
    }
    if let refusal = room.refusal { facts.append("refused: \(refusal)") }
    return facts
  }

  /// Everything that was taken for granted, once.
  static func assumptions(_ forecast: Forecast) -> [String] {
    var seen: Set<Assumption> = []
    return forecast.workloads.flatMap(\.assumptions).filter { seen.insert($0).inserted }
      .map { "\($0.name) = \($0.value): \($0.reason)" }
  }

  /// What else is worth knowing, of the set as a whole and of each object.
  static func notes(_ forecast: Forecast) -> [String] {
    forecast.changes.notes
      + forecast.changes.changes.flatMap { change in
        change.notes.map { "\(change.object.fullLabel): \($0)" }
      }
  }
}
