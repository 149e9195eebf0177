import ManifestSchema

/// Which endpoint a proxy takes for each connection, and the clients that it keeps where they were.
public struct ClientAffinity: Sendable {
  private struct Place: Hashable, Sendable {
    var service: ResourceKey
    var port: String
    var client: String
  }

  private struct Stay: Sendable {
    var endpoint: ProxyEndpoint
    var used: Time
  }

  private var stays: [Place: Stay] = [:]
  private var chance: SeededGenerator

  public init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

  /// The endpoint for a new connection; nil when there is none.
  ///
  /// A client that is known goes where it went before, as long as that endpoint is there and the
  /// client was not away for longer than the Service allows.
  public mutating func pick(
    _ port: ServiceRoute.Port, of route: ServiceRoute, client: String, at now: Time
  ) -> ProxyEndpoint? {
    guard port.verdict == .forwarded, !port.targets.isEmpty else { return nil }
    let place = Place(service: route.key, port: port.name, client: client)
    if let limit = route.affinity, let stay = stays[place],
      now.duration(since: stay.used) <= limit,
      let known = port.targets.first(where: { Self.isSame($0, stay.endpoint) })
    {
      stays[place]?.used = now
      return known
    }
    let endpoint = port.targets[Int(chance.number(below: UInt64(port.targets.count)))]
    stays[place] = route.affinity == nil ? nil : Stay(endpoint: endpoint, used: now)
    return endpoint
  }

  private static func isSame(_ left: ProxyEndpoint, _ right: ProxyEndpoint) -> Bool {
    left.address == right.address && left.port == right.port
  }
}
