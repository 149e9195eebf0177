import ClusterStore

/// A row of `history`, read from seven columns beginning at `column`.
struct HistoryRow {
  let statement: Statement
  let column: Int32

  init(_ statement: Statement, column: Int32 = 0) {
    self.statement = statement
    self.column = column
  }

  var isMissing: Bool { statement.isNull(column) }
  var revision: Revision { statement.int64(column) }
  var key: String { statement.string(column + 1) }
  var keyBytes: UnsafeRawBufferPointer { statement.bytes(column + 1) }
  var created: Revision { statement.int64(column + 2) }
  /// 0 for a deletion.
  var version: Int64 { statement.int64(column + 3) }
  var previous: Revision { statement.int64(column + 4) }

  var isIntact: Bool {
    let numbers = (revision, created, version, previous)
    let sum = Checksum.of(numbers, key: keyBytes, value: statement.bytes(column + 6))
    return sum == statement.int64(column + 5)
  }

  /// The entry that the write left; throws when the row is not what was written.
  func entry() throws(StoreError) -> Entry {
    guard isIntact else {
      throw statement.database.fault(.damaged, "revision \(revision) is not what was written")
    }
    return Entry(
      key: key, value: Array(statement.bytes(column + 6)), createRevision: created,
      modRevision: revision, version: version)
  }
}
