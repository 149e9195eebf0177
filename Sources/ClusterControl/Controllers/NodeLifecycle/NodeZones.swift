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

  /// Returns whether anything about zones changed.
  mutating func take(_ change: Change) -> Bool {
    let name = change.key.name
    let wasReady = homes[name].map { zones[$0]?.ready.contains(name) ?? false }
    let before = homes[name]
    if let before {
      zones[before]?.ready.remove(name)
      zones[before]?.notReady.remove(name)
    }
    homes[name] = nil
    guard let node = change.new else {
      if let before, zones[before].map({ $0.ready.isEmpty && $0.notReady.isEmpty }) == true {
        zones[before] = nil
      }
      return true
    }
    let home = Self.zone(of: node)
    homes[name] = home
    let isReady = node.condition("Ready")?["status"] == "True"
    if isReady {
      zones[home, default: Zone()].ready.insert(name)
    } else {
      zones[home, default: Zone()].notReady.insert(name)
    }
    return before != home || wasReady != isReady
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
      guard zone.ready.count + zone.notReady.count > 50 else { return .zero }
      pause = .seconds(100)
    }
    if zone.nextTaint > now { return zone.nextTaint.duration(since: now) }
    zones[name]?.nextTaint = now.advanced(by: pause)
    return nil
  }
}
