/// Work on a numbered list by several threads, whose results arrive in the order of the list.
enum OrderedWork {
  /// How many results may wait for an earlier one: what bounds the memory of a run.
  private static let aheadMax = 64

  fileprivate struct State<Sink, Item> {
    var sink: Sink
    var nextToClaim = 0
    var nextToTake = 0
    var waiting: [Int: Item] = [:]
    var isStopped = false

    /// Takes `item` if it is its turn, and then those that waited for it.
    mutating func deliver(
      _ item: Item, at position: Int, _ take: (inout Sink, Item) -> Bool
    ) {
      waiting[position] = item
      while !isStopped, let next = waiting.removeValue(forKey: nextToTake) {
        nextToTake += 1
        if !take(&sink, next) { isStopped = true }
      }
    }
  }

  /// Makes the items `0..<count` on `threads` threads and hands them to `take`, one at a time and
  /// in order, as early as order allows.
  ///
  /// - Parameter worker: makes what one thread needs, and returns how that thread makes an item.
  /// - Parameter take: returns whether to go on; items being made when it says no are dropped.
  static func run<Sink, Item: Sendable>(
    count: Int, threads: Int, into sink: sending Sink,
    worker: @escaping @Sendable () -> (Int) -> Item,
    take: @escaping @Sendable (inout Sink, Item) -> Bool
  ) -> Sink {
    let monitor = Monitor(State<Sink, Item>(sink: sink))
    Workers.run(max(1, min(threads, count))) {
      let make = worker()
      while let position = claim(from: monitor, count: count) {
        let item = make(position)
        monitor.change { $0.deliver(item, at: position, take) }
      }
    }
    return monitor.change { $0.sink }
  }

  /// The next position to work on; waits where too much is ahead of its turn. Nil when all is
  /// claimed.
  private static func claim<Sink, Item>(
    from monitor: Monitor<State<Sink, Item>>, count: Int
  ) -> Int? {
    monitor.wait { state -> Int?? in
      if state.isStopped || state.nextToClaim >= count { return .some(nil) }
      // Whoever works on the item that all wait for is not waiting here, so this ends.
      if state.nextToClaim - state.nextToTake >= aheadMax { return nil }
      state.nextToClaim += 1
      return state.nextToClaim - 1
    }
  }
}
