/// All that a memory store holds, as a value: copying it is cheap, and copies share their history.
struct MemoryState: Sendable {
  /// The writes of each key since compaction, oldest first; never empty.
  var histories = OrderedMap<[Record]>()
  var log = RecordLog(beginningAt: 2)
  var current: Revision = 1
  /// Reads before this revision are refused.
  var oldest: Revision = 1
  var liveCount = 0
  var recordCount = 0

  init() {}

  // MARK: Reading

  /// Throws unless the store can be read at `revision`; answers nil for the present.
  func readable(_ revision: Revision?) throws(StoreError) -> Revision {
    guard let revision else { return current }
    guard revision <= current else { throw .future(revision: revision, current: current) }
    guard revision >= oldest else { throw .expired(revision: revision, oldest: oldest) }
    return revision
  }

  func entry(at key: String, revision: Revision?) throws(StoreError) -> Entry? {
    let revision = try readable(revision)
    return histories[key].flatMap { Self.entry(of: $0, at: revision) }
  }

  func list(_ query: ListQuery) throws(StoreError) -> Page {
    let revision = try readable(query.revision)
    let limit = query.limit ?? Int.max
    var start = query.prefix
    if let after = query.after, KeyOrder.compare(after, start) > 0 { start = after }
    var page = Page(entries: [], revision: revision, remaining: 0)
    histories.visit(from: start) { key, records in
      guard KeyOrder.hasPrefix(key, query.prefix) else { return false }
      if let after = query.after, KeyOrder.compare(key, after) <= 0 { return true }
      guard let entry = Self.entry(of: records, at: revision) else { return true }
      if page.entries.count < limit {
        page.entries.append(entry)
      } else {
        page.remaining += 1
      }
      return true
    }
    return page
  }

  func events(
    below prefix: String, after revision: Revision, limit: Int
  ) throws(StoreError) -> EventPage {
    let start = try readable(revision)
    var page = EventPage(events: [], revision: current)
    guard limit > 0 else { return EventPage(events: [], revision: start) }
    log.visit(after: start) { record in
      let key = record.entry.key
      guard KeyOrder.hasPrefix(key, prefix) else { return true }
      let previous = previous(of: record)
      page.events.append(
        record.isDeletion
          ? .delete(key: key, revision: record.entry.modRevision, previous: previous)
          : .put(record.entry, previous: previous))
      guard page.events.count == limit else { return true }
      page.revision = record.entry.modRevision
      return false
    }
    return page
  }

  private func previous(of record: Record) -> Entry? {
    guard let records = histories[record.entry.key] else { return nil }
    return Self.entry(of: records, at: record.entry.modRevision - 1)
  }

  /// The entry that `records` leave at `revision`.
  private static func entry(of records: [Record], at revision: Revision) -> Entry? {
    guard let index = index(of: records, at: revision) else { return nil }
    let record = records[index]
    return record.isDeletion ? nil : record.entry
  }

  /// The last of `records` that is not after `revision`.
  static func index(of records: [Record], at revision: Revision) -> Int? {
    if let last = records.last, last.entry.modRevision <= revision { return records.count - 1 }
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].entry.modRevision <= revision { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }

  // MARK: Writing

  mutating func commit(_ transaction: Transaction) throws(StoreError) -> Commit {
    try transaction.judge { (key) throws(StoreError) in
      try entry(at: key, revision: nil)?.modRevision ?? 0
    }
    for write in transaction.writes {
      switch write {
      case .put(let key, let value): put(key, value)
      case .delete(let key): delete(key)
      }
    }
    return Commit(revision: current, writeCount: transaction.writes.count)
  }

  private mutating func put(_ key: String, _ value: [UInt8]) {
    current += 1
    recordCount += 1
    let revision = current
    var record: Record?
    histories.update(key, default: []) { records in
      var entry = Entry(
        key: key, value: value, createRevision: revision, modRevision: revision, version: 1)
      if let last = records.last, !last.isDeletion {
        entry.createRevision = last.entry.createRevision
        entry.version = last.entry.version + 1
      }
      let made = Record(entry)
      records.append(made)
      record = made
    }
    guard let record else { preconditionFailure("the map did not make the change") }
    if record.entry.version == 1 { liveCount += 1 }
    log.append(record)
  }

  private mutating func delete(_ key: String) {
    current += 1
    recordCount += 1
    let record = Record.deletion(of: key, at: current)
    histories.update(key, default: []) { $0.append(record) }
    liveCount -= 1
    log.append(record)
  }

  /// Takes over an entry with its revisions; for copying another store.
  mutating func adopt(_ entry: Entry) {
    histories.update(entry.key, default: []) { $0 = [Record(entry)] }
    liveCount += 1
    recordCount += 1
  }
}
