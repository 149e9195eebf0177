import CSQLite

/// A table of keys and values as anybody would write one: what the store is measured against.
///
/// Failures are of the machine, not of what is measured, so they end the run.
final class PlainTable {
  private let handle: OpaquePointer

  init(path: String) {
    var handle: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    guard sqlite3_open_v2(path, &handle, flags, nil) == SQLITE_OK, let handle else {
      preconditionFailure("cannot make \(path)")
    }
    self.handle = handle
    execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16384")
    execute("CREATE TABLE objects (key TEXT PRIMARY KEY, value BLOB NOT NULL)")
  }

  deinit { sqlite3_close_v2(handle) }

  private func execute(_ sql: String) {
    precondition(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK, "SQLite refused: \(sql)")
  }

  private func prepared(_ sql: String) -> OpaquePointer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      preconditionFailure("SQLite refused: \(sql)")
    }
    return statement
  }

  private func bind(_ bytes: UnsafeRawBufferPointer, _ index: Int32, of statement: OpaquePointer) {
    let count = Int32(truncatingIfNeeded: bytes.count)
    let code = csqlite_bind_borrowed(statement, index, bytes.baseAddress, count)
    precondition(code == SQLITE_OK, "SQLite takes no value")
  }

  private func bind(key: String, of statement: OpaquePointer) {
    let code = csqlite_bind_text(statement, 1, key, Int32(truncatingIfNeeded: key.utf8.count))
    precondition(code == SQLITE_OK, "SQLite takes no key")
  }

  /// Inserts all of `rows` in one transaction, by one prepared statement.
  func insert(_ rows: [(key: String, value: [UInt8])]) {
    let statement = prepared("INSERT INTO objects VALUES (?1, ?2)")
    defer { sqlite3_finalize(statement) }
    execute("BEGIN IMMEDIATE")
    for row in rows {
      row.value.withUnsafeBytes { value in
        bind(key: row.key, of: statement)
        bind(value, 2, of: statement)
        precondition(sqlite3_step(statement) == SQLITE_DONE, "SQLite inserts nothing")
        sqlite3_reset(statement)
      }
    }
    execute("COMMIT")
  }

  /// Reads each of `keys` by one prepared statement; returns how many bytes there were.
  func read(_ keys: [String]) -> Int {
    let statement = prepared("SELECT value FROM objects WHERE key = ?1")
    defer { sqlite3_finalize(statement) }
    var total = 0
    for key in keys {
      bind(key: key, of: statement)
      precondition(sqlite3_step(statement) == SQLITE_ROW, "a key is gone")
      total += copy(of: statement).count
      sqlite3_reset(statement)
    }
    return total
  }

  /// Reads all values in the order of their keys and copies them behind each other.
  func readAll() -> [UInt8] {
    let statement = prepared("SELECT value FROM objects ORDER BY key")
    defer { sqlite3_finalize(statement) }
    var all: [UInt8] = []
    while sqlite3_step(statement) == SQLITE_ROW { all += bytes(of: statement) }
    return all
  }

  private func bytes(of statement: OpaquePointer) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, 0)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, 0)))
  }

  private func copy(of statement: OpaquePointer) -> [UInt8] { Array(bytes(of: statement)) }
}
