import CSQLite
import ClusterStore
import Glibc

/// What SQLite's refusal means for the caller.
struct SQLiteFault {
  let code: Int32
  let handle: OpaquePointer?
  let place: String
  let waitMilliseconds: Int

  var error: StoreError {
    .unavailable(StorageFault(cause, place: place, detail: detail))
  }

  private var systemError: Int32 { handle.map { sqlite3_system_errno($0) } ?? 0 }

  private var cause: StorageFault.Cause {
    switch code & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED: .locked(waitedMilliseconds: waitMilliseconds)
    case SQLITE_FULL: .full
    case SQLITE_READONLY: .readOnly
    case SQLITE_NOTADB: .notADatabase
    case SQLITE_CORRUPT: .damaged
    // A table or column is missing from a file that says it is ours.
    case SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_CONSTRAINT, SQLITE_MISMATCH: .damaged
    case SQLITE_IOERR: code == Self.shortRead ? .damaged : systemCause
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: systemCause
    default: .refused
    }
  }

  /// SQLITE_IOERR_SHORT_READ, a macro that Swift does not see: the file ends too early.
  private static let shortRead = SQLITE_IOERR | 2 << 8

  private var systemCause: StorageFault.Cause { Self.cause(errno: systemError) }

  static func cause(errno code: Int32) -> StorageFault.Cause {
    switch code {
    case ENOSPC, EDQUOT: .full
    case EROFS: .readOnly
    case EACCES, EPERM: .permissionDenied
    case ENOENT, ENOTDIR: .notFound
    default: .refused
    }
  }

  /// SQLite's own words about the file's structure; the system's words about the rest. SQLite's
  /// message may quote SQL, and SQL here never holds values.
  private var detail: String {
    let system = systemError
    if [SQLITE_IOERR, SQLITE_CANTOPEN].contains(code & 0xFF), system != 0 {
      return Self.text(errno: system)
    }
    guard case .locked = cause else {
      guard let text = handle.flatMap({ sqlite3_errmsg($0) }) ?? sqlite3_errstr(code) else {
        return ""
      }
      return String(cString: text)
    }
    return ""
  }

  static func text(errno code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
