import ManifestSchema
import ManifestSyntax

/// How many nodes of each zone are well, and how fast the others may be emptied.
///
/// When many nodes fail at once it is more likely the network than the nodes.
struct NodeZones: Sendable {
  enum State: Sendable { case normal, partial, full }

  struct Zone: Sendable {
    var ready: Set<String> = []
    var notReady: Set<String> = []
    /// When the next node may be tainted.
    var nextTaint = Time(seconds: 0)

    var state: State {
      if ready.isEmpty, !notReady.isEmpty { return .full }
      let total = ready.count + notReady.count
      return notReady.count > 2 && notReady.count * 100 >= total * 55 ? .partial : .normal
    }

    /// Whether it has so many nodes that they go on being emptied while many are down.
    var isLarge: Bool { ready.count + notReady.count > 50 }
  }

  /// What is asked of a zone before a node of it is tainted.
  private struct Outlook: Equatable {
    var state: State?
    var isLarge: Bool
    var isEverythingDown: Bool
  }

  private func outlook(_ zone: String) -> Outlook {
    Outlook(
      state: zones[zone]?.state, isLarge: zones[zone]?.isLarge ?? false,
      isEverythingDown: isEverythingDown)
  }

  private(set) var zones: [String: Zone] = [:]
  /// The zone of each node.
  private var homes: [String: String] = [:]

  static func zone(of node: ClusterObject) -> String {
    let label = { (name: String) in node.labels["topology.kubernetes.io/" + name]?.string ?? "" }
    return label("region") + ":" + label("zone")
  }

  /// Nothing but full disruption everywhere: then the fault is this side's.
  var isEverythingDown: Bool {
    !zones.isEmpty && zones.values.allSatisfy { $0.state == .full }
  }

  var notReady: [String] { zones.values.flatMap(\.notReady).sorted() }

  /// Takes over what became of a node.
  ///
  /// - Returns: Whether other nodes may now have to be judged in another way.
  mutating func take(_ change: Change) -> Bool {
    let name = change.key.name
    let zones = Set([homes[name], change.new.map(Self.zone)].compactMap { $0 })
    let before = zones.map(outlook)
    place(name, change.new)
    return zones.map(outlook) != before
  }

  private mutating func place(_ name: String, _ node: ClusterObject?) {
    let before = homes[name]
    if let before {
      zones[before]?.ready.remove(name)
      zones[before]?.notReady.remove(name)
    }
    homes[name] = nil
    guard let node else {
      if let before, zones[before].map({ $0.ready.isEmpty && $0.notReady.isEmpty }) == true {
        zones[before] = nil
      }
      return
    }
    let home = Self.zone(of: node)
    homes[name] = home
    if NodeLifecycleController.isReady(node) {
      zones[home, default: Zone()].ready.insert(name)
    } else {
      zones[home, default: Zone()].notReady.insert(name)
    }
  }

  /// Asks to taint one more node of a zone.
  ///
  /// - Returns: nil when it may be done now, and is counted; otherwise how long to wait, zero for
  ///   until something changes.
  mutating func mayTaint(zone name: String, at now: Time) -> Duration? {
    guard let zone = zones[name] else { return nil }
    let pause: Duration
    switch zone.state {
    case .normal, .full: pause = .seconds(10)
    case .partial:
      guard zone.isLarge else { return .zero }
      pause = .seconds(100)
    }
    if zone.nextTaint > now { return zone.nextTaint.duration(since: now) }
    zones[name]?.nextTaint = now.advanced(by: pause)
    return nil
  }
}
