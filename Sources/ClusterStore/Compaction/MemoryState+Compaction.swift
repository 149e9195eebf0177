extension MemoryState {
  /// Forgets what no read at `revision` or later needs.
  mutating func compact(to revision: Revision) throws(StoreError) {
    guard revision <= current else { throw .future(revision: revision, current: current) }
    guard revision > oldest else { return }
    var kept: [(String, [Record])] = []
    histories.visit { key, records in
      let rest = Self.needed(of: records, from: revision)
      if !rest.isEmpty { kept.append((key, rest)) }
      return true
    }
    histories = OrderedMap(ascending: kept)
    recordCount = kept.reduce(0) { $0 + $1.1.count }
    log.drop(through: revision)
    oldest = revision
  }

  /// The records of one key that reads from `revision` on can see.
  private static func needed(of records: [Record], from revision: Revision) -> [Record] {
    guard let visible = index(of: records, at: revision) else { return records }
    return Array(records[(records[visible].isDeletion ? visible + 1 : visible)...])
  }
}
