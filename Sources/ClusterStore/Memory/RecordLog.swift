/// One write, never changed after it was made.
final class Record: Sendable {
  /// The entry that the write left. After a deletion only key and revision mean something.
  let entry: Entry
  var isDeletion: Bool { entry.version == 0 }

  init(_ entry: Entry) { self.entry = entry }

  static func deletion(of key: String, at revision: Revision) -> Record {
    Record(Entry(key: key, value: [], createRevision: 0, modRevision: revision, version: 0))
  }
}

/// Every write after some revision, in order and without a gap; copies share all but the last few.
struct RecordLog: Sendable {
  private static let blockSize = 256

  /// The revision of the first record in `blocks`.
  private var first: Revision
  /// Full blocks, which no copy changes any more.
  private var blocks: [[Record]] = []
  private var tail: [Record] = []

  /// An empty log whose first record will be at `revision`.
  init(beginningAt revision: Revision) { first = revision }

  var count: Int { blocks.count * Self.blockSize + tail.count }

  mutating func append(_ record: Record) {
    precondition(record.entry.modRevision == first + Revision(count), "the log has a gap")
    tail.append(record)
    guard tail.count == Self.blockSize else { return }
    blocks.append(tail)
    tail = []
  }

  /// Visits the records after `revision`, in order, until `body` answers false.
  func visit(after revision: Revision, _ body: (Record) -> Bool) {
    var index = Int(max(revision + 1 - first, 0))
    while index < count {
      let block = index / Self.blockSize
      let record =
        block < blocks.count
        ? blocks[block][index % Self.blockSize] : tail[index % Self.blockSize]
      guard body(record) else { return }
      index += 1
    }
  }

  /// Drops the blocks that hold nothing after `revision`.
  mutating func drop(through revision: Revision) {
    let droppable = min(max(Int((revision + 1 - first)) / Self.blockSize, 0), blocks.count)
    blocks.removeFirst(droppable)
    first += Revision(droppable * Self.blockSize)
  }
}
