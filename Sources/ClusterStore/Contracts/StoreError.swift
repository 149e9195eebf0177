/// Why a store refused; each case says what the caller does next.
public enum StoreError: Error, Hashable, Sendable {
  /// The key changed since it was read: read it again, then retry.
  case conflict(key: String, expected: Revision, found: Revision)
  /// The key was to be made, and is there already: update it, or choose another name.
  case exists(key: String, revision: Revision)
  /// The key was to be changed or deleted, and is not there: make it, or let it be.
  case absent(key: String)
  /// `revision` was compacted away: list anew, and watch from there; `oldest` can still be read.
  case expired(revision: Revision, oldest: Revision)
  /// `revision` is still to come: wait, or read at `current`.
  case future(revision: Revision, current: Revision)
  /// What keeps the entries refused: show the fault and its remedy to the user.
  case unavailable(StorageFault)

  /// What is wrong; lower case, no full stop, and never a value.
  public var message: String {
    switch self {
    case .conflict(let key, let expected, let found):
      "'\(key)' was changed at revision \(found); the write expected revision \(expected)"
    case .exists(let key, let revision):
      "'\(key)' exists already, since revision \(revision) or before"
    case .absent(let key): "'\(key)' does not exist"
    case .expired(let revision, let oldest):
      "revision \(revision) was compacted away; the oldest is \(oldest)"
    case .future(let revision, let current):
      "revision \(revision) is still to come; the store is at \(current)"
    case .unavailable(let fault): fault.message
    }
  }
}

/// Why the place that keeps a store cannot be used. Nothing was changed there.
public struct StorageFault: Hashable, Sendable {
  public enum Cause: Hashable, Sendable {
    /// There is no store at the place, and none was to be made.
    case notFound
    /// A store was to be made, and something is there already.
    case alreadyThere
    /// What is there is no SQLite database.
    case notADatabase
    /// A SQLite database of another program, told by its application id.
    case foreign(applicationID: UInt32)
    /// Written by a newer kmf.
    case newer(schema: Int, known: Int)
    /// Pages or rows do not hold what was written.
    case damaged
    /// The file system may only be read.
    case readOnly
    /// This user may not read or write the file or its folder.
    case permissionDenied
    /// No space is left, on the disk or within the limit that was set.
    case full
    /// Others kept it locked for longer than the wait.
    case locked(waitedMilliseconds: Int)
    /// Any other refusal.
    case refused
  }

  public var cause: Cause
  /// The file, as the user knows it.
  public var place: String
  /// What the system or SQLite said; may be empty.
  public var detail: String

  public init(_ cause: Cause, place: String, detail: String = "") {
    self.cause = cause
    self.place = place
    self.detail = detail
  }

  /// What is wrong; lower case, no full stop.
  public var message: String {
    let because = detail.isEmpty ? "" : ": \(detail)"
    switch cause {
    case .notFound: return "there is no cluster at '\(place)'\(because)"
    case .alreadyThere: return "'\(place)' exists already"
    case .notADatabase: return "'\(place)' is not a cluster database\(because)"
    case .foreign(let id):
      let digits = String(id, radix: 16)
      return "'\(place)' is a database of another program (application id 0x\(digits))"
    case .newer(let schema, let known):
      return
        "'\(place)' was written by a newer kmf: its schema is \(schema), known are 1 to \(known)"
    case .damaged: return "'\(place)' is damaged\(because)"
    case .readOnly: return "'\(place)' is on a read-only file system\(because)"
    case .permissionDenied: return "'\(place)' may not be read and written\(because)"
    case .full: return "there is no space left to write '\(place)'\(because)"
    case .locked(let waited):
      return "'\(place)' is locked by another process; waited \(waited) ms"
    case .refused: return "'\(place)' cannot be used\(because)"
    }
  }

  /// What to do, as an order to the reader.
  public var remedy: String {
    switch cause {
    case .notFound: "check the spelling, or create the cluster first"
    case .alreadyThere: "choose another place, or remove it first"
    case .notADatabase, .foreign: "name another file; this one was not touched"
    case .newer: "use that version of kmf; the file was not touched"
    case .damaged: "keep a copy of the file, then restore it from an export or a backup"
    case .readOnly: "choose a place that can be written, with --cluster or KMF_CLUSTER"
    case .permissionDenied: "give yourself permission (chmod u+rw; u+rwx for the folder)"
    case .full: "free some space, then repeat; nothing was changed"
    case .locked: "repeat when the other process is done; nothing was changed"
    case .refused: "see to what the system said, then repeat"
    }
  }
}

/// Something wrong with what a store holds.
public enum StoreProblem: Hashable, Sendable {
  /// The file's own structure, as SQLite tells it.
  case damagedPages(String)
  /// The row at `revision` does not hold what was written.
  case wrongChecksum(revision: Revision, key: String)
  /// No write is stored for these revisions, though they were not compacted away.
  case missingRevisions(ClosedRange<Revision>)
  /// The row at `revision` does not follow from the one before it of the same key.
  case brokenHistory(revision: Revision, key: String)
  /// The list of present entries disagrees with the history about `key`.
  case wrongPresent(key: String)

  /// What is wrong; lower case, no full stop.
  public var message: String {
    switch self {
    case .damagedPages(let text): "the file's structure is damaged: \(text)"
    case .wrongChecksum(let revision, let key):
      "revision \(revision) of '\(key)' does not hold what was written"
    case .missingRevisions(let range):
      range.count == 1
        ? "revision \(range.lowerBound) is missing"
        : "revisions \(range.lowerBound) to \(range.upperBound) are missing"
    case .brokenHistory(let revision, let key):
      "revision \(revision) of '\(key)' does not follow from the one before it"
    case .wrongPresent(let key): "the present entry of '\(key)' disagrees with its history"
    }
  }
}
