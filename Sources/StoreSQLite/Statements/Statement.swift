import CSQLite
import ClusterStore

/// A prepared statement while it is in use: bind from 1, step, read columns from 0.
struct Statement {
  let handle: OpaquePointer
  let database: Database

  func bind(_ index: Int32, _ value: Int64) throws(StoreError) {
    try database.expectOK(sqlite3_bind_int64(handle, index, value))
  }

  /// Text is compared by its bytes, so any bytes will do.
  func bind(_ index: Int32, _ bytes: some Collection<UInt8>) throws(StoreError) {
    let code =
      bytes.withContiguousStorageIfAvailable { bindText(index, $0) }
      ?? Array(bytes).withUnsafeBufferPointer { bindText(index, $0) }
    try database.expectOK(code)
  }

  private func bindText(_ index: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    // A nil pointer would bind NULL.
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      return sqlite3_bind_text(handle, index, "", 0, nil)
    }
    guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
    return csqlite_bind_text(handle, index, start, count)
  }

  /// Binds bytes that stay in place until the statement has run; they are not copied.
  func bind(borrowing bytes: UnsafeRawBufferPointer, _ index: Int32) throws(StoreError) {
    guard let count = Int32(exactly: bytes.count) else { throw database.error(SQLITE_TOOBIG) }
    let code =
      count == 0
      ? sqlite3_bind_zeroblob(handle, index, 0)
      : csqlite_bind_borrowed(handle, index, bytes.baseAddress, count)
    try database.expectOK(code)
  }

  /// Goes to the next row; false when there is none.
  func step() throws(StoreError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code: throw database.error(code)
    }
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

  func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  /// The bytes of a text or blob, valid until the next step.
  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(handle, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
  }

  func string(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
