import ManifestSchema
import ManifestSyntax

/// Where a Service's traffic goes: what the proxy of a node makes of its endpoints.
public struct ServiceRoute: Sendable {
  /// Where traffic comes from.
  public enum Source: Hashable, Sendable {
    /// A pod on this node, or anything else on it that speaks to the Service's own address.
    case node(String)
    /// A pod somewhere.
    case anywhere
    /// Somebody outside the cluster who came to this node: by a node port or a load balancer.
    case outside(node: String)

    var node: String? {
      switch self {
      case .node(let name), .outside(let name): name
      case .anywhere: nil
      }
    }
  }

  public enum Kind: Hashable, Sendable {
    /// Proxies on all nodes answer for the Service's addresses.
    case proxied
    /// Names lead to the pods' own addresses; no proxy is involved.
    case headless
    /// The name is another name for this one.
    case external(String)
  }

  public enum Verdict: Hashable, Sendable {
    /// Connections go to one of the targets, each as likely as the others.
    case forwarded
    /// Nobody is there: clients see "connection refused".
    case refused
    /// Nobody is there on the node that traffic may go to: clients wait in vain.
    case dropped
    /// Traffic from there does not come in at all.
    case unreachable
  }

  /// What a node answers a load balancer that keeps to nodes with pods.
  public struct HealthCheck: Hashable, Sendable {
    public var port: Int
    /// How many ready endpoints the node has; without any it answers that it takes no traffic.
    public var localCount: Int
  }

  public struct Port: Sendable {
    public var name: String
    public var `protocol`: String
    public var number: Int64
    public var nodePort: Int64?
    public var verdict: Verdict
    public var targets: [ProxyEndpoint]
    /// Those that get nothing, with the reason.
    public var others: [(endpoint: ProxyEndpoint, reason: String)]
    /// What is special about the choice, in a few words.
    public var remarks: [String]
  }

  public let key: ResourceKey
  public let kind: Kind
  public let source: Source
  /// The addresses that the Service answers on.
  public let addresses: [String]
  /// Those that the world outside has for it: of load balancers, and others that were given to it.
  public let externalAddresses: [String]
  /// What load balancers ask nodes before they send them traffic; nil where all nodes take it.
  public let healthCheck: HealthCheck?
  /// How long a client stays with its pod; nil when every connection is a choice of its own.
  public let affinity: Duration?
  public private(set) var ports: [Port] = []

  /// nil when there is no such Service.
  public init?(_ key: ResourceKey, from source: Source, in state: ClusterState) {
    guard let service = state.object(key) else { return nil }
    let fields = ServiceFields(service.value)
    self.key = key
    self.source = source
    let isHeadless = fields.isHeadless || fields.clusterIP == ServiceFields.headless
    if fields.type == "ExternalName" {
      kind = .external(fields.spec["externalName"]?.string ?? "")
    } else {
      kind = isHeadless ? .headless : .proxied
    }
    let own = fields.clusterIPs.isEmpty ? [fields.clusterIP] : fields.clusterIPs
    addresses = kind == .proxied ? own.filter { !$0.isEmpty } : []
    externalAddresses = kind == .proxied ? Self.externalAddresses(service, fields) : []
    affinity = Self.affinity(fields)
    healthCheck = Self.healthCheck(service, fields, source.node, state)
    if case .external = kind { return }
    let routing = PortRouting(service: service, fields: fields, source: source, state: state)
    let declared = fields.spec["ports"]?.list ?? []
    ports = (declared.isEmpty && isHeadless ? [.emptyMap] : declared).map(routing.port)
  }

  private static func externalAddresses(
    _ service: ClusterObject, _ fields: ServiceFields
  ) -> [String] {
    let given = fields.spec["externalIPs"]?.list?.compactMap(\.string) ?? []
    let balanced = service.value["status"]?["loadBalancer"]?["ingress"]?.list ?? []
    return given + balanced.compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }
  }

  private static func healthCheck(
    _ service: ClusterObject, _ fields: ServiceFields, _ node: String?, _ state: ClusterState
  ) -> HealthCheck? {
    guard let node, fields.needsHealthCheckPort, fields.healthCheckPort != 0 else { return nil }
    var pods: Set<String> = []
    for slice in ProxyEndpoint.slices(of: service, state) {
      for endpoint in slice.value["endpoints"]?.list ?? []
      where endpoint["nodeName"]?.string == node && endpoint["conditions"]?["ready"] != false {
        pods.insert(
          endpoint["targetRef"]?["uid"]?.string ?? endpoint["addresses"]?[0]?.string ?? "")
      }
    }
    return HealthCheck(port: fields.healthCheckPort, localCount: pods.count)
  }

  private static func affinity(_ fields: ServiceFields) -> Duration? {
    guard fields.spec["sessionAffinity"] == "ClientIP" else { return nil }
    let seconds = fields.spec["sessionAffinityConfig"]?["clientIP"]?["timeoutSeconds"]?.int64
    return .seconds(min(max(seconds ?? 10_800, 0), 86_400))
  }
}

/// How the ports of one Service are routed.
private struct PortRouting {
  let service: ClusterObject
  let fields: ServiceFields
  let source: ServiceRoute.Source
  let state: ClusterState

  private var zone: String? {
    source.node.flatMap { state.object(ResourceKey(.nodes, name: $0)) }?
      .labels["topology.kubernetes.io/zone"]?.string
  }

  private var isIPv6: Bool {
    fields.families.first.map { $0 == "IPv6" } ?? fields.clusterIP.contains(":")
  }

  func port(_ value: Value) -> ServiceRoute.Port {
    let name = value["name"]?.string ?? ""
    let all =
      fields.isHeadless && value == .emptyMap
      ? portless() : ProxyEndpoint.endpoints(service, port: name, isIPv6: isIPv6, state)
    var port = ServiceRoute.Port(
      name: name, protocol: value["protocol"]?.string ?? "TCP",
      number: value["port"]?.int64 ?? 0, nodePort: value["nodePort"]?.int64,
      verdict: .forwarded, targets: [], others: [], remarks: [])
    if fields.isHeadless {
      port.targets = all.filter(\.isReady)
      port.others = all.filter { !$0.isReady }.map { ($0, "not ready") }
      if port.targets.isEmpty { port.verdict = .refused }
      return port
    }
    if case .outside = source, !fields.isExternallyReachable {
      port.verdict = .unreachable
      port.remarks = ["a Service of type \(fields.type) has no way in from outside"]
      return port
    }
    choose(from: all, &port)
    return port
  }

  /// Addresses without ports, as Services without ports have them.
  private func portless() -> [ProxyEndpoint] {
    ProxyEndpoint.slices(of: service, state).flatMap { slice in
      (slice.value["endpoints"]?.list ?? []).compactMap {
        ProxyEndpoint($0, port: 0, namespace: service.namespace)
      }
    }
  }

  private func choose(from all: [ProxyEndpoint], _ port: inout ServiceRoute.Port) {
    let isOutside = if case .outside = source { true } else { false }
    let policy =
      fields.spec[isOutside ? "externalTrafficPolicy" : "internalTrafficPolicy"]?.string
    // Without a node there is nothing to be local to.
    let isLocal = policy == "Local" && source.node != nil
    if policy == "Local", source.node == nil {
      port.remarks.append("each node sends traffic to its own pods alone (policy Local)")
    }
    let choice =
      isLocal
      ? EndpointChoice.local(all, node: source.node)
      : EndpointChoice.cluster(all, node: source.node, zone: zone)
    port.targets = choice.chosen
    if choice.isFallback { port.remarks.append("none is ready: those that still stop answer") }
    if choice.nearness != .anywhere {
      port.remarks.append("only those meant for the \(choice.nearness.rawValue)")
    }
    if isLocal { port.remarks.append("only those on the node itself (policy Local)") }
    if isOutside, !isLocal { port.remarks.append("clients' addresses are replaced by the node's") }
    if choice.chosen.isEmpty {
      let isAnywhere = !EndpointChoice.cluster(all, node: nil, zone: nil).chosen.isEmpty
      port.verdict = isLocal && isAnywhere ? .dropped : .refused
    }
    let chosen = Set(choice.chosen)
    port.others = all.filter { !chosen.contains($0) }.map { endpoint in
      (endpoint, reason(endpoint, isLocal: isLocal, choice))
    }
  }

  private func reason(
    _ endpoint: ProxyEndpoint, isLocal: Bool, _ choice: EndpointChoice
  ) -> String {
    if isLocal, endpoint.node == nil || endpoint.node != source.node { return "on another node" }
    if endpoint.isTerminating { return endpoint.isServing ? "stopping" : "stopping, not ready" }
    guard endpoint.isReady else { return "not ready" }
    return choice.nearness == .sameNode ? "meant for other nodes" : "meant for other zones"
  }
}
