import ClusterControl

/// A key that a controller has to look at.
public struct Work: Hashable, Sendable {
  /// The controller's place in the engine's list.
  public let controller: Int
  public let key: ResourceKey
}

/// Keys to look at, first come first served; a key that is waiting already is not added again.
struct WorkQueue: Sendable {
  /// Looked at, in this order; those before `start` are done.
  private var items: [Work] = []
  private var start = 0
  private(set) var waiting: Set<Work> = []
  /// How often looking at a key has failed in a row.
  private(set) var failures: [Work: Int] = [:]

  var isEmpty: Bool { waiting.isEmpty }
  var count: Int { waiting.count }
  var all: [Work] { items[start...].filter(waiting.contains) }

  mutating func add(_ work: Work) {
    if waiting.insert(work).inserted { items.append(work) }
  }

  mutating func pop() -> Work? {
    while start < items.count {
      let work = items[start]
      start += 1
      if waiting.remove(work) != nil {
        shrink()
        return work
      }
    }
    items.removeAll(keepingCapacity: true)
    start = 0
    return nil
  }

  /// Takes one out of its turn.
  mutating func take(_ work: Work) -> Bool {
    guard waiting.remove(work) != nil else { return false }
    if let place = items[start...].firstIndex(of: work) { items.remove(at: place) }
    return true
  }

  mutating func removeAll(of controller: Int) {
    items = items[start...].filter { $0.controller != controller }
    start = 0
    waiting = waiting.filter { $0.controller != controller }
    failures = failures.filter { $0.key.controller != controller }
  }

  private mutating func shrink() {
    guard start > 1024, start > items.count / 2 else { return }
    items.removeFirst(start)
    start = 0
  }

  // MARK: - Back-off

  /// How long to wait after another failure: 5 ms, doubled each time, up to 1000 s; nil when it was
  /// tried too often.
  mutating func backOff(_ work: Work, retriesMax: Int?) -> Duration? {
    let count = failures[work, default: 0]
    if let retriesMax, count >= retriesMax {
      failures[work] = nil
      return nil
    }
    failures[work] = count + 1
    // 5 ms · 2¹⁸ is more than 1000 s.
    return count >= 18 ? .seconds(1000) : .milliseconds(5 << count)
  }

  mutating func forgetFailures(_ work: Work) {
    if !failures.isEmpty { failures[work] = nil }
  }
}
