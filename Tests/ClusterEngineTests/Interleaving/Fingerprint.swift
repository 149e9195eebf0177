import ManifestSchema
import ManifestSyntax

@testable import ClusterControl
@testable import ClusterEngine

/// Tells states of an engine apart, but not by what chance drew: names of pods, uids, addresses.
///
/// Everything counts that what happens next may depend on: objects, keys to look at, timers,
/// failures, caches and what is on its way to them, and what controllers remember (read by
/// reflection, so that a new field of a memory counts without anybody thinking of it). Left out are
/// counters that never go back and what the rest determines (``derived``).
struct Fingerprint {
  /// Fields of memories that other fields determine, that only count up, or that chance drew.
  private static let derived: Set<String> = [
    "PodRun.plan", "PodRun.spec", "Memory.plans", "NodeRun.revision", "NodeRun.pool",
    "SliceBook.namesMade",
  ]
  /// Fields of objects that chance drew.
  private static let drawn: Set<String> = [
    "uid", "resourceVersion", "containerID", "podIP", "podIPs",
  ]

  /// What chance drew, and what it is called here.
  private var names: [String: String] = [:]
  private var contents: [ObjectIdentifier: (object: ClusterObject, hash: Int)] = [:]
  private var revisions: [ResourceKey: [Int64]] = [:]
  /// Of `names`.
  private var namesHash = 0
  private var parts: [Part: (value: Any, hash: Int)] = [:]

  /// A part of a memory, byte by byte.
  ///
  /// Memories are values. Whoever holds a copy knows that it will not change: equal bytes are equal
  /// references, and what they refer to is copied before it is written. So what was read once is
  /// not read again, and reflection, which is slow, is only needed for what has changed.
  private struct Part: Hashable {
    var bytes: [UInt8]
    var type: ObjectIdentifier
    var names: Int
  }

  /// The fingerprint of what an engine will do, and of keys that are to be told apart.
  mutating func of(_ engine: Engine, _ keys: Set<Work>) -> Int {
    nameAll(engine)
    rank(engine.inboxes, engine.state)
    var hasher = Hasher()
    hasher.combine(engine.now)
    hash(engine.state, into: &hasher)
    // A cache is the state without what is still on its way to it.
    for inbox in engine.inboxes {
      hasher.combine(inbox.changes.count)
      for change in inbox.changes {
        hash(change.key, into: &hasher)
        hash(inbox.cache.object(change.key), into: &hasher)
        hash(change.new, into: &hasher)
      }
    }
    hash(unordered: engine.timers.earliest, into: &hasher) { print, entry, hasher in
      print.hash(entry.key, into: &hasher)
      hasher.combine(entry.value)
    }
    hash(unordered: engine.queue.failures, into: &hasher) { print, entry, hasher in
      print.hash(entry.key, into: &hasher)
      hasher.combine(entry.value)
    }
    for works in [engine.queue.waiting, keys] {
      hash(unordered: works, into: &hasher) { $0.hash($1, into: &$2) }
    }
    for runner in engine.runners { hasher.combine(memory(of: runner)) }
    if contents.count > 20_000 { contents = [:] }
    if parts.count > 20_000 { parts = [:] }
    return hasher.finalize()
  }

  /// Whether looking at a key that was ready has changed nothing but that it is not ready any more.
  mutating func isIdle(_ before: Engine, _ after: Engine, _ work: Work) -> Bool {
    guard before.writeCount == after.writeCount,
      before.timers.earliest == after.timers.earliest,
      before.queue.failures == after.queue.failures,
      after.queue.waiting == before.queue.waiting.subtracting([work]),
      before.undelivered == after.undelivered
    else { return false }
    let (old, new) = (before.runners[work.controller], after.runners[work.controller])
    if Self.bytes(ofRunner: old) == Self.bytes(ofRunner: new) { return true }
    nameAll(before)
    return memory(of: old) == memory(of: new)
  }

  // MARK: - Names

  private mutating func nameAll(_ engine: Engine) {
    names = [:]
    var hasher = Hasher()
    defer { namesHash = hasher.finalize() }
    let state = engine.state
    for resource in state.resources {
      for (place, object) in state.objects(resource).enumerated() {
        name(object, place)
        hasher.combine(object.uid)
      }
    }
    // Those that are gone, and not everybody knows it.
    var place = 1000
    for change in engine.inboxes.flatMap(\.changes) {
      guard let old = change.old, names[old.uid] == nil else { continue }
      name(old, place)
      hasher.combine(old.uid)
      place += 1
    }
  }

  private mutating func name(_ object: ClusterObject, _ place: Int) {
    let resource = object.key.resource
    let isDrawn = resource == .pods || resource == .endpointSlices
    let name = isDrawn ? "\(resource.plural) \(place)" : object.name
    names[object.uid] = resource.plural + name
    guard isDrawn else { return }
    if names[object.name] == nil { names[object.name] = name }
    if let address = object.value["status"]?["podIP"]?.string, names[address] == nil {
      names[address] = name
    }
  }

  /// Versions of an object are told apart by which came first.
  private mutating func rank(_ inboxes: [Inbox], _ state: ClusterState) {
    var all: [ResourceKey: Set<Int64>] = [:]
    for inbox in inboxes {
      for change in inbox.changes {
        let versions = [inbox.cache.object(change.key), change.new, state.object(change.key)]
        all[change.key, default: []].formUnion(versions.compactMap { $0?.revision })
      }
    }
    revisions = all.mapValues { $0.sorted() }
  }

  // MARK: - Objects

  private mutating func hash(_ state: ClusterState, into hasher: inout Hasher) {
    for resource in state.resources where resource != .events {
      hasher.combine(resource)
      for object in state.objects(resource) { hash(object, into: &hasher) }
    }
  }

  private mutating func hash(_ object: ClusterObject?, into hasher: inout Hasher) {
    guard let object else { return hasher.combine(0) }
    hash(object.key, into: &hasher)
    if let ranks = revisions[object.key] { hasher.combine(ranks.firstIndex(of: object.revision)) }
    hasher.combine(content(object))
  }

  private mutating func content(_ object: ClusterObject) -> Int {
    let mayNamePods = object.key.resource.plural.hasPrefix("endpoint")
    if !mayNamePods, let known = contents[ObjectIdentifier(object)] { return known.hash }
    var hasher = Hasher()
    for owner in object.owners { hasher.combine(owner.name) }
    hash(object.value, into: &hasher)
    let hash = hasher.finalize()
    // Held on to, so that no other object takes its place in memory.
    if !mayNamePods { contents[ObjectIdentifier(object)] = (object, hash) }
    return hash
  }

  /// The volume of a pod's token has a name that chance drew.
  static func undrawn(_ text: String) -> String {
    let prefix = "kube-api-access-"
    return text.hasPrefix(prefix) ? prefix : text
  }

  private func hash(_ value: Value, into hasher: inout Hasher) {
    switch value {
    case .map(let map):
      let isPod = map["kind"] == "Pod"
      for entry in map.entries where !Self.drawn.contains(entry.key) {
        hasher.combine(entry.key)
        if isPod, entry.key == "metadata" {
          var metadata = entry.value
          metadata["name"] = nil
          hash(metadata, into: &hasher)
        } else {
          hash(entry.value, into: &hasher)
        }
      }
    case .list(let list):
      hasher.combine(list.count)
      for item in list { hash(item, into: &hasher) }
    case .string(let text): hasher.combine(names[text] ?? Self.undrawn(text))
    default: hasher.combine(value)
    }
  }

  private func hash(_ key: ResourceKey, into hasher: inout Hasher) {
    hasher.combine(key.resource)
    hasher.combine(names[key.name] ?? key.name)
  }

  private func hash(_ work: Work, into hasher: inout Hasher) {
    hasher.combine(work.controller)
    hash(work.key, into: &hasher)
  }

  // MARK: - Memories

  private static func bytes<Part>(of part: Part) -> [UInt8] {
    withUnsafeBytes(of: part) { Array($0) }
  }

  private static func bytes(ofRunner runner: some AnyRunner) -> [UInt8] { bytes(of: runner) }

  private mutating func memory(of runner: any AnyRunner) -> Int {
    if let scheduler = runner as? ControllerRunner<Scheduler> {
      var hasher = Hasher()
      hash(scheduler.memory, into: &hasher)
      return hasher.finalize()
    }
    return part(ofRunner: runner)
  }

  private mutating func part(ofRunner runner: some AnyRunner) -> Int { part(runner) }

  /// Reads a part of a memory, unless that was done before.
  private mutating func part<Value>(_ value: Value) -> Int {
    let part = Part(
      bytes: Self.bytes(of: value), type: ObjectIdentifier(Value.self), names: namesHash)
    if let known = parts[part] { return known.hash }
    var hasher = Hasher()
    hash(parts: value, into: &hasher)
    let hash = hasher.finalize()
    parts[part] = (value, hash)
    return hash
  }

  private mutating func hash(_ memory: SchedulerMemory, into hasher: inout Hasher) {
    hasher.combine(memory.start)
    for (slot, item) in memory.queue.items.sorted(by: { $0.value.ticket < $1.value.ticket }) {
      let uid = memory.cache.pods[Int(slot)]?.object.uid ?? ""
      hasher.combine(names[uid] ?? uid)
      hasher.combine(item.place)
      hasher.combine(item.attempts)
      hasher.combine(item.isError)
      hasher.combine(item.since)
      hasher.combine(item.rejectedBy)
      hasher.combine(item.triedAt < memory.newsCount)
      hasher.combine(memory.nominations[slot])
    }
    var places: [String: Int32] = [:]
    for case let pod? in memory.cache.pods {
      places[names[pod.object.uid] ?? pod.object.uid] = pod.isAssumed ? ~pod.node : pod.node
    }
    hasher.combine(places)
    hasher.combine(memory.cache.facts.map { $0?.name })
  }

  /// By hand what there is most of; reflection is slow.
  private func hash(_ run: ContainerRun, into hasher: inout Hasher) {
    hasher.combine(run.last)
    hasher.combine(run.restarts)
    hasher.combine(run.restartDelay)
    hasher.combine(run.pullDelay)
    switch run.phase {
    case .idle: hasher.combine(0)
    case .pulling(let until): hasher.combine([1, until.seconds, Int64(until.nanoseconds)])
    case .pullFailed(let backOff, let until): hasher.combine([backOff, until])
    case .unconfigured(let since): hasher.combine(since)
    case .creating(let until): hasher.combine([2, until.seconds, Int64(until.nanoseconds)])
    case .running(let times): hash(times, into: &hasher)
    case .stopping(let times, let until, let code, let reason):
      hash(times, into: &hasher)
      hasher.combine(until)
      hasher.combine(code)
      hasher.combine(reason)
    case .restarting(let time, let delay):
      hasher.combine(time)
      hasher.combine(delay)
    case .ended: hasher.combine(3)
    }
  }

  private func hash(_ times: RunTimes, into hasher: inout Hasher) {
    // All else of a run follows from its pod.
    hasher.combine([times.since, times.ready, times.unready, times.end?.at])
  }

  private mutating func hash(any value: Any, into hasher: inout Hasher) {
    switch value {
    case let text as String: hasher.combine(names[text] ?? text)
    case let time as Time: hasher.combine(time)
    case let runs as [ContainerRun]: for run in runs { hash(run, into: &hasher) }
    case let key as ResourceKey: hash(key, into: &hasher)
    case let object as ClusterObject:
      hash(object.key, into: &hasher)
      hasher.combine(content(object))
    case let value as Value: hash(value, into: &hasher)
    case let value as ValueMap: hasher.combine(value)
    case let run as PodRun: hasher.combine(part(run))
    case let run as NodeRun: hasher.combine(part(run))
    default: hash(parts: value, into: &hasher)
    }
  }

  private mutating func hash(parts value: Any, into hasher: inout Hasher) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .dictionary, .set: hash(unordered: value, into: &hasher)
    case .optional, .collection, .struct, .tuple, .class, .enum:
      if mirror.children.isEmpty {
        if mirror.displayStyle == .enum { hasher.combine(String(describing: value)) }
      }
      let type = String(describing: type(of: value))
      for child in mirror.children {
        let label = child.label ?? ""
        // Which of a node's addresses a pod holds.
        if label == "place" || Self.derived.contains(type + "." + label) { continue }
        hasher.combine(label)
        hash(any: child.value, into: &hasher)
      }
    default:
      if let value = value as? any Hashable { hasher.combine(value) }
    }
  }

  /// Entries in any order give the same.
  private mutating func hash<Entries: Sequence>(
    unordered entries: Entries, into hasher: inout Hasher,
    by hash: (inout Fingerprint, Entries.Element, inout Hasher) -> Void
  ) {
    var sum = 0
    for entry in entries {
      var one = Hasher()
      hash(&self, entry, &one)
      sum &+= one.finalize()
    }
    hasher.combine(sum)
  }

  private mutating func hash(unordered value: Any, into hasher: inout Hasher) {
    var sum = 0
    for child in Mirror(reflecting: value).children {
      var one = Hasher()
      hash(any: child.value, into: &one)
      sum &+= one.finalize()
    }
    hasher.combine(sum)
  }
}
