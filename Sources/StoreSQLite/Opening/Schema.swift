import ClusterStore

/// The tables, and the steps that lead to them from any earlier kmf's.
///
/// `history` has one row per write; its primary key is the revision, so order and completeness can
/// be proved. A deletion is a row with version 0. `previous` is the revision of the value that the
/// write replaced, 0 for none. `present` names the newest row of every key that exists; it could be
/// worked out from `history`, and is there so that reading the present does not wade through the
/// past.
enum Schema {
  /// The letters "kmfs" in the file's header: the file is ours.
  static let applicationID: UInt32 = 0x6B6D_6673

  static let version = steps.count

  struct Step {
    let name: String
    let sql: String
  }

  /// Step n leads from version n to n + 1. Released steps are never changed.
  static let steps = [
    Step(
      name: "history, present, facts",
      sql: """
        CREATE TABLE migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
        CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        INSERT INTO facts VALUES ('oldest', 1);
        CREATE TABLE history (
          revision INTEGER PRIMARY KEY,
          key TEXT NOT NULL,
          created INTEGER NOT NULL,
          version INTEGER NOT NULL,
          previous INTEGER NOT NULL,
          checksum INTEGER NOT NULL,
          value BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX history_by_key ON history (key, revision);
        CREATE TABLE present (
          key TEXT PRIMARY KEY,
          revision INTEGER NOT NULL,
          created INTEGER NOT NULL,
          version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """)
  ]

  /// Brings `database` from `version` to the newest; inside a transaction of the caller.
  static func migrate(_ database: Database, from version: Int) throws(StoreError) {
    for (index, step) in steps.enumerated() where index >= version {
      try database.execute(step.sql)
      // Names are ours and hold no quotes.
      try database.execute("INSERT INTO migrations VALUES (\(index + 1), '\(step.name)')")
    }
    try database.execute("PRAGMA user_version = \(steps.count)")
  }

  /// The bytes of a database with nothing in it, ready to be put in place whole.
  static func emptyDatabase(place: String) throws(StoreError) -> [UInt8] {
    let database = try Database(openingMemoryFor: place)
    try database.execute("PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL")
    try database.execute("PRAGMA application_id = \(applicationID)")
    try migrate(database, from: 0)
    var bytes = try database.serialized()
    // Both format versions 2: the file is in write-ahead mode from the first moment.
    bytes[18] = 2
    bytes[19] = 2
    return bytes
  }
}
