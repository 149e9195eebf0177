import ClusterStore

/// The store's verbs on one connection, inside whatever transaction is open. For one thread at a
/// time.
final class Session: StoreAccess {
  let database: Database
  /// Set while this session holds the right to write.
  private var writing: Writing?
  /// Whether the file was found sound since it was opened.
  private var isProven = false

  /// A file larger than this many bytes is not read whole before the first commit to it: that would
  /// take longer than most writes.
  private static let provenSizeMax: Int64 = 64 << 20

  private struct Writing {
    /// The revision of the last write, this transaction's included.
    var newest: Revision
    /// After it nothing more is written: SQLite may have given the transaction up.
    var fault: StoreError?
  }

  init(_ database: Database) { self.database = database }

  // MARK: Transactions

  /// Runs `body` on one snapshot.
  func reading<Result>(
    _ body: () throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    if writing != nil { return try body() }
    try database.run(.begin)
    do throws(StoreError) {
      let result = try body()
      try database.run(.commit)
      return result
    } catch {
      database.rollback()
      throw error
    }
  }

  /// Runs `body` while no other connection writes; what it wrote stays if it answers `keep`.
  func writing<Result>(
    _ body: () throws(StoreError) -> BatchDecision<Result>
  ) throws(StoreError) -> Result {
    precondition(writing == nil, "a batch inside a batch")
    try database.run(.beginWriting)
    defer { writing = nil }
    do throws(StoreError) {
      let start = try newestRevision()
      writing = Writing(newest: start)
      let decision = try body()
      switch decision {
      case .keep(let result):
        if let fault = writing?.fault { throw fault }
        try expectSound(since: start)
        try database.run(.commit)
        return result
      case .discard(let result):
        database.rollback()
        return result
      }
    } catch {
      database.rollback()
      throw error
    }
  }

  /// Nothing is written to a damaged file, wherever the damage is: what is left of it is what the
  /// owner can still save. Must be called while writing.
  private func expectSound(since start: Revision) throws(StoreError) {
    if isProven || writing?.newest == start { return }
    let pages = try database.number(of: "PRAGMA page_count")
    let size = pages &* (try database.number(of: "PRAGMA page_size"))
    if size <= Self.provenSizeMax, let problem = try Inspection(self).damage() {
      throw database.fault(.damaged, problem.message)
    }
    isProven = true
  }

  // MARK: Reading

  func currentRevision() throws(StoreError) -> Revision {
    if let writing { return writing.newest }
    return try newestRevision()
  }

  private func newestRevision() throws(StoreError) -> Revision {
    try database.with(.newest) { (row) throws(StoreError) in
      _ = try row.step()
      return max(row.int64(0), 1)
    }
  }

  func oldestRevision() throws(StoreError) -> Revision {
    try database.with(.oldest) { (row) throws(StoreError) in
      guard try row.step() else { throw database.fault(.damaged, "a fact is missing") }
      return row.int64(0)
    }
  }

  /// Throws unless the store can be read at `revision`.
  func expectReadable(_ revision: Revision, current: Revision) throws(StoreError) {
    guard revision <= current else { throw .future(revision: revision, current: current) }
    let oldest = try oldestRevision()
    guard revision >= oldest else { throw .expired(revision: revision, oldest: oldest) }
  }

  func entry(at key: String, revision: Revision?) throws(StoreError) -> Entry? {
    guard let revision else {
      return try database.with(.presentEntry) { (row) throws(StoreError) in
        try row.bind(1, key.utf8)
        return try row.step() ? presentEntry(row) : nil
      }
    }
    return try reading { () throws(StoreError) in
      try expectReadable(revision, current: try currentRevision())
      return try database.with(.entryAt) { (row) throws(StoreError) in
        try row.bind(1, key.utf8)
        try row.bind(2, revision)
        guard try row.step() else { return nil }
        let found = HistoryRow(row)
        return found.version == 0 ? nil : try found.entry()
      }
    }
  }

  /// The entry of a row that was found through `present`, whose key follows it.
  private func presentEntry(_ row: Statement) throws(StoreError) -> Entry {
    let found = HistoryRow(row)
    guard !found.isMissing, found.version > 0, found.keyBytes.elementsEqual(row.bytes(7)) else {
      throw database.fault(.damaged, "the list of present entries leads nowhere")
    }
    return try found.entry()
  }

  func list(_ query: ListQuery) throws(StoreError) -> Page {
    try reading { () throws(StoreError) in
      let current = try currentRevision()
      let revision = query.revision ?? current
      try expectReadable(revision, current: current)
      let range = KeyBytes(of: query)
      let limit = query.limit.map { Int64(max($0, 0)) } ?? -1
      var page = Page(entries: [], revision: revision, remaining: 0)
      page.entries =
        revision == current
        ? try listPresent(range, limit) : try listAt(revision, range, limit)
      if page.entries.count == query.limit.map({ max($0, 0) }) {
        let rest = page.entries.last.map { range.after($0.key) } ?? range
        page.remaining = try count(rest, at: revision == current ? nil : revision)
      }
      return page
    }
  }

  private func listPresent(
    _ range: KeyBytes, _ limit: Int64
  ) throws(StoreError) -> [Entry] {
    try database.with(.listPresent) { (row) throws(StoreError) in
      try row.bind(1, range.start)
      try row.bind(2, range.end)
      try row.bind(3, limit)
      var entries: [Entry] = []
      while try row.step() { entries.append(try presentEntry(row)) }
      return entries
    }
  }

  private func listAt(
    _ revision: Revision, _ range: KeyBytes, _ limit: Int64
  ) throws(StoreError) -> [Entry] {
    try database.with(.listAt) { (row) throws(StoreError) in
      try row.bind(1, range.start)
      try row.bind(2, range.end)
      try row.bind(3, revision)
      try row.bind(4, limit)
      var entries: [Entry] = []
      while try row.step() {
        let entry = try HistoryRow(row).entry()
        assert(
          entries.last.map { $0.key.utf8.lexicographicallyPrecedes(entry.key.utf8) } ?? true,
          "a list is in the order of its keys")
        entries.append(entry)
      }
      return entries
    }
  }

  private func count(_ range: KeyBytes, at revision: Revision?) throws(StoreError) -> Int {
    try database.with(revision == nil ? .countPresent : .countAt) { (row) throws(StoreError) in
      try row.bind(1, range.start)
      try row.bind(2, range.end)
      if let revision { try row.bind(3, revision) }
      _ = try row.step()
      return Int(row.int64(0))
    }
  }

  func events(
    below prefix: String, after revision: Revision, limit: Int
  ) throws(StoreError) -> EventPage {
    try reading { () throws(StoreError) in
      let current = try currentRevision()
      try expectReadable(revision, current: current)
      guard limit > 0 else { return EventPage(events: [], revision: revision) }
      let range = KeyBytes(prefix: prefix)
      return try database.with(.events) { (row) throws(StoreError) in
        try row.bind(1, revision)
        try row.bind(2, range.start)
        try row.bind(3, range.end)
        try row.bind(4, Int64(limit))
        var page = EventPage(events: [], revision: current)
        while try row.step() { page.events.append(try event(row)) }
        if page.events.count == limit, let last = page.events.last { page.revision = last.revision }
        return page
      }
    }
  }

  private func event(_ row: Statement) throws(StoreError) -> Event {
    let write = HistoryRow(row)
    let before = HistoryRow(row, column: 7)
    let previous = before.isMissing ? nil : try before.entry()
    let entry = try write.entry()
    return entry.version == 0
      ? .delete(key: entry.key, revision: entry.modRevision, previous: previous)
      : .put(entry, previous: previous)
  }

  // MARK: Writing

  /// Must be called while writing.
  func commit(_ transaction: Transaction) throws(StoreError) -> Commit {
    if let fault = writing?.fault { throw fault }
    // Mostly one key is judged and then written: it need not be looked up twice.
    var judged: (key: String, head: Head?)?
    do throws(StoreError) {
      try transaction.judge { (key) throws(StoreError) in
        let found = try head(of: key)
        judged = (key, found)
        return found?.revision ?? 0
      }
      let isOne = transaction.writes.count == 1
      for write in transaction.writes {
        switch write {
        case .put(let key, let value):
          // By bytes: two different keys may be equal as text.
          let known = isOne && judged.map { $0.key.utf8.elementsEqual(key.utf8) } ?? false
          try put(key, value, over: known ? judged?.head : try head(of: key))
        case .delete(let key): try delete(key)
        }
      }
    } catch {
      // A refusal was told before anything was written; a fault may have come in the middle.
      if case .unavailable = error { writing?.fault = error }
      throw error
    }
    return Commit(revision: try currentRevision(), writeCount: transaction.writes.count)
  }

  private struct Head {
    var revision: Revision
    var created: Revision
    var version: Int64
  }

  private func head(of key: String) throws(StoreError) -> Head? {
    try database.with(.head) { (row) throws(StoreError) in
      try row.bind(1, key.utf8)
      guard try row.step() else { return nil }
      return Head(revision: row.int64(0), created: row.int64(1), version: row.int64(2))
    }
  }

  private func takeRevision() throws(StoreError) -> Revision {
    guard let newest = writing?.newest else { preconditionFailure("a write without a transaction") }
    let (next, isTooLarge) = newest.addingReportingOverflow(1)
    if isTooLarge { throw database.fault(.damaged, "its revisions are used up") }
    writing?.newest = next
    return next
  }

  private func put(
    _ key: String, _ value: [UInt8], over before: Head?
  ) throws(StoreError) {
    let revision = try takeRevision()
    let head = Head(
      revision: revision, created: before?.created ?? revision, version: (before?.version ?? 0) &+ 1
    )
    guard head.version > 0 else { throw database.fault(.damaged, "a version is out of range") }
    try insert(key, value, head, previous: before?.revision ?? 0)
    try database.with(.setPresent) { (row) throws(StoreError) in
      try row.bind(1, key.utf8)
      try row.bind(2, head.revision)
      try row.bind(3, head.created)
      try row.bind(4, head.version)
      _ = try row.step()
    }
  }

  private func delete(_ key: String) throws(StoreError) {
    guard let before = try head(of: key) else { preconditionFailure("the judge found the key") }
    let head = Head(revision: try takeRevision(), created: 0, version: 0)
    try insert(key, [], head, previous: before.revision)
    try database.with(.removePresent) { (row) throws(StoreError) in
      try row.bind(1, key.utf8)
      _ = try row.step()
    }
  }

  private func insert(
    _ key: String, _ value: [UInt8], _ head: Head, previous: Revision
  ) throws(StoreError) {
    var key = key
    let failure: StoreError? = key.withUTF8 { keyBytes in
      value.withUnsafeBytes { valueBytes in
        do throws(StoreError) {
          try insert(UnsafeRawBufferPointer(keyBytes), valueBytes, head, previous)
          return nil
        } catch {
          return error
        }
      }
    }
    if let failure { throw failure }
  }

  private func insert(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, _ head: Head,
    _ previous: Revision
  ) throws(StoreError) {
    let numbers = (head.revision, head.created, head.version, previous)
    try database.with(.insert) { (row) throws(StoreError) in
      try row.bind(1, head.revision)
      try row.bind(2, key)
      try row.bind(3, head.created)
      try row.bind(4, head.version)
      try row.bind(5, previous)
      try row.bind(6, Checksum.of(numbers, key: key, value: value))
      try row.bind(borrowing: value, 7)
      _ = try row.step()
    }
  }

  /// Must be called while writing.
  func forget(before revision: Revision) throws(StoreError) {
    try database.with(.forget) { (row) throws(StoreError) in
      try row.bind(1, revision)
      _ = try row.step()
    }
    try database.with(.setOldest) { (row) throws(StoreError) in
      try row.bind(1, revision)
      _ = try row.step()
    }
  }
}

/// A range of keys as bytes: from `start` up to and without `end`.
struct KeyBytes {
  var start: [UInt8]
  let end: [UInt8]

  /// All keys that begin with `prefix`.
  init(prefix: String) {
    start = Array(prefix.utf8)
    var end = start
    // UTF-8 has no byte 0xFF, so the last byte can always be counted up.
    if let last = end.indices.last { end[last] += 1 } else { end = [0xFF] }
    self.end = end
  }

  init(of query: ListQuery) {
    self.init(prefix: query.prefix)
    guard let after = query.after else { return }
    let next = Array(after.utf8) + [0]
    if start.lexicographicallyPrecedes(next) { start = next }
  }

  /// The part behind `key`.
  func after(_ key: String) -> KeyBytes {
    var rest = self
    rest.start = Array(key.utf8) + [0]
    return rest
  }
}
