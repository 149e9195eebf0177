import ManifestSchema
import ManifestSyntax

/// Which Services select a pod: kept up to date from what a controller is told.
struct ServiceIndex: Sendable {
  private var selectors: [String: [(name: String, selector: ValueMap)]] = [:]

  /// Takes over a change of a Service.
  mutating func take(_ change: Change) {
    let namespace = change.key.namespace ?? ""
    selectors[namespace]?.removeAll { $0.name == change.key.name }
    guard let selector = change.new.flatMap(Self.selector) else { return }
    selectors[namespace, default: []].append((change.key.name, selector))
  }

  /// What a Service selects; nil when its endpoints are not the controllers' business.
  static func selector(of service: ClusterObject) -> ValueMap? {
    let spec = service.value["spec"]
    guard spec?["type"] != "ExternalName", let selector = spec?["selector"]?.map,
      !selector.isEmpty
    else { return nil }
    return selector
  }

  /// The Services that a change of a pod concerns, old and new labels taken together.
  func services(touchedBy change: Change) -> [ResourceKey] {
    let namespace = change.key.namespace ?? ""
    guard let known = selectors[namespace], !known.isEmpty, Self.matters(change) else { return [] }
    return known.compactMap { name, selector in
      let isOld = change.old?.labels.contains(selector) ?? false
      let isNew = change.new?.labels.contains(selector) ?? false
      guard isOld || isNew else { return nil }
      return ResourceKey(.services, namespace: namespace, name: name)
    }
  }

  /// Whether anything has changed that endpoints tell.
  private static func matters(_ change: Change) -> Bool {
    guard let old = change.old, let new = change.new else { return true }
    return old.isTerminating != new.isTerminating || old.pod != new.pod
      || old.labels != new.labels || ips(old) != ips(new)
  }

  private static func ips(_ pod: ClusterObject) -> Value? { pod.value["status"]?["podIPs"] }

  /// How long to gather changes of pods before looking at a Service: as long as a control plane
  /// works on one with so many endpoints.
  static func gatheringTime(endpoints count: Int) -> Duration? {
    count < 200 ? nil : .microseconds(min(count, 10_000) * 100)
  }
}

/// A pod as endpoints tell of it.
struct EndpointPod {
  let object: ClusterObject
  let service: ServiceTraits

  init(_ object: ClusterObject, _ service: ServiceTraits) {
    self.object = object
    self.service = service
  }

  var isReady: Bool { object.pod?.isReady ?? false }
  var isTerminal: Bool { object.pod?.isTerminal ?? true }

  func addresses(isIPv6: Bool) -> [String] {
    let all = object.value["status"]?["podIPs"]?.list?.compactMap { $0["ip"]?.string } ?? []
    return all.filter { $0.contains(":") == isIPv6 }
  }

  /// Its name within the Service's domain.
  var hostname: String? {
    let spec = object.value["spec"]
    guard let hostname = spec?["hostname"]?.string, !hostname.isEmpty,
      spec?["subdomain"]?.string == service.name
    else { return nil }
    return hostname
  }
}

/// What the controllers ask of a Service.
struct ServiceTraits {
  let object: ClusterObject
  let name: String
  let selector: ValueMap
  let publishesNotReady: Bool
  let isHeadless: Bool
  /// Whether each address family is IPv6, the first one first.
  let families: [Bool]
  let ports: [Value]
  /// Whether all target ports are numbers, so that all pods have the same.
  let hasNumericPorts: Bool

  /// nil for Services whose endpoints somebody else keeps.
  init?(_ object: ClusterObject) {
    guard let selector = ServiceIndex.selector(of: object) else { return nil }
    self.object = object
    self.selector = selector
    name = object.name
    let spec = object.value["spec"]
    publishesNotReady = spec?["publishNotReadyAddresses"] == true
    let address = spec?["clusterIP"]?.string ?? ""
    isHeadless = address == "None"
    let named = (spec?["ipFamilies"]?.list ?? []).map { $0 == "IPv6" }
    families = named.isEmpty ? [address.contains(":")] : named
    ports = spec?["ports"]?.list ?? []
    hasNumericPorts = ports.allSatisfy { $0["targetPort"]?.string == nil }
  }

  /// The ports of a pod, in the Service's order; a pod without a container port of the wanted name
  /// is left out of that port.
  func ports(of pod: ClusterObject) -> [Value] {
    ports.compactMap { port in
      guard let number = number(of: port, pod) else { return nil }
      var resolved = ValueMap()
      resolved["name"] = .string(port["name"]?.string ?? "")
      resolved["port"] = .int(number)
      resolved["protocol"] = port["protocol"] ?? "TCP"
      if let application = port["appProtocol"] { resolved["appProtocol"] = application }
      return .map(resolved)
    }
  }

  private func number(of port: Value, _ pod: ClusterObject) -> Int64? {
    guard let name = port["targetPort"]?.string else {
      return port["targetPort"]?.int64 ?? port["port"]?.int64
    }
    let spec = pod.value["spec"]
    let sidecars = (spec?["initContainers"]?.list ?? []).filter {
      $0["restartPolicy"] == "Always"
    }
    for container in (spec?["containers"]?.list ?? []) + sidecars {
      for declared in container["ports"]?.list ?? []
      where declared["name"]?.string == name
        && declared["protocol"]?.string ?? "TCP" == port["protocol"]?.string ?? "TCP"
      {
        return declared["containerPort"]?.int64
      }
    }
    return nil
  }

  /// A reference to a pod, as endpoints carry it.
  static func reference(to pod: ClusterObject) -> Value {
    .map(
      ValueMap(unique: [
        ValueMap.Entry(key: "kind", value: "Pod"),
        ValueMap.Entry(key: "namespace", value: .string(pod.namespace ?? "")),
        ValueMap.Entry(key: "name", value: .string(pod.name)),
        ValueMap.Entry(key: "uid", value: .string(pod.uid)),
      ]))
  }
}
