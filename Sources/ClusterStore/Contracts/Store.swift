/// Keys and opaque values with a history, as etcd keeps them: what every store can do, alone or
/// inside a batch.
///
/// Keys are compared by their UTF-8 bytes, never as text. All calls are synchronous.
public protocol StoreAccess {
  /// The revision of the newest write; 1 when there was none.
  func currentRevision() throws(StoreError) -> Revision

  /// The entry at `key`, as it is now or was at `revision`; nil when there is none.
  ///
  /// - Throws: `expired` for a revision that was compacted away, `future` for one to come.
  func entry(at key: String, revision: Revision?) throws(StoreError) -> Entry?

  /// Entries by prefix, all of one moment.
  ///
  /// - Throws: as `entry(at:revision:)`.
  func list(_ query: ListQuery) throws(StoreError) -> Page

  /// Does all of `transaction` or, when it throws, none of it.
  @discardableResult
  func commit(_ transaction: Transaction) throws(StoreError) -> Commit
}

/// A store of its own: what `StoreAccess` promises, with watches, batches and compaction.
///
/// Every implementation passes the same tests (`Tests/StoreContractTests`).
public protocol Store: StoreAccess, Sendable {
  /// The events after `revision` on keys with `prefix`, oldest first, at most `limit`.
  ///
  /// - Throws: `expired` when some of them were compacted away: list, and watch from there.
  func events(
    below prefix: String, after revision: Revision, limit: Int
  ) throws(StoreError) -> EventPage

  /// Runs `body` while nobody else writes, and keeps or discards all that it wrote, at once.
  ///
  /// `body` reads its own writes, and their revisions are final if they are kept. Others see
  /// nothing of it until it is kept. When `body` throws, nothing is kept. It must work on what it
  /// is given: calling the store itself from inside would wait forever.
  func batch<Outcome: Sendable>(
    _ body: (any StoreAccess) throws(StoreError) -> BatchDecision<Outcome>
  ) throws(StoreError) -> Outcome

  /// Forgets what is only needed to read at revisions before `revision`.
  ///
  /// Compacting twice to the same revision changes nothing.
  /// - Throws: `future` for a revision to come.
  func compact(to revision: Revision) throws(StoreError)

  /// Everything that is wrong with what is stored; empty for a sound store.
  func check() throws(StoreError) -> [StoreProblem]

  func summary() throws(StoreError) -> StoreSummary

  /// Calls whoever asked after each commit of this process.
  var changes: ChangeSignal { get }
}

/// What becomes of a batch.
public enum BatchDecision<Outcome: Sendable>: Sendable {
  case keep(Outcome)
  /// For a dry run or a refusal: nothing of the batch happened.
  case discard(Outcome)
}

extension StoreAccess {
  /// The present entry at `key`; nil when there is none.
  public func entry(at key: String) throws(StoreError) -> Entry? {
    try entry(at: key, revision: nil)
  }

  /// All present entries with `prefix`.
  public func list(_ prefix: String) throws(StoreError) -> Page {
    try list(ListQuery(prefix: prefix))
  }

  /// Makes `key`; refused as `exists` when it is there. Returns the write's revision.
  @discardableResult
  public func create(_ key: String, _ value: [UInt8]) throws(StoreError) -> Revision {
    try commit(Transaction(if: [.absent(key)], [.put(key, value)])).revision
  }

  /// Changes `key` if its last write was `expected`. Returns the write's revision.
  ///
  /// - Throws: `conflict` when another writer came first, `absent` when the key is gone.
  @discardableResult
  public func update(
    _ key: String, _ value: [UInt8], expecting expected: Revision
  ) throws(StoreError) -> Revision {
    try commit(Transaction(if: [.unchanged(key, at: expected)], [.put(key, value)])).revision
  }

  /// Writes `key`, whatever is there. Returns the write's revision.
  @discardableResult
  public func put(_ key: String, _ value: [UInt8]) throws(StoreError) -> Revision {
    try commit(Transaction([.put(key, value)])).revision
  }

  /// Deletes `key`, if its last write was `expected` where that is given. Returns the revision.
  @discardableResult
  public func delete(
    _ key: String, expecting expected: Revision? = nil
  ) throws(StoreError) -> Revision {
    let conditions = expected.map { [Transaction.Condition.unchanged(key, at: $0)] } ?? []
    return try commit(Transaction(if: conditions, [.delete(key)])).revision
  }
}
