extension MemoryState {
  /// What disagrees between the histories and the log; a sound program finds nothing.
  func problems() -> [StoreProblem] {
    var problems: [StoreProblem] = []
    var live = 0
    histories.visit { key, records in
      for (before, record) in zip(records, records.dropFirst())
      where !Self.follows(record.entry, before.entry) {
        problems.append(.brokenHistory(revision: record.entry.modRevision, key: key))
      }
      if records.last?.isDeletion == false { live += 1 }
      return true
    }
    if live != liveCount { problems.append(.wrongPresent(key: "")) }
    var expected = oldest + 1
    log.visit(after: oldest) { record in
      let found = record.entry.modRevision
      if found != expected { problems.append(.missingRevisions(min(found, expected)...found)) }
      expected = found + 1
      return true
    }
    if expected <= current { problems.append(.missingRevisions(expected...current)) }
    return problems
  }

  /// Whether a write that left `entry` can come right after one of the same key that left `before`.
  private static func follows(_ entry: Entry, _ before: Entry) -> Bool {
    guard entry.modRevision > before.modRevision else { return false }
    if entry.version == 0 { return before.version > 0 }
    if before.version == 0 {
      return entry.version == 1 && entry.createRevision == entry.modRevision
    }
    return entry.version == before.version + 1 && entry.createRevision == before.createRevision
  }
}
