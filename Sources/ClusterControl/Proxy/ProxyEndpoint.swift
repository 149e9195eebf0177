import ManifestSchema
import ManifestSyntax

/// An endpoint of a Service as proxies see it in its slices.
public struct ProxyEndpoint: Hashable, Sendable {
  public var address: String
  public var port: Int64
  /// The pod behind it; nil where somebody wrote the slice by hand.
  public var pod: ResourceKey?
  public var node: String?
  public var zone: String?
  public var isReady: Bool
  public var isServing: Bool
  public var isTerminating: Bool
  /// The nodes and zones whose traffic it is meant for; empty for all.
  public var nodeHints: Set<String> = []
  public var zoneHints: Set<String> = []

  /// nil for an endpoint without address.
  init?(_ value: Value, port: Int64, namespace: String?) {
    guard let address = value["addresses"]?[0]?.string else { return nil }
    self.address = address
    self.port = port
    let target = value["targetRef"]
    if target?["kind"] == "Pod", let name = target?["name"]?.string {
      pod = ResourceKey(.pods, namespace: namespace, name: name)
    }
    node = value["nodeName"]?.string
    zone = value["zone"]?.string
    let conditions = value["conditions"]
    // What nobody says is taken as well.
    let ready = conditions?["ready"] != false
    let serving = conditions?["serving"] ?? .null
    isReady = ready
    isServing = serving == .null ? ready : serving == true
    isTerminating = conditions?["terminating"] == true
    nodeHints = Self.names(value["hints"]?["forNodes"])
    zoneHints = Self.names(value["hints"]?["forZones"])
  }

  private static func names(_ list: Value?) -> Set<String> {
    Set((list?.list ?? []).compactMap { $0["name"]?.string })
  }

  /// The endpoints of one port of a Service, each once, in the order of the slices.
  static func endpoints(
    _ service: ClusterObject, port name: String, isIPv6: Bool, _ state: ClusterState
  ) -> [ProxyEndpoint] {
    var found: [ProxyEndpoint] = []
    var known: Set<String> = []
    for slice in slices(of: service, state)
    where slice.value["addressType"]?.string == (isIPv6 ? "IPv6" : "IPv4") {
      let ports = slice.value["ports"]?.list ?? []
      guard let port = ports.first(where: { $0["name"]?.string ?? "" == name }),
        let number = port["port"]?.int64
      else { continue }
      for value in slice.value["endpoints"]?.list ?? [] {
        let endpoint = ProxyEndpoint(value, port: number, namespace: service.namespace)
        guard let endpoint, known.insert(endpoint.address).inserted else { continue }
        found.append(endpoint)
      }
    }
    return found
  }

  static func slices(of service: ClusterObject, _ state: ClusterState) -> [ClusterObject] {
    state.objects(.endpointSlices, in: service.namespace).filter {
      $0.labels[EndpointSliceController.serviceName]?.string == service.name && !$0.isTerminating
    }
  }
}
