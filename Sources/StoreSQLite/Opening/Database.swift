import CSQLite
import ClusterStore

/// One connection to SQLite, and what its answers mean. For one thread at a time.
final class Database {
  let handle: OpaquePointer
  /// The file, as the user knows it.
  let place: String
  private let waitMilliseconds: Int
  private var statements = [OpaquePointer?](repeating: nil, count: Query.allCases.count)

  /// Opens a file that exists and is ours; touches nothing before that is sure.
  init(opening path: String, options: SQLiteStore.Options) throws(StoreError) {
    place = path
    waitMilliseconds = options.waitMilliseconds
    handle = try Self.open(path, SQLITE_OPEN_READWRITE, place: path)
    sqlite3_busy_timeout(handle, Int32(clamping: waitMilliseconds))
    try judgeHeader()
    try configure(options)
    try judgeVersion()
  }

  /// Opens a database in memory, on behalf of `place`.
  init(openingMemoryFor place: String) throws(StoreError) {
    self.place = place
    waitMilliseconds = 0
    handle = try Self.open(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, place: place)
  }

  deinit {
    for statement in statements { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  private static func open(
    _ path: String, _ flags: Int32, place: String
  ) throws(StoreError) -> OpaquePointer {
    var handle: OpaquePointer?
    // No mutex: the store has one of its own. Extended codes tell a full disk from a broken one.
    let all = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let code = sqlite3_open_v2(path, &handle, all, nil)
    guard code == SQLITE_OK, let handle else {
      let fault = SQLiteFault(code: code, handle: handle, place: place, waitMilliseconds: 0)
      sqlite3_close_v2(handle)
      throw fault.error
    }
    return handle
  }

  // MARK: Is it ours?

  private static let headerSize = 100

  /// Refuses a file by its first bytes, before SQLite would repair or lock anything.
  private func judgeHeader() throws(StoreError) {
    var header = [UInt8](repeating: 0, count: Self.headerSize)
    var size: Int64 = 0
    try expectOK(csqlite_read_header(handle, &header, Int32(Self.headerSize), &size))
    guard size > 0 else { throw fault(.notADatabase, "it is empty") }
    guard size >= Self.headerSize, header.starts(with: Array("SQLite format 3\0".utf8)) else {
      throw fault(.notADatabase, "it is no SQLite file")
    }
    let application = Self.number(header, at: 68)
    guard application == Schema.applicationID else {
      throw fault(.foreign(applicationID: application))
    }
    try judge(version: Int(Self.number(header, at: 60)))
  }

  /// The header in the log may be newer than that in the file.
  private func judgeVersion() throws(StoreError) {
    try judge(version: Int(try number(of: "PRAGMA user_version")))
    let version = Int(try number(of: "PRAGMA user_version"))
    guard version < Schema.version else { return }
    try execute("BEGIN IMMEDIATE")
    do throws(StoreError) {
      // Another process may have been quicker.
      let now = Int(try number(of: "PRAGMA user_version"))
      try judge(version: now)
      try Schema.migrate(self, from: now)
      try execute("COMMIT")
    } catch {
      rollback()
      throw error
    }
  }

  private func judge(version: Int) throws(StoreError) {
    guard version <= Schema.version else {
      throw fault(.newer(schema: version, known: Schema.version))
    }
    guard version > 0 else { throw fault(.damaged, "its schema has version \(version)") }
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private func configure(_ options: SQLiteStore.Options) throws(StoreError) {
    // FULL: a commit that was answered survives a loss of power. The cache takes what a batch of
    // thousands of objects changes, so that no page is written twice; it grows as it is needed.
    try execute(
      """
      PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;
      PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864
      """)
    guard try text(of: "PRAGMA journal_mode = WAL") == "wal" else {
      throw fault(.refused, "its file system does not allow write-ahead logging")
    }
    if let bytes = options.bytesMax {
      let pageSize = max(try number(of: "PRAGMA page_size"), 512)
      try execute("PRAGMA max_page_count = \(max(Int64(bytes) / pageSize, 1))")
    }
  }

  // MARK: Statements

  /// Runs `body` on the prepared statement of `query`, which is reset afterwards.
  func with<Result>(
    _ query: Query, _ body: (Statement) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    let statement = Statement(handle: try prepared(query), database: self)
    defer { sqlite3_reset(statement.handle) }
    return try body(statement)
  }

  /// Runs a query that answers nothing.
  func run(_ query: Query) throws(StoreError) {
    try with(query) { (statement) throws(StoreError) in _ = try statement.step() }
  }

  private func prepared(_ query: Query) throws(StoreError) -> OpaquePointer {
    if let statement = statements[query.rawValue] { return statement }
    var statement: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    try expectOK(sqlite3_prepare_v3(handle, query.sql, -1, flags, &statement, nil))
    guard let statement else { preconditionFailure("a query without a statement") }
    statements[query.rawValue] = statement
    return statement
  }

  /// Visits the rows of a query that is run seldom; `visit` answers whether to go on.
  func forEachRow(
    of sql: String, _ visit: (Statement) throws(StoreError) -> Bool
  ) throws(StoreError) {
    var prepared: OpaquePointer?
    try expectOK(sqlite3_prepare_v2(handle, sql, -1, &prepared, nil))
    guard let prepared else { return }
    defer { sqlite3_finalize(prepared) }
    let statement = Statement(handle: prepared, database: self)
    while try statement.step() {
      guard try visit(statement) else { return }
    }
  }

  /// The first column of the first row.
  func number(of sql: String) throws(StoreError) -> Int64 {
    var number: Int64 = 0
    try forEachRow(of: sql) { row in
      number = row.int64(0)
      return false
    }
    return number
  }

  private func text(of sql: String) throws(StoreError) -> String {
    var text = ""
    try forEachRow(of: sql) { row in
      text = row.string(0)
      return false
    }
    return text
  }

  /// Runs statements whose answers do not matter.
  func execute(_ sql: String) throws(StoreError) {
    try expectOK(sqlite3_exec(handle, sql, nil, nil, nil))
  }

  /// Ends a transaction that failed. SQLite has often done so itself.
  func rollback() {
    if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
  }

  func serialized() throws(StoreError) -> [UInt8] {
    var size: Int64 = 0
    guard let bytes = sqlite3_serialize(handle, "main", &size, 0) else {
      throw fault(.refused, "there is not enough memory")
    }
    defer { sqlite3_free(bytes) }
    return Array(UnsafeBufferPointer(start: bytes, count: Int(size)))
  }

  // MARK: Faults

  func expectOK(_ code: Int32) throws(StoreError) {
    guard code == SQLITE_OK else { throw error(code) }
  }

  func error(_ code: Int32) -> StoreError {
    SQLiteFault(code: code, handle: handle, place: place, waitMilliseconds: waitMilliseconds).error
  }

  func fault(_ cause: StorageFault.Cause, _ detail: String = "") -> StoreError {
    .unavailable(StorageFault(cause, place: place, detail: detail))
  }
}
