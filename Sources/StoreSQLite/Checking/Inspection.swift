import ClusterStore

/// Proves a file sound: its structure, what each row holds, the order of the revisions, the history
/// of each key, and that `present` says the same.
struct Inspection {
  private let session: Session
  private var database: Database { session.database }

  /// More problems than this tell nobody anything new.
  private static let problemsMax = 100

  init(_ session: Session) { self.session = session }

  /// All of it on one snapshot. A file too damaged to be read is a problem too, not an error.
  func problems() throws(StoreError) -> [StoreProblem] {
    var problems: [StoreProblem] = []
    do throws(StoreError) {
      try session.reading { () throws(StoreError) in
        try inspectPages(&problems)
        let oldest = try session.oldestRevision()
        try inspectRows(oldest, &problems)
        try inspectHistories(oldest, &problems)
        try inspectPresent(&problems)
      }
    } catch .unavailable(let fault) where fault.cause == .damaged || fault.cause == .notADatabase {
      problems.append(.damagedPages(fault.detail))
    } catch {
      throw error
    }
    return Array(problems.prefix(Self.problemsMax))
  }

  /// The first thing that is not as it was written. Leaves out what only a fault of ours could do.
  func damage() throws(StoreError) -> StoreProblem? {
    var problems: [StoreProblem] = []
    try inspectPages(&problems)
    if problems.isEmpty { try inspectRows(try session.oldestRevision(), &problems) }
    if problems.isEmpty { try inspectLinks(&problems) }
    return problems.first
  }

  /// Every present entry leads to the row that it tells of.
  private func inspectLinks(_ problems: inout [StoreProblem]) throws(StoreError) {
    let sql = """
      SELECT p.key FROM present p LEFT JOIN history h ON h.revision = p.revision
      WHERE h.key IS NOT p.key OR h.created IS NOT p.created OR h.version IS NOT p.version LIMIT 1
      """
    var found: [StoreProblem] = []
    try database.forEachRow(of: sql) { row in
      found.append(.wrongPresent(key: row.string(0)))
      return false
    }
    problems += found
  }

  private func inspectPages(_ problems: inout [StoreProblem]) throws(StoreError) {
    var found: [StoreProblem] = []
    try database.forEachRow(of: "PRAGMA integrity_check(20)") { row in
      let text = row.string(0)
      if text != "ok" { found.append(.damagedPages(text)) }
      return true
    }
    problems += found
  }

  /// Every row holds what was written, and after `oldest` no revision is missing.
  private func inspectRows(
    _ oldest: Revision, _ problems: inout [StoreProblem]
  ) throws(StoreError) {
    var found: [StoreProblem] = []
    var last = oldest
    let columns = "revision, key, created, version, previous, checksum, value"
    try database.forEachRow(of: "SELECT \(columns) FROM history ORDER BY revision") { statement in
      let row = HistoryRow(statement)
      if !row.isIntact { found.append(.wrongChecksum(revision: row.revision, key: row.key)) }
      if row.revision > oldest {
        // The row before is at `last`, so no addition here can overflow.
        if row.revision != last + 1 { found.append(.missingRevisions(last + 1...row.revision - 1)) }
        last = row.revision
      }
      return found.count < Self.problemsMax
    }
    if last == oldest, oldest > 1, try session.currentRevision() < oldest {
      found.append(.missingRevisions(oldest...oldest))
    }
    problems += found
  }

  private struct Before {
    var key: [UInt8] = []
    var revision: Revision = 0
    var created: Revision = 0
    var version: Int64 = 0
  }

  /// Every write of a key follows from the one before it.
  private func inspectHistories(
    _ oldest: Revision, _ problems: inout [StoreProblem]
  ) throws(StoreError) {
    var found: [StoreProblem] = []
    var before = Before()
    let sql = "SELECT revision, key, created, version, previous FROM history ORDER BY key, revision"
    try database.forEachRow(of: sql) { statement in
      let row = HistoryRow(statement)
      let isSameKey = row.keyBytes.elementsEqual(before.key)
      let isKnown = isSameKey || row.revision > oldest
      if !isSameKey { before = Before(key: Array(row.keyBytes)) }
      if isKnown, !Self.follows(row, before) {
        found.append(.brokenHistory(revision: row.revision, key: row.key))
      }
      before.revision = row.revision
      before.created = row.created
      before.version = row.version
      return found.count < Self.problemsMax
    }
    problems += found
  }

  private static func follows(_ row: HistoryRow, _ before: Before) -> Bool {
    let isLive = before.version > 0
    guard row.revision > before.revision, row.previous == (isLive ? before.revision : 0) else {
      return false
    }
    if row.version == 0 { return isLive && row.created == 0 }
    return row.version == before.version &+ 1
      && row.created == (isLive ? before.created : row.revision)
  }

  private func inspectPresent(_ problems: inout [StoreProblem]) throws(StoreError) {
    let stated = "SELECT key, revision, created, version FROM present"
    let worked = """
      SELECT h.key, h.revision, h.created, h.version
      FROM (SELECT MAX(revision) AS newest FROM history GROUP BY key) m
      JOIN history h ON h.revision = m.newest WHERE h.version > 0
      """
    var found: [StoreProblem] = []
    for (one, other) in [(stated, worked), (worked, stated)] {
      try database.forEachRow(of: "SELECT * FROM (\(one)) EXCEPT SELECT * FROM (\(other))") { row in
        let problem = StoreProblem.wrongPresent(key: row.string(0))
        if !found.contains(problem) { found.append(problem) }
        return found.count < Self.problemsMax
      }
    }
    problems += found
  }
}
