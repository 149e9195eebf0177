/// A place in a store's history, from which events are taken one page after the other: in order,
/// without a gap and without a repeat.
///
/// It is a value: keep `revision` and make a new watch from it to resume, in another process too.
public struct Watch: Sendable {
  /// Only keys that begin with this.
  public let prefix: String
  /// Every event up to here was taken.
  public private(set) var revision: Revision

  private let store: any Store

  /// A watch of the events after `revision`: that of the list which came before it.
  public init(_ store: any Store, below prefix: String, after revision: Revision) {
    self.store = store
    self.prefix = prefix
    self.revision = revision
  }

  /// The next events, at most `limit`; empty when there are none yet. Never waits.
  ///
  /// - Throws: `expired` when compaction came first: list, and watch from there.
  public mutating func next(limit: Int = 1000) throws(StoreError) -> [Event] {
    let page = try store.events(below: prefix, after: revision, limit: limit)
    assert(page.revision >= revision, "a watch only goes forward")
    revision = page.revision
    return page.events
  }
}
