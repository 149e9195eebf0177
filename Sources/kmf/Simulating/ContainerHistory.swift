import ManifestSyntax

/// What is known of a simulated container's life, as lines.
struct ContainerHistory {
  private let pod: Value
  private let events: [Value]

  init(pod: Value, events: [Value]) {
    self.pod = pod
    self.events = events
  }

  private struct Line {
    var time: String
    var rank: Int
    var container: String
    var text: String
  }

  /// The names of the containers, those that start first before the others.
  var containers: [String] {
    ["initContainers", "containers"].flatMap { field in
      (pod["spec"]?[field]?.list ?? []).compactMap { $0["name"]?.string }
    }
  }

  /// The container that is meant where none is named.
  var standard: String? {
    pod["metadata"]?["annotations"]?["kubectl.kubernetes.io/default-container"]?.string
      ?? pod["spec"]?["containers"]?[0]?["name"]?.string
  }

  func lines(of names: [String], isMarked: Bool) -> [String] {
    var lines: [Line] = []
    for (rank, name) in names.enumerated() {
      lines += statusLines(name, rank) + eventLines(name, rank)
    }
    let order = lines.enumerated().sorted {
      ($0.element.time, $0.element.rank, $0.offset) < ($1.element.time, $1.element.rank, $1.offset)
    }
    return order.map { _, line in
      let mark = isMarked ? "[\(line.container)] " : ""
      return "\(line.time) (simulated) \(mark)\(line.text)"
    }
  }

  private func statusLines(_ name: String, _ rank: Int) -> [Line] {
    func line(_ time: String?, _ text: String) -> Line {
      Line(time: time ?? "", rank: rank, container: name, text: text)
    }
    let statuses = ["initContainerStatuses", "containerStatuses"].flatMap { field in
      pod["status"]?[field]?.list ?? []
    }
    guard let status = statuses.first(where: { $0["name"]?.string == name }) else { return [] }
    var lines: [Line] = []
    let restarts = status["restartCount"]?.int64 ?? 0
    func ended(_ end: Value, _ run: Int64) {
      let code = end["exitCode"]?.int64 ?? 0
      let reason = end["reason"]?.string.map { " (\($0))" } ?? ""
      lines.append(line(end["startedAt"]?.string, "run \(run) started"))
      lines.append(
        line(end["finishedAt"]?.string, "run \(run) ended with exit code \(code)\(reason)"))
    }
    let state = status["state"]
    let isOver = state?["running"] == nil && state?["terminated"] == nil
    if let end = status["lastState"]?["terminated"] { ended(end, isOver ? restarts + 1 : restarts) }
    if let running = state?["running"] {
      lines.append(line(running["startedAt"]?.string, "run \(restarts + 1) started"))
      if status["ready"] == true {
        let ready = pod["status"]?["conditions"]?.list?.first { $0["type"] == "ContainersReady" }
        if ready?["status"] == "True" {
          lines.append(line(ready?["lastTransitionTime"]?.string, "ready"))
        }
      }
    }
    if let end = state?["terminated"] { ended(end, restarts + 1) }
    return lines
  }

  /// Events that say what the status says better.
  private static let repeated: Set<String> = ["Created", "Started"]

  /// What was told of the container: pulls, failed probes, back-off.
  private func eventLines(_ name: String, _ rank: Int) -> [Line] {
    let path = "{\(name)}"
    return events.filter {
      $0["involvedObject"]?["fieldPath"]?.string?.hasSuffix(path) ?? false
    }.filter { !Self.repeated.contains($0["reason"]?.string ?? "") }.map { event in
      let count = event["count"]?.int64 ?? 1
      let times = count > 1 ? " (\(count) times)" : ""
      let reason = event["reason"]?.string ?? ""
      let message = event["message"]?.string ?? ""
      return Line(
        time: Events.time(of: event), rank: rank, container: name,
        text: "\(reason): \(message)\(times)")
    }
  }
}
