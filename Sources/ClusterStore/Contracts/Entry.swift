/// A moment of the store: every write takes the next one.
///
/// An empty store stands at 1, so that 0 can mean "absent", as in etcd.
public typealias Revision = Int64

/// A key with its value, as one write left it.
public struct Entry: Hashable, Sendable {
  public var key: String
  public var value: [UInt8]
  /// The write that made the key, the last time that it was made.
  public var createRevision: Revision
  /// The write that left this value.
  public var modRevision: Revision
  /// How many writes the key has seen since it was made, that one included: at least 1.
  public var version: Int64

  public init(
    key: String, value: [UInt8], createRevision: Revision, modRevision: Revision, version: Int64
  ) {
    self.key = key
    self.value = value
    self.createRevision = createRevision
    self.modRevision = modRevision
    self.version = version
  }
}

/// What to list: keys by prefix, as they were at one revision, a page at a time.
public struct ListQuery: Hashable, Sendable {
  /// The keys that begin with these bytes; an empty prefix means all.
  public var prefix: String
  /// The revision to read at; nil means the present one.
  public var revision: Revision?
  /// Only keys behind this one: the last key of the page before.
  public var after: String?
  /// The most entries to answer; nil means all.
  public var limit: Int?

  public init(
    prefix: String, at revision: Revision? = nil, after: String? = nil, limit: Int? = nil
  ) {
    self.prefix = prefix
    self.revision = revision
    self.after = after
    self.limit = limit
  }
}

/// One answer to a `ListQuery`.
public struct Page: Hashable, Sendable {
  /// By key, in the order of their UTF-8 bytes.
  public var entries: [Entry]
  /// The revision that was read at; read the next page at the same.
  public var revision: Revision
  /// How many entries the limit left out.
  public var remaining: Int

  public init(entries: [Entry], revision: Revision, remaining: Int) {
    self.entries = entries
    self.revision = revision
    self.remaining = remaining
  }

  /// The query for the rest; nil when there is none.
  public func next(of query: ListQuery) -> ListQuery? {
    guard remaining > 0, let last = entries.last else { return nil }
    return ListQuery(prefix: query.prefix, at: revision, after: last.key, limit: query.limit)
  }
}

/// One write, as a watch sees it.
public enum Event: Hashable, Sendable {
  /// The key was made or changed. `previous` is nil when it was made, or when compaction took it.
  case put(Entry, previous: Entry?)
  /// The key was deleted at `revision`.
  case delete(key: String, revision: Revision, previous: Entry?)

  public var key: String {
    switch self {
    case .put(let entry, _): entry.key
    case .delete(let key, _, _): key
    }
  }

  public var revision: Revision {
    switch self {
    case .put(let entry, _): entry.modRevision
    case .delete(_, let revision, _): revision
    }
  }

  public var previous: Entry? {
    switch self {
    case .put(_, let previous), .delete(_, _, let previous): previous
    }
  }
}

/// Writes in their order, and how far the store was read for them.
public struct EventPage: Hashable, Sendable {
  public var events: [Event]
  /// Every event up to here was delivered; ask for those after it next.
  public var revision: Revision

  public init(events: [Event], revision: Revision) {
    self.events = events
    self.revision = revision
  }
}

/// How much a store holds.
public struct StoreSummary: Hashable, Sendable {
  public var currentRevision: Revision
  /// The oldest revision that can be read at.
  public var oldestRevision: Revision
  public var entryCount: Int
  /// Entries, earlier versions and deletions together.
  public var recordCount: Int
  /// Bytes on disk; nil for a store that has none.
  public var byteCount: Int?

  public init(
    currentRevision: Revision, oldestRevision: Revision, entryCount: Int, recordCount: Int,
    byteCount: Int?
  ) {
    self.currentRevision = currentRevision
    self.oldestRevision = oldestRevision
    self.entryCount = entryCount
    self.recordCount = recordCount
    self.byteCount = byteCount
  }
}
