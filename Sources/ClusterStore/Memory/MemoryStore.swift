import Synchronization

/// A store that lasts as long as the process, and forks at no cost.
public final class MemoryStore: Store {
  /// Held for a whole write or batch, so that writers take turns; readers do not wait for it.
  private let turn = Mutex(())
  /// Held only to look or to put a new state in place.
  private let state: Mutex<MemoryState>
  public let changes = ChangeSignal()

  public init() { state = Mutex(MemoryState()) }

  private init(_ initial: MemoryState) { state = Mutex(initial) }

  /// A copy of what `store` holds now, or held at `revision`, without the history before. Entries
  /// keep their revisions.
  public init(copying store: some StoreAccess, at revision: Revision? = nil) throws(StoreError) {
    let page = try store.list(ListQuery(prefix: "", at: revision))
    var copy = MemoryState()
    for entry in page.entries { copy.adopt(entry) }
    copy.current = page.revision
    copy.oldest = page.revision
    copy.log = RecordLog(beginningAt: page.revision + 1)
    state = Mutex(copy)
  }

  /// A store with the same content and history that goes its own way from here.
  ///
  /// - Complexity: O(1); both share what neither has changed.
  public func fork() -> MemoryStore { MemoryStore(snapshot) }

  private var snapshot: MemoryState { state.withLock { $0 } }

  public func currentRevision() -> Revision { state.withLock { $0.current } }

  public func entry(at key: String, revision: Revision?) throws(StoreError) -> Entry? {
    try snapshot.entry(at: key, revision: revision)
  }

  public func list(_ query: ListQuery) throws(StoreError) -> Page { try snapshot.list(query) }

  public func events(
    below prefix: String, after revision: Revision, limit: Int
  ) throws(StoreError) -> EventPage {
    try snapshot.events(below: prefix, after: revision, limit: limit)
  }

  @discardableResult
  public func commit(_ transaction: Transaction) throws(StoreError) -> Commit {
    let commit = try turn.withLock { (_) throws(StoreError) in
      // In place: the state is not shared, so nothing is copied.
      try state.withLock { (state) throws(StoreError) in try state.commit(transaction) }
    }
    if commit.writeCount > 0 { changes.announce(commit.revision) }
    return commit
  }

  public func batch<Outcome: Sendable>(
    _ body: (any StoreAccess) throws(StoreError) -> BatchDecision<Outcome>
  ) throws(StoreError) -> Outcome {
    let (outcome, revision) = try turn.withLock {
      (_) throws(StoreError) -> (Outcome, Revision?) in
      let batch = MemoryBatch(snapshot)
      let before = batch.state.current
      switch try body(batch) {
      case .discard(let outcome): return (outcome, nil)
      case .keep(let outcome):
        let after = batch.state
        state.withLock { $0 = after }
        return (outcome, after.current > before ? after.current : nil)
      }
    }
    if let revision { changes.announce(revision) }
    return outcome
  }

  public func compact(to revision: Revision) throws(StoreError) {
    try turn.withLock { (_) throws(StoreError) in
      var compacted = snapshot
      try compacted.compact(to: revision)
      let result = compacted
      state.withLock { $0 = result }
    }
  }

  public func check() -> [StoreProblem] { snapshot.problems() }

  public func summary() -> StoreSummary {
    let state = snapshot
    return StoreSummary(
      currentRevision: state.current, oldestRevision: state.oldest, entryCount: state.liveCount,
      recordCount: state.recordCount, byteCount: nil)
  }
}

/// What a batch works on: a copy that becomes the store's state if it is kept.
private final class MemoryBatch: StoreAccess {
  var state: MemoryState

  init(_ state: MemoryState) { self.state = state }

  func currentRevision() -> Revision { state.current }

  func entry(at key: String, revision: Revision?) throws(StoreError) -> Entry? {
    try state.entry(at: key, revision: revision)
  }

  func list(_ query: ListQuery) throws(StoreError) -> Page { try state.list(query) }

  func commit(_ transaction: Transaction) throws(StoreError) -> Commit {
    try state.commit(transaction)
  }
}
