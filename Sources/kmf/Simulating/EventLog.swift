import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// What happened in a cluster, one line for each thing, with its virtual time.
final class EventLog {
  enum Form: String, CaseIterable { case text, json, jsonl }

  private let form: Form
  private let began: Time
  private let output = Output()
  /// Kept for the document at the end.
  private var entries: [Value] = []
  /// Warnings that were shown: who cannot do something says so again and again.
  private var warnings: Set<String> = []

  /// - Parameter began: The moment that times are counted from.
  init(_ form: Form, since began: Time) {
    self.form = form
    self.began = began
  }

  func tell(_ entries: [LogEntry]) {
    for entry in entries {
      switch form {
      case .text:
        guard let text = LogText.text(entry.what) else { continue }
        if case .event = entry.what, !warnings.insert(text).inserted { continue }
        line(entry.time, entry.writer, text)
      case .jsonl:
        guard let value = value(entry) else { continue }
        output.writeLine(JSONWriter.string(value))
      case .json: if let value = value(entry) { self.entries.append(value) }
      }
    }
    output.flush()
  }

  /// Something that was done to the cluster, not by it.
  func tell(_ text: String, at time: Time) {
    switch form {
    case .text: line(time, "you", text)
    case .jsonl, .json:
      let value: Value = [
        "seconds": seconds(time), "time": .string(MicroTime(time).description),
        "writer": "user", "type": "fault", "text": .string(text),
      ]
      if form == .jsonl {
        output.writeLine(JSONWriter.string(value))
      } else {
        entries.append(value)
      }
    }
    output.flush()
  }

  /// Says how things are at the end.
  func end(_ summary: SimulationSummary) {
    switch form {
    case .text: output.write(summary.text)
    case .jsonl:
      var map = ValueMap()
      map["type"] = "end"
      for entry in summary.value.map?.entries ?? [] { map[entry.key] = entry.value }
      output.writeLine(JSONWriter.string(.map(map)))
    case .json:
      let whole: Value = [
        "formatVersion": 1, "summary": summary.value, "entries": .list(entries),
      ]
      output.writeLine(JSONWriter.string(whole, .indented))
    }
    output.flush()
  }

  private func line(_ time: Time, _ writer: String, _ text: String) {
    let padding = String(repeating: " ", count: max(0, 26 - writer.count))
    output.writeLine(
      ClusterSpan.mark(time.duration(since: began)) + writer + padding + text)
  }

  private func seconds(_ time: Time) -> Value {
    .double(time.duration(since: began) / .seconds(1))
  }

  private func value(_ entry: LogEntry) -> Value? {
    var map = ValueMap()
    map["seconds"] = seconds(entry.time)
    map["time"] = .string(MicroTime(entry.time).description)
    map["writer"] = .string(entry.writer)
    let key: ResourceKey?
    switch entry.what {
    case .change(let change):
      if LogText.isNoise(change.key) { return nil }
      map["type"] = change.old == nil ? "create" : change.new == nil ? "delete" : "update"
      key = change.key
    case .event(let event):
      map["type"] = "event"
      map["eventType"] = .string(event.kind.rawValue)
      map["reason"] = .string(event.reason)
      map["message"] = .string(event.message)
      key = event.about
    case .refusal(let refusal, let about):
      map["type"] = "refusal"
      map["reason"] = .string(refusal.reason.rawValue)
      map["message"] = .string(refusal.message)
      key = about
    }
    if let key {
      map["resource"] = .string(key.resource.description)
      if let namespace = key.namespace { map["namespace"] = .string(namespace) }
      map["name"] = .string(key.name)
    }
    if let text = LogText.text(entry.what) { map["text"] = .string(text) }
    return .map(map)
  }
}

/// How a cluster is at the end of a stretch of time.
struct SimulationSummary {
  var span: Duration
  var writeCount: Int
  /// The pods by what they are doing: `Running`, `CrashLoopBackOff`, …
  var pods: [(state: String, count: Int)]
  var nodesReady: Int
  var nodeCount: Int
  /// Deployments that are not rolled out, with the reason.
  var unfinished: [String]
  var isKept: Bool

  init(_ state: ClusterState?, span: Duration, writeCount: Int, isKept: Bool) {
    self.span = span
    self.writeCount = writeCount
    self.isKept = isKept
    var counts: [String: Int] = [:]
    for pod in state?.objects(.pods) ?? [] { counts[Self.word(pod), default: 0] += 1 }
    pods = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    let nodes = state?.objects(.nodes) ?? []
    nodeCount = nodes.count
    nodesReady = nodes.filter { $0.condition("Ready")?["status"] == "True" }.count
    unfinished = (state?.objects(.deployments) ?? []).compactMap { object in
      let status = RolloutStatus(object.key, object.value)
      if case .done = status { return nil }
      return "\(object.namespace ?? "")/\(object.name): \(status.text)"
    }
  }

  /// What a table of pods says under STATUS.
  private static func word(_ pod: ClusterObject) -> String {
    if pod.isTerminating { return "Terminating" }
    let trouble = PodTrouble.all(of: pod.value, isPatient: true).first
    if let trouble, trouble.container != nil { return trouble.reason }
    let phase = pod.pod?.phase.rawValue ?? "Unknown"
    return phase == "Running" && pod.pod?.isReady != true ? "Running, not ready" : phase
  }

  var text: String {
    let kept = isKept ? "" : ", nothing of it kept"
    var lines = ["\(ClusterSpan.text(span)) passed: \(writeCount) writes\(kept)"]
    let list = pods.map { "\($0.count) \($0.state)" }.joined(separator: ", ")
    lines.append("pods: \(list.isEmpty ? "none" : list)")
    lines.append("nodes: \(nodesReady) of \(nodeCount) ready")
    lines += unfinished.map { "not rolled out: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  var value: Value {
    [
      "seconds": .double(span / .seconds(1)), "writes": .int(Int64(writeCount)),
      "kept": .bool(isKept),
      "pods": .map(
        ValueMap(unique: pods.map { .init(key: $0.state, value: .int(Int64($0.count))) })),
      "nodes": ["ready": .int(Int64(nodesReady)), "all": .int(Int64(nodeCount))],
      "notRolledOut": .list(unfinished.map(Value.string)),
    ]
  }
}
