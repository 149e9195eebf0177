import ClusterControl

/// What a controller has seen, and what it has still to be told.
struct Inbox: Sendable {
  /// The cluster as far as the controller knows it.
  var cache: ClusterState
  /// Changes on their way, in their order.
  var changes: [Change] = []
}

/// Telling controllers with caches of their own; drivers decide when.
extension Engine {
  /// How many changes each controller has still to be told.
  public var undelivered: [Int] { inboxes.map(\.changes.count) }

  /// Tells a controller the next change.
  ///
  /// - Parameter isDropped: The cache is brought up to date but the controller not woken, as if the
  ///   event had been lost; ``redeliver(to:)`` makes up for it.
  public mutating func deliver(to place: Int, isDropped: Bool = false) {
    guard inboxes.indices.contains(place), !inboxes[place].changes.isEmpty else { return }
    let change = inboxes[place].changes.removeFirst()
    let old = inboxes[place].cache.object(change.key)
    inboxes[place].cache.take(change)
    guard !isDropped, runners[place].isWatching(change.key.resource) else { return }
    observe(Change(key: change.key, old: old, new: change.new), at: place)
  }

  mutating func deliverAll(to place: Int) {
    while !inboxes[place].changes.isEmpty { deliver(to: place) }
  }

  /// Tells a controller everything anew: lost events are made up for, others come twice.
  public mutating func redeliver(to place: Int) { relist(place) }

  /// Lets a controller crash after its next `count` writes, in the middle of a plan if need be.
  public mutating func crash(_ place: Int, afterWrites count: Int) {
    crashCountdown[place] = count
  }
}
