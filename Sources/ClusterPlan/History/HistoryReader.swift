import ClusterAPI
import ClusterControl
import ClusterStore
import ManifestMerge
import ManifestSyntax

/// One line of a history: a write of one object, or all that a command wrote.
public struct HistoryEntry: Sendable {
  /// The revision at which the cluster is as this left it.
  public var revision: Revision
  /// The first write that belongs to it.
  public var first: Revision
  /// RFC 3339, in UTC; nil where nobody noted it, as with deletions.
  public var time: String?
  /// Who wrote.
  public var manager: String?
  /// What became of the object; nil where many were written at once.
  public var change: ObjectChange?
  /// What a command did.
  public var journal: JournalEntry?
  /// How many objects were written at once.
  public var writes = 1

  /// What many writes were that stand together; nil for others.
  var group: String?

  /// `apply: 3 created, 1 configured`.
  public var text: String {
    if let group { return "\(group): \(writes) write\(writes == 1 ? "" : "s")" }
    if let journal { return "\(journal.command): \(journal.summary)" }
    guard let change else { return "written" }
    return "\(change.object.fullLabel) \(Self.word(change))"
  }

  static func word(_ change: ObjectChange) -> String {
    switch change.action {
    case .create: "created"
    case .delete: "deleted"
    case .unchanged: change.adoptsFields ? "changed: ownership only" : "changed: status only"
    default: "changed"
    }
  }
}

extension HistoryEntry {
  /// What belongs to controllers alone, whoever wrote it.
  private static let controllersKinds: Set<String> = [
    "Event", "EndpointSlice", "Endpoints", "Lease",
  ]

  /// Whether nobody asked for it: what follows from what somebody asked for.
  fileprivate var isByControllers: Bool {
    guard let change else { return false }
    if Self.controllersKinds.contains(change.object.kind) { return true }
    // Neither fields nor their owners: the status.
    if change.action == .unchanged {
      return !change.adoptsFields || manager?.hasSuffix("(Update of status)") ?? false
    }
    if change.action != .delete, manager == nil { return true }
    let owners = (change.after ?? change.before)?["metadata"]?["ownerReferences"]?.list ?? []
    return owners.contains { $0["controller"]?.bool == true }
  }
}

/// Reads what happened to a cluster, or to one object of it, from the store's history.
public struct HistoryReader {
  /// What was read.
  public struct History: Sendable {
    /// The newest first.
    public var entries: [HistoryEntry] = []
    /// The oldest revision that can still be read and restored.
    public var oldest: Revision = 1
    public var current: Revision = 1
  }

  let cluster: LocalCluster
  /// What a new cluster gets last: the API server's own Service.
  static let lastOfNewCluster = StoreKeys.object(
    .services, namespace: "default", name: "kubernetes")
  private static let windowMin: Revision = 512

  public init(_ cluster: LocalCluster) { self.cluster = cluster }

  /// The history of the whole cluster.
  ///
  /// - Parameter count: How many entries at most, the newest.
  /// - Parameter isDetailed: Every write of controllers for itself.
  public func whole(_ count: Int, isDetailed: Bool = false) throws(StatusError) -> History {
    try read(below: "", count) { (events, session) throws(StatusError) in
      let entries = try grouped(events, session)
      return isDetailed ? entries : Self.collapsed(entries)
    }
  }

  /// What controllers wrote, one entry for all that nobody else came between.
  private static func collapsed(_ entries: [HistoryEntry]) -> [HistoryEntry] {
    var found: [HistoryEntry] = []
    for entry in entries {
      guard entry.isByControllers else {
        found.append(entry)
        continue
      }
      var group = HistoryEntry(
        revision: entry.revision, first: entry.first, time: entry.time, writes: entry.writes)
      group.group = controllers
      if let last = found.last, last.group == controllers {
        group.first = last.first
        group.writes += last.writes
        group.time = entry.time ?? last.time
        found.removeLast()
      }
      found.append(group)
    }
    return found
  }

  private static let controllers = "controllers"

  /// The history of one object.
  ///
  /// - Parameter isDetailed: Also writes that changed nothing but status and ownership.
  public func object(
    _ key: ResourceKey, _ count: Int, isDetailed: Bool = false
  ) throws(StatusError) -> History {
    let stored = try cluster.read { (session) throws(StatusError) in
      try session.resource(key.resource).stored
    }
    let place = StoreKeys.object(stored, namespace: key.namespace, name: key.name)
    return try read(below: place, count) { (events, session) throws(StatusError) in
      var entries: [HistoryEntry] = []
      for event in events where event.key == place {
        let entry = try single(event, session)
        if isDetailed || entry.change?.action != .unchanged { entries.append(entry) }
      }
      return entries
    }
  }

  /// Reads backwards in growing windows until there is enough.
  private func read(
    below prefix: String, _ count: Int,
    _ entries: ([Event], ClusterSession) throws(StatusError) -> [HistoryEntry]
  ) throws(StatusError) -> History {
    let summary: StoreSummary
    do { summary = try cluster.store.summary() } catch { throw StatusError(error) }
    var history = History(oldest: summary.oldestRevision, current: summary.currentRevision)
    // Reading at the oldest revision works, so its own write is known from there.
    let start = max(summary.oldestRevision - 1, 0)
    var window = Self.windowMin
    while true {
      let after = max(start, summary.currentRevision - window)
      let events = try events(below: prefix, after: after, oldest: start)
      history.entries = try cluster.read { (session) throws(StatusError) in
        Array(try entries(events, session).reversed().prefix(count))
      }
      if after == start || history.entries.count >= count { return history }
      window = window.multipliedReportingOverflow(by: 4).partialValue
    }
  }

  private func events(
    below prefix: String, after revision: Revision, oldest: Revision
  ) throws(StatusError) -> [Event] {
    var events: [Event] = []
    var after = revision
    while true {
      let page: EventPage
      do {
        page = try cluster.store.events(below: prefix, after: after, limit: 10_000)
      } catch {
        if case .expired(_, let oldest) = error, after < oldest {
          after = oldest
          continue
        }
        throw StatusError(error)
      }
      events += page.events
      if page.revision <= after || page.events.isEmpty { return events }
      after = page.revision
    }
  }

  // MARK: - Entries

  /// Writes of one command become one entry.
  private func grouped(
    _ events: [Event], _ session: ClusterSession
  ) throws(StatusError) -> [HistoryEntry] {
    var found: [HistoryEntry] = []
    /// Writes since the last entry that may still turn out to be a command's.
    var pending: [Event] = []
    var isNewCluster = false
    func flush() throws(StatusError) {
      if isNewCluster, let last = pending.last {
        var entry = HistoryEntry(
          revision: last.revision, first: pending.first?.revision ?? last.revision,
          time: time(last, session), writes: pending.count)
        entry.group = "new cluster"
        found.append(entry)
      } else {
        for event in pending { found.append(try single(event, session)) }
      }
      pending = []
      isNewCluster = false
    }
    for event in events {
      if event.key.hasPrefix(StoreKeys.objects) {
        pending.append(event)
        if isNewCluster, event.key == Self.lastOfNewCluster { try flush() }
      } else if event.key == StoreKeys.settings {
        try flush()
        isNewCluster = true
      } else if case .put(let entry, _) = event, event.key == JournalEntry.key,
        let journal = JournalEntry(entry)
      {
        let own = pending.filter { $0.revision >= journal.first }.count
        pending.removeLast(own)
        try flush()
        found.append(
          HistoryEntry(
            revision: event.revision, first: journal.first, time: journal.time,
            manager: journal.manager, journal: journal, writes: own))
      }
    }
    try flush()
    return found
  }

  private func time(_ event: Event, _ session: ClusterSession) -> String? {
    guard case .put(let entry, _) = event else { return nil }
    return (try? ObjectCodec.value(entry))?["metadata"]?["creationTimestamp"]?.string
  }

  /// What one write did.
  private func single(
    _ event: Event, _ session: ClusterSession
  ) throws(StatusError) -> HistoryEntry {
    let before = try event.previous.map { (entry) throws(StatusError) in
      try ObjectCodec.value(entry)
    }
    var after: Value?
    if case .put(let entry, _) = event { after = try ObjectCodec.value(entry) }
    let change = ChangeOfTimes(session).change(key: event.key, from: before, to: after)
    var entry = HistoryEntry(revision: event.revision, first: event.revision)
    entry.change = change
    let writer = after.flatMap { Self.lastWriter($0, before: before, change) }
    entry.manager = writer.map { Ownership.name($0.writer) }
    entry.time =
      change.action == .create
      ? after?["metadata"]?["creationTimestamp"]?.string : writer?.time
    return entry
  }

  /// Who wrote last, going by the times of managed fields.
  ///
  /// - Returns: nil where nobody owns what changed: controllers leave no entries.
  private static func lastWriter(
    _ object: Value, before: Value?, _ change: ObjectChange
  ) -> ManagedEntry? {
    let old = (try? ManagedFields(before?["metadata"]?["managedFields"]))?.entries ?? []
    let new = (try? ManagedFields(object["metadata"]?["managedFields"]))?.entries ?? []
    // Whoever lost a field did not write.
    var fresh = new.filter { entry in
      guard let known = old.first(where: { $0.writer == entry.writer }) else { return true }
      return known.time != entry.time || !entry.fields.subtracting(known.fields).isEmpty
    }
    // Two writes within a second look alike but for what they changed.
    if fresh.isEmpty {
      fresh = new.filter { entry in change.fields.contains { entry.fields.touches($0.path) } }
    }
    return fresh.max { ($0.time ?? "") < ($1.time ?? "") }
  }
}

/// The difference between an object at two times.
struct ChangeOfTimes {
  private let session: ClusterSession

  init(_ session: ClusterSession) { self.session = session }

  func change(key: String, from before: Value?, to after: Value?) -> ObjectChange {
    let object = identity(key, after ?? before ?? .emptyMap)
    let comparison = FieldComparison(types: session.mergeTypes, options: PlanOptions())
    guard let before else {
      var change = ObjectChange(object, after == nil ? .unchanged : .create)
      change.after = after.map(comparison.comparable)
      change.config = change.after
      return change
    }
    var change = ObjectChange(object, .delete)
    change.before = comparison.comparable(before)
    change.uid = before["metadata"]?["uid"]?.string
    guard let after else { return change }
    let difference = ObjectDiff(
      from: comparison.comparable(before), to: comparison.comparable(after),
      types: session.mergeTypes)
    change.after = comparison.comparable(after)
    change.fields = difference.changes.map { FieldChange($0, reason: .manifest) }
    change.action = change.fields.isEmpty ? .unchanged : .update
    change.adoptsFields =
      change.fields.isEmpty
      && before["metadata"]?["managedFields"] != after["metadata"]?["managedFields"]
    return change
  }

  private func identity(_ key: String, _ object: Value) -> ObjectIdentity {
    let place = StoreKeys.resourceKey(of: key)
    let apiVersion = object["apiVersion"]?.string ?? ""
    let kind = object["kind"]?.string ?? ""
    let name = place?.name ?? key
    if let served = session.catalog.resource(apiVersion: apiVersion, kind: kind) {
      return ObjectIdentity(served, namespace: place?.namespace, name: name)
    }
    // Its kind is gone.
    return ObjectIdentity(
      apiVersion: apiVersion, kind: kind,
      resource: place?.resource ?? GroupResource(group: "", kind.lowercased()),
      singular: kind.lowercased(), namespace: place?.namespace, name: name)
  }
}
