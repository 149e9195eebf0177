import ManifestSchema
import ManifestSyntax

/// Makes Event objects of what controllers tell, few of many that say the same.
///
/// As real recorders do: the same once more only raises a count; after ten of a kind within ten
/// minutes the rest are combined into one; and who talks too much about one object is not heard for
/// a while. Events are for people: nothing may depend on them.
public struct EventRecorder: Sendable {
  /// Everything but the text: events of one kind about one object.
  private struct Topic: Hashable, Sendable {
    var writer: String
    var uid: String
    var fieldPath: String?
    var kind: Action.Event.Kind
    var reason: String
  }

  private struct Saying: Hashable, Sendable {
    var topic: Topic
    var message: String
  }

  /// What was written before.
  private struct Known: Sendable {
    var key: ResourceKey
    var count: Int64
    var first: Time
    var last: Time
  }

  private struct Crowd: Sendable {
    var messages: Set<String> = []
    var last: Time
  }

  /// How often somebody may still talk about an object.
  private struct Patience: Sendable {
    var left: Double
    var at: Time
  }

  private struct Speaker: Hashable, Sendable {
    var writer: String
    var uid: String
  }

  private var known: [Saying: Known] = [:]
  private var crowds: [Topic: Crowd] = [:]
  private var patience: [Speaker: Patience] = [:]
  /// What was written when, for forgetting it.
  private var written: [(saying: Saying, key: ResourceKey, at: Time)] = []
  private var writtenStart = 0
  private var namesMade: Int64 = 0

  /// Events are gone after this time without news.
  public static let lifetime: Int64 = 3600
  private static let combinedFrom = 10
  private static let combinedPrefix = "(combined from similar events): "
  private static let combinedSeconds: Int64 = 600
  private static let burst = 25.0
  private static let refillSeconds = 300.0

  public init() {}

  /// Goes on with the events that `state` has: they are counted further, and forgotten in time.
  public init(_ state: ClusterState) {
    var found: [(saying: Saying, key: ResourceKey, at: Time)] = []
    for object in state.objects(.events) {
      let event = object.value
      let last = Self.lastTime(of: object)
      let topic = Topic(
        writer: event["source"]?["component"]?.string ?? "",
        uid: event["involvedObject"]?["uid"]?.string ?? "",
        fieldPath: event["involvedObject"]?["fieldPath"]?.string,
        kind: event["type"] == "Warning" ? .warning : .normal,
        reason: event["reason"]?.string ?? "")
      let text = event["message"]?.string ?? ""
      let isCrowd = text.hasPrefix(Self.combinedPrefix)
      let saying = Saying(topic: topic, message: isCrowd ? "" : text)
      let first = event["firstTimestamp"]?.string.flatMap { Time($0) } ?? last
      known[saying] = Known(
        key: object.key, count: event["count"]?.int64 ?? 1, first: first, last: last)
      found.append((saying, object.key, last))
    }
    // Equal times keep the order of the state.
    written = found.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(\.element)
  }

  /// When an event was last told: clients of their own may leave most of the times out.
  private static func lastTime(of object: ClusterObject) -> Time {
    let event = object.value
    let texts = [event["lastTimestamp"], event["series"]?["lastObservedTime"], event["eventTime"]]
    return texts.lazy.compactMap { $0?.string.flatMap { Time($0) } }.first ?? object.created
  }

  /// What to write for an event: one that is made or counted once more, and old ones deleted.
  public mutating func actions(
    for event: Action.Event, by writer: String, at now: Time, in state: ClusterState
  ) -> [Action] {
    var actions = expired(at: now)
    guard isHeard(Speaker(writer: writer, uid: event.uid), at: now) else { return actions }
    let topic = Topic(
      writer: writer, uid: event.uid, fieldPath: event.fieldPath, kind: event.kind,
      reason: event.reason)
    let message = combined(event.message, topic, at: now)
    let saying = Saying(topic: topic, message: message.key)
    var record = known[saying]
    if let entry = record, let object = state.object(entry.key) {
      record?.count += 1
      record?.last = now
      actions.append(Self.repetition(object, count: entry.count + 1, message.text, at: now))
    } else {
      let object = self.object(event, message.text, by: writer, at: now)
      let namespace = event.about.namespace ?? "default"
      let name = object["metadata"]?["name"]?.string ?? ""
      record = Known(
        key: ResourceKey(.events, namespace: namespace, name: name), count: 1, first: now,
        last: now)
      actions.append(.create(object, .events, namespace: namespace))
    }
    known[saying] = record
    if let record { written.append((saying, record.key, now)) }
    return actions
  }

  // MARK: - Few of many

  /// Whether the speaker has not said too much about the object.
  private mutating func isHeard(_ speaker: Speaker, at now: Time) -> Bool {
    var own = patience[speaker] ?? Patience(left: Self.burst, at: now)
    let passed = Double(now.nanoseconds(since: own.at)) / 1e9
    own = Patience(left: min(Self.burst, own.left + passed / Self.refillSeconds), at: now)
    let isHeard = own.left >= 1
    if isHeard { own.left -= 1 }
    patience[speaker] = own
    return isHeard
  }

  /// The text to write, and what it counts as: too many different ones count as one.
  private mutating func combined(
    _ message: String, _ topic: Topic, at now: Time
  ) -> (text: String, key: String) {
    var crowd = crowds[topic] ?? Crowd(last: now)
    if now.seconds(since: crowd.last) > Self.combinedSeconds { crowd.messages = [] }
    crowd.last = now
    crowd.messages.insert(message)
    let isCrowd = crowd.messages.count >= Self.combinedFrom
    // Enough is known: the set need not grow any more.
    if crowd.messages.count > Self.combinedFrom { crowd.messages.remove(message) }
    crowds[topic] = crowd
    return isCrowd ? (Self.combinedPrefix + message, "") : (message, message)
  }

  /// When the next event will have been without news for a lifetime.
  public var nextExpiry: Time? {
    mutating get {
      while writtenStart < written.count, isOutOfDate(written[writtenStart]) { writtenStart += 1 }
      guard writtenStart < written.count else { return nil }
      return written[writtenStart].at.advanced(bySeconds: Self.lifetime)
    }
  }

  /// Whether there was news of an event since.
  private func isOutOfDate(_ entry: (saying: Saying, key: ResourceKey, at: Time)) -> Bool {
    guard let record = known[entry.saying], record.key == entry.key else { return false }
    return record.last > entry.at
  }

  /// Deletes the events that have been without news for a lifetime.
  public mutating func expired(at now: Time) -> [Action] {
    var actions: [Action] = []
    while let next = nextExpiry, next <= now {
      let (saying, key, _) = written[writtenStart]
      writtenStart += 1
      if known[saying]?.key == key {
        known[saying] = nil
        crowds[saying.topic] = nil
        patience[Speaker(writer: saying.topic.writer, uid: saying.topic.uid)] = nil
      }
      actions.append(.delete(key, Action.Deletion()))
    }
    if writtenStart > 1024, writtenStart > written.count / 2 {
      written.removeFirst(writtenStart)
      writtenStart = 0
    }
    return actions
  }

  // MARK: - Objects

  private static func repetition(
    _ object: ClusterObject, count: Int64, _ message: String, at now: Time
  ) -> Action {
    let edit = Action.Edit("count") { value in
      value["count"] = .int(count)
      value["lastTimestamp"] = .string(now.wholeSeconds.description)
      value["message"] = .string(message)
    }
    return .edit(object.key, uid: object.uid, edit)
  }

  private mutating func object(
    _ event: Action.Event, _ message: String, by writer: String, at now: Time
  ) -> Value {
    let time = Value.string(now.wholeSeconds.description)
    // Several at one moment get names of their own.
    namesMade += 1
    let number = now.nanoseconds(since: Time(seconds: 0)) &+ namesMade
    let name = event.about.name + "." + String(number, radix: 16)
    var about: Value = [
      "kind": .string(event.objectKind), "name": .string(event.about.name),
      "uid": .string(event.uid), "apiVersion": .string(event.apiVersion),
    ]
    if let namespace = event.about.namespace { about["namespace"] = .string(namespace) }
    if let path = event.fieldPath { about["fieldPath"] = .string(path) }
    return [
      "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name)],
      "involvedObject": about, "reason": .string(event.reason), "message": .string(message),
      "source": ["component": .string(writer)], "firstTimestamp": time, "lastTimestamp": time,
      "count": 1, "type": .string(event.kind.rawValue), "eventTime": .null,
      "reportingComponent": .string(writer), "reportingInstance": "",
    ]
  }
}
