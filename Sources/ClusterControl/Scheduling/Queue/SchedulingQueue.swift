import ManifestSchema

/// The pods that have no node yet, in three places: ready to be tried, waiting out a back-off after
/// a failure, and waiting for the cluster to change.
struct SchedulingQueue: Sendable {
  enum Place: Hashable, Sendable {
    case active
    case backingOff
    case unschedulable
    /// Held by scheduling gates.
    case gated
    /// Taken out to be tried.
    case inFlight
  }

  struct Item: Sendable {
    var priority: Int64
    /// When it came into the queue, or came back to it.
    var since: Time
    var place: Place
    /// Failed attempts.
    var attempts = 0
    /// Whether the last one failed for reasons that are not the pod's.
    var isError = false
    var shape: Int32
    /// Who kept it off nodes.
    var rejectedBy: Set<SchedulerPlugin> = []
    /// How much news there had been when it was last tried.
    var triedAt = 0
    /// Tells its entries in heaps from those that are out of date.
    var ticket: UInt64 = 0
  }

  /// An entry of the heap of active pods: the highest priority first, then who waits longest.
  private struct Turn: Sendable, Comparable {
    var priority: Int64
    var since: Time
    var ticket: UInt64
    var slot: Int32

    static func < (left: Turn, right: Turn) -> Bool {
      if left.priority != right.priority { return left.priority > right.priority }
      return (left.since, left.ticket) < (right.since, right.ticket)
    }
  }

  /// An entry of the heap of back-offs: the first to end first.
  private struct Pause: Sendable, Comparable {
    var until: Time
    var ticket: UInt64
    var slot: Int32

    static func < (left: Pause, right: Pause) -> Bool {
      (left.until, left.ticket) < (right.until, right.ticket)
    }
  }

  private(set) var items: [Int32: Item] = [:]
  private var active = Heap<Turn>()
  private var pauses = Heap<Pause>()
  /// Unschedulable pods by shape.
  private(set) var stuck: [Int32: Set<Int32>] = [:]
  private var tickets: UInt64 = 0
  private(set) var activeCount = 0
  /// Pods that need not wait out their back-off.
  private var eagerCount = 0
  /// Unschedulable pods in the order in which they failed.
  private var waits = Heap<Pause>()

  static let backoffMin = Duration.seconds(1)
  static let backoffMax = Duration.seconds(10)
  /// How long a pod waits for a change at most.
  static let stuckMax = Duration.seconds(300)
  static let flushPeriod = Duration.seconds(30)

  // MARK: - Coming and going

  mutating func add(
    _ slot: Int32, _ shape: Int32, priority: Int64, at now: Time, isGated: Bool
  ) {
    var item =
      items[slot]
      ?? Item(priority: priority, since: now, place: .inFlight, shape: shape)
    item.priority = priority
    leave(slot)
    item.shape = shape
    items[slot] = item
    if isGated {
      items[slot]?.place = .gated
    } else {
      activate(slot, at: now)
    }
  }

  mutating func remove(_ slot: Int32) {
    leave(slot)
    items[slot] = nil
  }

  /// Takes an item out of the place where it is.
  private mutating func leave(_ slot: Int32) {
    guard let item = items[slot] else { return }
    switch item.place {
    case .active: activeCount -= 1
    case .backingOff: if !item.isError { eagerCount -= 1 }
    case .unschedulable:
      stuck[item.shape]?.remove(slot)
      if stuck[item.shape]?.isEmpty == true { stuck[item.shape] = nil }
    case .gated, .inFlight: break
    }
    items[slot]?.place = .inFlight
  }

  private mutating func ticket(_ slot: Int32) -> UInt64 {
    tickets += 1
    items[slot]?.ticket = tickets
    return tickets
  }

  mutating func activate(_ slot: Int32, at now: Time) {
    leave(slot)
    guard let item = items[slot] else { return }
    let ticket = ticket(slot)
    items[slot]?.place = .active
    activeCount += 1
    active.push(
      Turn(priority: item.priority, since: item.since, ticket: ticket, slot: slot))
  }

  private mutating func pause(_ slot: Int32, until: Time) {
    leave(slot)
    let ticket = ticket(slot)
    items[slot]?.place = .backingOff
    if items[slot]?.isError == false { eagerCount += 1 }
    pauses.push(Pause(until: until, ticket: ticket, slot: slot))
  }

  // MARK: - Trying

  /// The next pod to try.
  ///
  /// - Parameter isEager: Whether pods need not wait out their back-off while nobody else wants to
  ///   be tried; those that met an error always do.
  mutating func pop(at now: Time, isEager: Bool) -> Int32? {
    endPauses(at: now)
    while let turn = active.pop() {
      guard let item = items[turn.slot], item.place == .active, item.ticket == turn.ticket else {
        continue
      }
      leave(turn.slot)
      return turn.slot
    }
    guard isEager else { return nil }
    var kept: [Pause] = []
    defer { for pause in kept { pauses.push(pause) } }
    while let pause = pauses.pop() {
      guard let item = items[pause.slot], isCurrent(pause, item) else { continue }
      if item.isError {
        kept.append(pause)
        continue
      }
      leave(pause.slot)
      return pause.slot
    }
    return nil
  }

  private func isCurrent(_ pause: Pause, _ item: Item) -> Bool {
    item.place == .backingOff && item.ticket == pause.ticket
  }

  private mutating func endPauses(at now: Time) {
    while let first = pauses.first, first.until <= now {
      _ = pauses.pop()
      if let item = items[first.slot], isCurrent(first, item) { activate(first.slot, at: now) }
    }
  }

  /// Whether there is something to try now.
  func isReady(at now: Time, isEager: Bool) -> Bool {
    activeCount > 0 || isEager && eagerCount > 0 || pauses.first.map { $0.until <= now } ?? false
  }

  /// When the next back-off ends, or ended that is not waited for any more.
  var nextPause: Time? { pauses.first?.until }

  static func backoff(attempts: Int) -> Duration {
    attempts > 4 ? backoffMax : min(backoffMin * (1 << max(attempts - 1, 0)), backoffMax)
  }

  /// Puts back a pod that found no place.
  mutating func fail(
    _ slot: Int32, _ rejectedBy: Set<SchedulerPlugin>, at now: Time, news: Int
  ) {
    guard items[slot] != nil else { return }
    leave(slot)
    let ticket = ticket(slot)
    waits.push(Pause(until: Self.flushTime(since: now), ticket: ticket, slot: slot))
    items[slot]?.attempts += 1
    items[slot]?.isError = false
    items[slot]?.rejectedBy = rejectedBy
    items[slot]?.since = now
    items[slot]?.triedAt = news
    items[slot]?.place = .unschedulable
    if let shape = items[slot]?.shape { stuck[shape, default: []].insert(slot) }
  }

  /// Puts back a pod whose binding was refused.
  mutating func error(_ slot: Int32, at now: Time) {
    guard var item = items[slot] else { return }
    item.attempts += 1
    item.isError = true
    item.since = now
    leave(slot)
    items[slot] = item
    items[slot]?.place = .inFlight
    pause(slot, until: now.advanced(by: Self.backoff(attempts: item.attempts)))
  }

  // MARK: - Changes of the cluster

  /// Lets all stuck pods of some shapes be tried again, after their back-off.
  mutating func wake(at now: Time, where isHelped: (Int32, Item) -> Bool) {
    for (shape, slots) in stuck.sorted(by: { $0.key < $1.key }) {
      // Pods of one shape mostly failed for the same reasons; look at each kind of failure once.
      var answers: [Set<SchedulerPlugin>: Bool] = [:]
      for slot in slots.sorted() {
        guard let item = items[slot] else { continue }
        let isHelpful = answers[item.rejectedBy] ?? isHelped(shape, item)
        answers[item.rejectedBy] = isHelpful
        if isHelpful { wake(slot, item, at: now) }
      }
    }
  }

  private mutating func wake(_ slot: Int32, _ item: Item, at now: Time) {
    let until = item.since.advanced(by: Self.backoff(attempts: item.attempts))
    if until > now { pause(slot, until: until) } else { activate(slot, at: now) }
  }

  /// Lets pods be tried again that have waited long, in case a change was missed.
  ///
  /// Where nothing at all changed since, another try would end the same, and they go on waiting.
  mutating func flush(at now: Time, news: Int) {
    while let wait = firstWait(news: news), wait.until <= now {
      _ = waits.pop()
      activate(wait.slot, at: now)
    }
  }

  /// The pod that waits longest, if there was news since. Those behind it were tried later.
  private mutating func firstWait(news: Int) -> Pause? {
    while let wait = waits.first {
      guard let item = items[wait.slot], item.ticket == wait.ticket else {
        _ = waits.pop()
        continue
      }
      return item.triedAt < news ? wait : nil
    }
    return nil
  }

  private static func flushTime(since: Time) -> Time {
    // The check runs every half minute.
    let due = since.advanced(by: stuckMax)
    let late = due.seconds % 30
    return late == 0 ? due : due.advanced(bySeconds: 30 - late)
  }

  /// When to look again although nothing changes.
  mutating func nextLook(news: Int) -> Time? {
    [nextPause, firstWait(news: news)?.until].compactMap { $0 }.min()
  }
}

/// A binary heap with the least element first.
struct Heap<Element: Comparable & Sendable>: Sendable {
  private var elements: [Element] = []

  var first: Element? { elements.first }

  mutating func push(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0, elements[place] < elements[(place - 1) / 2] {
      elements.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func pop() -> Element? {
    guard let first = elements.first, let last = elements.popLast() else { return nil }
    guard !elements.isEmpty else { return first }
    elements[0] = last
    var place = 0
    while true {
      var least = place
      for child in [2 * place + 1, 2 * place + 2]
      where child < elements.count && elements[child] < elements[least] {
        least = child
      }
      if least == place { return first }
      elements.swapAt(place, least)
      place = least
    }
  }
}
