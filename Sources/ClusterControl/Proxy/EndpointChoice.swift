/// Which of a port's endpoints a node's proxy sends traffic to, and why not to the others.
struct EndpointChoice {
  /// How near the endpoints must be.
  enum Nearness: String, Sendable {
    case anywhere
    case sameZone = "same zone"
    case sameNode = "same node"
  }

  private(set) var chosen: [ProxyEndpoint] = []
  private(set) var nearness = Nearness.anywhere
  /// Whether the chosen ones are on their way out, since none is ready.
  private(set) var isFallback = false

  /// Endpoints anywhere in the cluster: the ready ones, near ones where the Service wishes it;
  /// otherwise those that still answer while they stop.
  static func cluster(_ all: [ProxyEndpoint], node: String?, zone: String?) -> EndpointChoice {
    var choice = EndpointChoice()
    let ready = all.filter(\.isReady)
    choice.nearness = nearness(of: ready, node: node, zone: zone)
    switch choice.nearness {
    case .anywhere: choice.chosen = ready
    case .sameZone: choice.chosen = ready.filter { $0.zoneHints.contains(zone ?? "") }
    case .sameNode: choice.chosen = ready.filter { $0.nodeHints.contains(node ?? "") }
    }
    choice.fallBack(to: all)
    return choice
  }

  /// Endpoints of the node alone.
  static func local(_ all: [ProxyEndpoint], node: String?) -> EndpointChoice {
    var choice = EndpointChoice()
    let own = all.filter { $0.node != nil && $0.node == node }
    choice.chosen = own.filter(\.isReady)
    choice.fallBack(to: own)
    return choice
  }

  private mutating func fallBack(to all: [ProxyEndpoint]) {
    guard chosen.isEmpty else { return }
    chosen = all.filter { $0.isServing && $0.isTerminating }
    isFallback = !chosen.isEmpty
  }

  /// Hints count only when every ready endpoint has some, and one fits.
  private static func nearness(
    of ready: [ProxyEndpoint], node: String?, zone: String?
  ) -> Nearness {
    guard !ready.isEmpty else { return .anywhere }
    if let node, ready.allSatisfy({ !$0.nodeHints.isEmpty }),
      ready.contains(where: { $0.nodeHints.contains(node) })
    {
      return .sameNode
    }
    if let zone, ready.allSatisfy({ !$0.zoneHints.isEmpty }),
      ready.contains(where: { $0.zoneHints.contains(zone) })
    {
      return .sameZone
    }
    return .anywhere
  }
}
