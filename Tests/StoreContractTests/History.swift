import ClusterStore

/// What one caller asked of a store, what it was told, and when both happened.
struct Operation {
  enum Call: Hashable {
    case read(Int)
    case put(Int)
    case update(Int, expecting: Revision)
    case delete(Int)
    case list
    /// Puts the first key and deletes the second, or neither.
    case move(Int, Int)
  }

  enum Answer: Hashable {
    /// The last write of the keys asked for; 0 for none.
    case revisions([Revision])
    case wrote(Revision)
    case refused(found: Revision)
  }

  var call: Call
  var answer: Answer
  /// Ticks of one clock that all callers share.
  var began: Int
  var ended: Int
}

/// What a store of a few keys must answer if one caller came after the other.
struct SequentialStore: Hashable {
  private var current: Revision = 1
  private var lastWrite: [Revision]

  init(keyCount: Int) { lastWrite = Array(repeating: 0, count: keyCount) }

  mutating func answer(_ call: Operation.Call) -> Operation.Answer {
    switch call {
    case .read(let key): return .revisions([lastWrite[key]])
    case .list: return .revisions(lastWrite)
    case .put(let key): return write(key, exists: true)
    case .update(let key, let expected):
      guard lastWrite[key] == expected else { return .refused(found: lastWrite[key]) }
      return write(key, exists: true)
    case .delete(let key):
      guard lastWrite[key] != 0 else { return .refused(found: 0) }
      return write(key, exists: false)
    case .move(let target, let source):
      guard lastWrite[source] != 0 else { return .refused(found: 0) }
      _ = write(target, exists: true)
      return write(source, exists: false)
    }
  }

  private mutating func write(_ key: Int, exists: Bool) -> Operation.Answer {
    current += 1
    lastWrite[key] = exists ? current : 0
    return .wrote(current)
  }
}

/// Whether some order of the operations, in which nobody comes before one that had ended when it
/// began, explains every answer: the search of Wing and Gong, which remembers where it has been.
struct LinearizabilitySearch {
  private let operations: [Operation]
  private var visited: Set<Place> = []

  private struct Place: Hashable {
    var done: UInt64
    var state: SequentialStore
  }

  static func isLinearizable(_ operations: [Operation], keyCount: Int) -> Bool {
    precondition(operations.count <= 64, "a place in the search has one bit for each operation")
    var search = LinearizabilitySearch(operations: operations)
    return search.succeeds(from: Place(done: 0, state: SequentialStore(keyCount: keyCount)))
  }

  private init(operations: [Operation]) { self.operations = operations }

  private mutating func succeeds(from place: Place) -> Bool {
    guard visited.insert(place).inserted else { return false }
    let open = operations.indices.filter { place.done & (1 << $0) == 0 }
    guard let firstEnd = open.map({ operations[$0].ended }).min() else { return true }
    for index in open where operations[index].began < firstEnd {
      var next = place
      guard next.state.answer(operations[index].call) == operations[index].answer else { continue }
      next.done |= 1 << index
      if succeeds(from: next) { return true }
    }
    return false
  }
}
