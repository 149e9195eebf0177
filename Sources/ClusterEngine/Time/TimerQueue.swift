import ManifestSchema

/// Things to do at later times, in the order of their times; equal times keep the order in which
/// they were set.
struct TimerQueue<Item: Hashable & Sendable>: Sendable {
  private struct Timer: Sendable {
    var time: Time
    var number: UInt64
    var item: Item

    static func < (left: Timer, right: Timer) -> Bool {
      (left.time, left.number) < (right.time, right.number)
    }
  }

  /// A binary heap; timers that were replaced by an earlier one are dropped when they come up.
  private var heap: [Timer] = []
  private(set) var earliest: [Item: Time] = [:]
  private var setCount: UInt64 = 0

  var isEmpty: Bool { earliest.isEmpty }

  /// Sets a timer; an item has one at most, the earliest that was asked for.
  mutating func set(_ item: Item, at time: Time) {
    if let known = earliest[item], known <= time { return }
    earliest[item] = time
    setCount += 1
    heap.append(Timer(time: time, number: setCount, item: item))
    rise(from: heap.count - 1)
  }

  mutating func cancel(where isUnwanted: (Item) -> Bool) {
    for item in earliest.keys.filter(isUnwanted) { earliest[item] = nil }
  }

  /// The time of the next timer.
  mutating func next() -> Time? {
    dropReplaced()
    return heap.first?.time
  }

  /// The next item whose time has come.
  mutating func pop(at now: Time) -> Item? {
    guard let time = next(), time <= now else { return nil }
    let item = takeFirst().item
    earliest[item] = nil
    return item
  }

  private mutating func dropReplaced() {
    while let first = heap.first, earliest[first.item] != first.time { _ = takeFirst() }
  }

  private mutating func takeFirst() -> Timer {
    let first = heap[0]
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      sink()
    }
    return first
  }

  private mutating func rise(from start: Int) {
    var place = start
    while place > 0, heap[place] < heap[(place - 1) / 2] {
      heap.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  private mutating func sink() {
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < heap.count && heap[child] < heap[least] {
        least = child
      }
      if least == place { return }
      heap.swapAt(place, least)
      place = least
    }
  }
}
