import ClusterControl
import ClusterStore

/// What going back to a revision did at one key.
public struct Rewound: Sendable {
  /// Before going back; nil where there was nothing.
  public var before: Entry?
  /// As it was then; nil where there was nothing.
  public var after: Entry?

  public var key: String { before?.key ?? after?.key ?? "" }
}

extension ClusterSession {
  /// Makes every object what it was at `revision`, with the addresses that it held then.
  ///
  /// It is a step forward in the history: what was in between can be gone back to as well.
  ///
  /// - Parameter notes: Prefixes of other keys that go back too.
  /// - Returns: The objects that differ, by key.
  /// - Throws: 410 for a revision that was compacted away.
  public func rewind(to revision: Revision, notes: [String]) throws(StatusError) -> [Rewound] {
    var changed: [Rewound] = []
    var writes: [Transaction.Write] = []
    for prefix in [StoreKeys.objects, StoreKeys.allocations] + notes {
      for step in try differences(below: prefix, since: revision) {
        writes.append(step.after.map { .put($0.key, $0.value) } ?? .delete(step.key))
        if prefix == StoreKeys.objects { changed.append(step) }
      }
    }
    if writes.isEmpty { return [] }
    if changed.contains(where: {
      StoreKeys.resourceKey(of: $0.key)?.resource == .customResourceDefinitions
    }) {
      writes.append(.put(StoreKeys.definitions, Array("\(revision)".utf8)))
      _ = try commit(Transaction(writes))
      try refreshDefinitions()
    } else {
      _ = try commit(Transaction(writes))
    }
    return changed
  }

  private func differences(
    below prefix: String, since revision: Revision
  ) throws(StatusError) -> [Rewound] {
    let then: [Entry]
    let now: [Entry]
    do throws(StoreError) {
      then = try access.list(ListQuery(prefix: prefix, at: revision)).entries
      now = try access.list(prefix).entries
    } catch { throw StatusError(error) }
    var present: [String: Entry] = [:]
    for entry in now { present[entry.key] = entry }
    var found: [Rewound] = []
    for entry in then {
      let before = present.removeValue(forKey: entry.key)
      if before?.value != entry.value { found.append(Rewound(before: before, after: entry)) }
    }
    for entry in now where present[entry.key] != nil { found.append(Rewound(before: entry)) }
    return found
  }
}
