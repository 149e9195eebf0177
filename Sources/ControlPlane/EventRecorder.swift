import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// Makes Event objects of what controllers tell: repetitions are counted, similar ones combined,
/// and a source that says too much about one object is cut short, as clients of the real API do.
struct EventRecorder: Sendable {
  /// Who says what about whom.
  private struct Subject: Hashable {
    var source: String
    var uid: String
  }

  private struct Topic: Hashable {
    var subject: Subject
    var type: String
    var reason: String
  }

  private struct Statement: Hashable {
    var topic: Topic
    var message: String
  }

  /// The different messages of one topic lately.
  private struct Variety {
    var messages: Set<String> = []
    var last: Time
  }

  /// What a source may still say about an object.
  private struct Allowance {
    var tokens: Double
    var last: Time
  }

  private var known: [Statement: ResourceKey] = [:]
  private var varieties: [Topic: Variety] = [:]
  private var allowances: [Subject: Allowance] = [:]
  private var kinds: [GroupResource: (apiVersion: String, kind: String)] = [:]
  private var lastSweep: Time?
  private var number: Int64 = 0

  private static let varietyMax = 10
  private static let varietyTime = Duration.seconds(600)
  private static let burst = 25.0
  private static let secondsPerToken = 300.0
  private static let lifetime = Duration.seconds(3600)

  init() {}

  /// A recorder that goes on counting the events of `state`.
  init(_ state: ClusterState) {
    for event in state.objects(.events) {
      let value = event.value
      let subject = Subject(
        source: value["source"]?["component"]?.string ?? "",
        uid: value["involvedObject"]?["uid"]?.string ?? "")
      let topic = Topic(
        subject: subject, type: value["type"]?.string ?? "",
        reason: value["reason"]?.string ?? "")
      known[Statement(topic: topic, message: value["message"]?.string ?? "")] = event.key
    }
  }

  /// Writes down what was told in `entries`.
  mutating func record(_ entries: [LogEntry], _ engine: inout Engine) {
    sweep(&engine)
    for entry in entries {
      switch entry.what {
      case .event(let event): record(event, by: entry.writer, &engine)
      case .change(let change):
        if let object = change.new ?? change.old { learn(object) }
      case .refusal: break
      }
    }
  }

  private mutating func learn(_ object: ClusterObject) {
    guard kinds[object.key.resource] == nil, let kind = object.value["kind"]?.string else { return }
    kinds[object.key.resource] = (object.value["apiVersion"]?.string ?? "", kind)
  }

  private mutating func record(
    _ event: Action.Event, by source: String, _ engine: inout Engine
  ) {
    let subject = Subject(source: source, uid: event.uid)
    let topic = Topic(subject: subject, type: event.kind.rawValue, reason: event.reason)
    let message = combined(event.message, topic, engine.now)
    guard mayTell(subject, engine.now) else { return }
    let statement = Statement(topic: topic, message: message.key)
    if let key = known[statement], let object = engine.state.object(key) {
      let now = Value.string(engine.now.description)
      let text = message.text
      let edit = Action.Edit("count") { value in
        value["count"] = .int((value["count"]?.int64 ?? 1) &+ 1)
        value["lastTimestamp"] = now
        value["message"] = .string(text)
      }
      // An event that cannot be written is lost, as it is with a real server.
      _ = try? engine.perform(.edit(key, uid: object.uid, edit), by: source)
      return
    }
    let value = self.value(event, message.text, source, engine)
    let namespace = event.about.namespace ?? "default"
    let changes = try? engine.perform(
      .create(value, .events, namespace: namespace), by: source)
    known[statement] = changes?.first?.key
  }

  /// The message, and what it is counted by: from the tenth different one of a topic on they are
  /// told as one.
  private mutating func combined(
    _ message: String, _ topic: Topic, _ now: Time
  ) -> (text: String, key: String) {
    var variety = varieties[topic] ?? Variety(last: now)
    if now.duration(since: variety.last) > Self.varietyTime { variety.messages = [] }
    variety.last = now
    if variety.messages.count < Self.varietyMax { variety.messages.insert(message) }
    varieties[topic] = variety
    guard variety.messages.count >= Self.varietyMax else { return (message, message) }
    return ("(combined from similar events): \(message)", "(combined)")
  }

  private mutating func mayTell(_ subject: Subject, _ now: Time) -> Bool {
    var allowance = allowances[subject] ?? Allowance(tokens: Self.burst, last: now)
    let passed = now.duration(since: allowance.last)
    allowance.tokens = min(
      Self.burst, allowance.tokens + passed / .seconds(1) / Self.secondsPerToken)
    allowance.last = now
    defer { allowances[subject] = allowance }
    guard allowance.tokens >= 1 else { return false }
    allowance.tokens -= 1
    return true
  }

  private mutating func value(
    _ event: Action.Event, _ message: String, _ source: String, _ engine: Engine
  ) -> Value {
    let object = engine.state.object(event.about)
    if let object { learn(object) }
    let kind = kinds[event.about.resource] ?? ("", event.about.resource.plural)
    var about: Value = ["kind": .string(kind.kind)]
    if let namespace = event.about.namespace { about["namespace"] = .string(namespace) }
    about["name"] = .string(event.about.name)
    about["uid"] = .string(event.uid)
    about["apiVersion"] = .string(kind.apiVersion)
    number += 1
    let now = engine.now
    let stamp = now.seconds &* 1_000_000_000 &+ Int64(now.nanoseconds) &+ number
    return [
      "kind": "Event", "apiVersion": "v1",
      "metadata": [
        "name": .string("\(event.about.name).\(String(stamp, radix: 16))"),
        "namespace": .string(event.about.namespace ?? "default"),
      ],
      "involvedObject": about, "reason": .string(event.reason), "message": .string(message),
      "source": ["component": .string(source)], "firstTimestamp": .string(now.description),
      "lastTimestamp": .string(now.description), "count": 1, "type": .string(event.kind.rawValue),
      "eventTime": nil, "reportingComponent": .string(source), "reportingInstance": "",
    ]
  }

  /// Takes out the events that are older than an hour.
  private mutating func sweep(_ engine: inout Engine) {
    if let lastSweep, engine.now.duration(since: lastSweep) < Self.varietyTime { return }
    lastSweep = engine.now
    for event in engine.state.objects(.events) {
      guard let told = event.value["lastTimestamp"]?.string.flatMap({ Time($0) }),
        engine.now.duration(since: told) > Self.lifetime
      else { continue }
      _ = try? engine.perform(
        .delete(event.key, Action.Deletion(uid: event.uid)), by: "event-recorder")
    }
  }
}
