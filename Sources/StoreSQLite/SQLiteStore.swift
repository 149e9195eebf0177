import CSQLite
import ClusterStore
import Glibc
import Synchronization

/// A store in one SQLite file, which several processes may use at once.
///
/// A commit that was answered survives the end of the process and a loss of power. Writers take
/// turns; one waits for at most `Options.wait`. Threads of one store take turns too.
public final class SQLiteStore: Store {
  /// What may be at the path.
  public enum Opening: Hashable, Sendable {
    /// A store, which must be there.
    case existing
    /// Nothing; a store is made.
    case new
    /// Either.
    case existingOrNew
  }

  public struct Options: Hashable, Sendable {
    /// How long to wait for another process to finish writing, in milliseconds.
    public var waitMilliseconds: Int
    /// How large the file may grow; nil means as large as the disk.
    public var bytesMax: Int?

    public init(waitMilliseconds: Int = 5000, bytesMax: Int? = nil) {
      self.waitMilliseconds = waitMilliseconds
      self.bytesMax = bytesMax
    }
  }

  /// Only to be touched while `lock` is held: the compiler cannot see that.
  private nonisolated(unsafe) let session: Session
  private let lock = Mutex(())
  public let changes = ChangeSignal()
  /// The file, as it was given.
  public let path: String

  /// Opens or makes the store at `path`. A new file is for its owner alone, and so are the folders
  /// that have to be made for it.
  ///
  /// - Throws: `unavailable` with the reason; nothing was changed then, and a file that is not a
  ///   store
  ///   of kmf is never written to.
  public init(
    path: String, opening: Opening = .existingOrNew, options: Options = Options()
  ) throws(StoreError) {
    try DatabaseFile(path: path).prepare(for: opening)
    self.path = path
    session = Session(try Database(opening: path, options: options))
  }

  private func withSession<Result: Sendable>(
    _ body: (Session) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try lock.withLock { (_) throws(StoreError) in try body(session) }
  }

  public func currentRevision() throws(StoreError) -> Revision {
    try withSession { (session) throws(StoreError) in try session.currentRevision() }
  }

  public func entry(at key: String, revision: Revision?) throws(StoreError) -> Entry? {
    try withSession { (session) throws(StoreError) in
      try session.entry(at: key, revision: revision)
    }
  }

  public func list(_ query: ListQuery) throws(StoreError) -> Page {
    try withSession { (session) throws(StoreError) in try session.list(query) }
  }

  public func events(
    below prefix: String, after revision: Revision, limit: Int
  ) throws(StoreError) -> EventPage {
    try withSession { (session) throws(StoreError) in
      try session.events(below: prefix, after: revision, limit: limit)
    }
  }

  @discardableResult
  public func commit(_ transaction: Transaction) throws(StoreError) -> Commit {
    let commit = try withSession { (session) throws(StoreError) in
      try session.writing { () throws(StoreError) in .keep(try session.commit(transaction)) }
    }
    if commit.writeCount > 0 { changes.announce(commit.revision) }
    return commit
  }

  public func batch<Outcome: Sendable>(
    _ body: (any StoreAccess) throws(StoreError) -> BatchDecision<Outcome>
  ) throws(StoreError) -> Outcome {
    let (outcome, revision) = try withSession {
      (session) throws(StoreError) -> (Outcome, Revision?) in
      try session.writing { () throws(StoreError) -> BatchDecision<(Outcome, Revision?)> in
        let before = try session.currentRevision()
        switch try body(session) {
        case .discard(let outcome): return .discard((outcome, nil))
        case .keep(let outcome):
          let after = try session.currentRevision()
          return .keep((outcome, after > before ? after : nil))
        }
      }
    }
    if let revision { changes.announce(revision) }
    return outcome
  }

  public func compact(to revision: Revision) throws(StoreError) {
    try withSession { (session) throws(StoreError) in
      try session.writing { () throws(StoreError) -> BatchDecision<Void> in
        let current = try session.currentRevision()
        guard revision <= current else { throw .future(revision: revision, current: current) }
        guard revision > (try session.oldestRevision()) else { return .discard(()) }
        try session.forget(before: revision)
        return .keep(())
      }
      // Gives the space back. Somebody reading can put the second off; that harms nothing.
      try session.database.execute("PRAGMA incremental_vacuum")
      try session.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }

  public func check() throws(StoreError) -> [StoreProblem] {
    try withSession { (session) throws(StoreError) in try Inspection(session).problems() }
  }

  public func summary() throws(StoreError) -> StoreSummary {
    try withSession { (session) throws(StoreError) in
      try session.reading { () throws(StoreError) in
        let database = session.database
        let pages = try database.number(of: "PRAGMA page_count")
        return StoreSummary(
          currentRevision: try session.currentRevision(),
          oldestRevision: try session.oldestRevision(),
          entryCount: Int(try database.number(of: "SELECT COUNT(*) FROM present")),
          recordCount: Int(try database.number(of: "SELECT COUNT(*) FROM history")),
          byteCount: Int(pages) * Int(try database.number(of: "PRAGMA page_size")))
      }
    }
  }

  /// Waits until there is something after `revision`, for at most `milliseconds`; answers the
  /// current revision. Sees what other processes write.
  public func waitForChange(
    after revision: Revision, atMost milliseconds: Int
  ) throws(StoreError) -> Revision {
    var left = milliseconds
    while true {
      let current = try currentRevision()
      if current > revision || left <= 0 { return current }
      let step = min(left, 20)
      usleep(UInt32(step) * 1000)
      left -= step
    }
  }
}
