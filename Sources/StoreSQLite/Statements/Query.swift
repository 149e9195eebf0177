/// The statements that the store prepares once and keeps.
///
/// Rows of `history` are always answered as revision, key, created, version, previous, checksum,
/// value.
enum Query: Int, CaseIterable {
  case begin, beginWriting, commit
  case newest, oldest, setOldest
  case head, presentEntry, entryAt
  case listPresent, listAt, countPresent, countAt
  case events
  case insert, setPresent, removePresent
  case forget

  var sql: String {
    switch self {
    case .begin: "BEGIN"
    case .beginWriting: "BEGIN IMMEDIATE"
    case .commit: "COMMIT"
    case .newest: "SELECT MAX(revision) FROM history"
    case .oldest: "SELECT value FROM facts WHERE name = 'oldest'"
    case .setOldest: "UPDATE facts SET value = ?1 WHERE name = 'oldest'"
    case .head: "SELECT revision, created, version FROM present WHERE key = ?1"
    case .presentEntry:
      """
      SELECT \(Self.row("h")), p.key FROM present p LEFT JOIN history h ON h.revision = p.revision
      WHERE p.key = ?1
      """
    case .entryAt:
      """
      SELECT \(Self.row("h")) FROM history h WHERE h.key = ?1 AND h.revision <= ?2
      ORDER BY h.revision DESC LIMIT 1
      """
    case .listPresent:
      """
      SELECT \(Self.row("h")), p.key FROM present p LEFT JOIN history h ON h.revision = p.revision
      WHERE p.key >= ?1 AND p.key < ?2 ORDER BY p.key LIMIT ?3
      """
    // The keys come in their order and the cross join keeps it; ordering the result once more would
    // sort all the values for every page.
    case .listAt:
      """
      SELECT \(Self.row("h")) FROM (\(Self.newestAt)) m CROSS JOIN history h
      ON h.revision = m.newest WHERE h.version > 0 LIMIT ?4
      """
    case .countPresent: "SELECT COUNT(*) FROM present WHERE key >= ?1 AND key < ?2"
    case .countAt:
      """
      SELECT COUNT(*) FROM (\(Self.newestAt)) m CROSS JOIN history h
      ON h.revision = m.newest WHERE h.version > 0
      """
    // The plus signs keep the planner on the primary key: the events come in their order.
    case .events:
      """
      SELECT \(Self.row("h")), \(Self.row("p")) FROM history h
      LEFT JOIN history p ON p.revision = h.previous
      WHERE h.revision > ?1 AND +h.key >= ?2 AND +h.key < ?3 ORDER BY h.revision LIMIT ?4
      """
    case .insert: "INSERT INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    case .setPresent:
      """
      INSERT INTO present VALUES (?1, ?2, ?3, ?4) ON CONFLICT (key)
      DO UPDATE SET revision = excluded.revision, created = excluded.created,
      version = excluded.version
      """
    case .removePresent: "DELETE FROM present WHERE key = ?1"
    // The newest row stays even if it is a deletion: it is where the next revision is counted from.
    case .forget:
      """
      DELETE FROM history WHERE revision <= ?1 AND revision < (SELECT MAX(revision) FROM history)
      AND (version = 0 OR EXISTS (SELECT 1 FROM history n
      WHERE n.key = history.key AND n.revision > history.revision AND n.revision <= ?1))
      """
    }
  }

  private static func row(_ table: String) -> String {
    ["revision", "key", "created", "version", "previous", "checksum", "value"]
      .map { "\(table).\($0)" }.joined(separator: ", ")
  }

  private static let newestAt = """
    SELECT key, MAX(revision) AS newest FROM history
    WHERE key >= ?1 AND key < ?2 AND revision <= ?3 GROUP BY key ORDER BY key
    """
}
