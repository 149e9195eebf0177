import ManifestSchema
import ManifestSyntax

/// How a pod is doing, in the few words that a table has room for.
///
/// The phase says too little: a pod whose container crashes again and again is still `Running`. So
/// the word comes from the containers: first from init containers that are not through, else from
/// the containers that wait or ended, and being deleted goes over everything.
struct PodStanding {
  private(set) var ready = 0
  private(set) var total = 0
  private(set) var word: String
  private(set) var restarts: Int64 = 0
  private(set) var lastRestart: Time?

  init(_ pod: Value) {
    let status = pod["status"] ?? .emptyMap
    let spec = pod["spec"] ?? .emptyMap
    word = Self.firstWord(status)
    total = spec["containers"]?.list?.count ?? 0
    let sidecars = Set(
      (spec["initContainers"]?.list ?? []).filter { $0["restartPolicy"]?.string == "Always" }
        .compactMap { $0["name"]?.string })
    total += sidecars.count
    let isThrough = readInitContainers(
      status, sidecars, count: spec["initContainers"]?.list?.count ?? 0)
    let isInitialized = status["conditions"]?.condition("Initialized")?["status"]?.string == "True"
    if isThrough || isInitialized { readContainers(status, sidecars) }
    guard pod["metadata"]?["deletionTimestamp"]?.string != nil else { return }
    if status["reason"]?.string == "NodeLost" {
      word = "Unknown"
    } else if !["Succeeded", "Failed"].contains(status["phase"]?.string) {
      word = "Terminating"
    }
  }

  /// The word before any container has a say.
  private static func firstWord(_ status: Value) -> String {
    if let scheduled = status["conditions"]?.condition("PodScheduled"),
      scheduled["reason"]?.string == "SchedulingGated"
    {
      return "SchedulingGated"
    }
    let reason = status["reason"]?.string ?? ""
    return reason.isEmpty ? status["phase"]?.string ?? "" : reason
  }

  /// - Returns: whether every init container ended well or, as a sidecar, has started.
  private mutating func readInitContainers(
    _ status: Value, _ sidecars: Set<String>, count: Int
  ) -> Bool {
    for (position, container) in (status["initContainerStatuses"]?.list ?? []).enumerated() {
      countRestarts(container)
      let ended = container["state"]?["terminated"]
      if let ended, (ended["exitCode"]?.int64 ?? 0) == 0 { continue }
      if sidecars.contains(container["name"]?.string ?? ""), container["started"]?.bool == true {
        if container["ready"]?.bool == true { ready += 1 }
        continue
      }
      let waiting = container["state"]?["waiting"]?["reason"]?.string ?? ""
      if let ended {
        word = "Init:" + Self.endWord(ended)
      } else if !waiting.isEmpty, waiting != "PodInitializing" {
        word = "Init:" + waiting
      } else {
        word = "Init:\(position)/\(count)"
      }
      return false
    }
    return true
  }

  private mutating func readContainers(_ status: Value, _ sidecars: Set<String>) {
    // What the finished init containers did no longer counts; sidecars live on.
    restarts = 0
    lastRestart = nil
    for container in status["initContainerStatuses"]?.list ?? []
    where sidecars.contains(container["name"]?.string ?? "") {
      countRestarts(container)
    }
    var isAnyRunning = false
    var failure: String?
    // The first container that has something to say has the last word.
    for container in (status["containerStatuses"]?.list ?? []).reversed() {
      countRestarts(container)
      let state = container["state"] ?? .emptyMap
      let waiting = state["waiting"]?["reason"]?.string ?? ""
      if !waiting.isEmpty {
        word = waiting
      } else if let ended = state["terminated"] {
        word = Self.endWord(ended)
        if (ended["exitCode"]?.int64 ?? 0) != 0 { failure = word }
      } else if container["ready"]?.bool == true, state["running"] != nil {
        isAnyRunning = true
        ready += 1
      }
    }
    guard word == "Completed" else { return }
    let isReady = status["conditions"]?.condition("Ready")?["status"]?.string == "True"
    if isAnyRunning, isReady {
      word = "Running"
    } else if let failure {
      word = failure
    } else if isAnyRunning {
      word = "NotReady"
    }
  }

  private static func endWord(_ ended: Value) -> String {
    if let reason = ended["reason"]?.string, !reason.isEmpty { return reason }
    if let signal = ended["signal"]?.int64, signal != 0 { return "Signal:\(signal)" }
    return "ExitCode:\(ended["exitCode"]?.int64 ?? 0)"
  }

  private mutating func countRestarts(_ container: Value) {
    restarts = restarts &+ (container["restartCount"]?.int64 ?? 0)
    guard let end = container["lastState"]?["terminated"]?["finishedAt"]?.time else { return }
    lastRestart = max(lastRestart ?? end, end)
  }
}
