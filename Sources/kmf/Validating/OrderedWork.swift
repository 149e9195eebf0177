/// Work on a numbered list by several threads, whose results arrive in the order of the list.
enum OrderedWork {
  /// How many results may wait for an earlier one: what bounds the memory of a run.
  private static let aheadMax = 64
  /// How many items a thread makes before it looks at the others again. Threads that meet after
  /// every small file spend their time waking each other, on one processor.
  private static let togetherMax = 16

  fileprivate struct State<Sink, Item> {
    var sink: Sink
    var nextToClaim = 0
    var nextToTake = 0
    var waiting: [Int: [Item]] = [:]
    var isStopped = false

    /// Takes `items` if it is their turn, and then those that waited for them.
    mutating func deliver(
      _ items: [Item], at position: Int, _ take: (inout Sink, Item) -> Bool
    ) {
      guard position == nextToTake else {
        waiting[position] = items
        return
      }
      pass(items, take)
      while !waiting.isEmpty, let next = waiting.removeValue(forKey: nextToTake) {
        pass(next, take)
      }
    }

    private mutating func pass(_ items: [Item], _ take: (inout Sink, Item) -> Bool) {
      nextToTake += items.count
      for index in items.indices where !isStopped {
        if !take(&sink, items[index]) { isStopped = true }
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
    run(
      count: count, threads: threads, into: sink,
      batches: {
        let make = worker()
        return { positions in positions.map(make) }
      }, take: take)
  }

  /// The same for work that is done some items at a time.
  ///
  /// - Parameter batches: makes what one thread needs, and returns how that thread makes the items
  ///   at some positions.
  static func run<Sink, Item: Sendable>(
    count: Int, threads: Int, into sink: sending Sink,
    batches: @escaping @Sendable () -> (Range<Int>) -> [Item],
    take: @escaping @Sendable (inout Sink, Item) -> Bool
  ) -> Sink {
    let monitor = Monitor(State<Sink, Item>(sink: sink))
    let threads = max(1, min(threads, count))
    // Short lists are shared one by one, or the last thread would end long after the others.
    let together = max(1, min(togetherMax, count / (threads * togetherMax)))
    Workers.run(threads) {
      let make = batches()
      while let positions = claim(together, of: count, from: monitor) {
        let items = make(positions)
        monitor.change { $0.deliver(items, at: positions.lowerBound, take) }
      }
    }
    return monitor.change { $0.sink }
  }

  /// The next positions to work on; waits where too much is ahead of its turn. Nil when all is
  /// claimed.
  private static func claim<Sink, Item>(
    _ together: Int, of count: Int, from monitor: Monitor<State<Sink, Item>>
  ) -> Range<Int>? {
    monitor.wait { state -> Range<Int>?? in
      if state.isStopped || state.nextToClaim >= count { return .some(nil) }
      // Whoever works on the item that all wait for is not waiting here, so this ends.
      if state.nextToClaim - state.nextToTake >= aheadMax { return nil }
      let start = state.nextToClaim
      state.nextToClaim = min(count, start + together)
      return start..<state.nextToClaim
    }
  }
}
