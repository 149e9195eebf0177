import ManifestSchema
import ManifestSyntax

/// What objects of one kind count for in quotas.
struct QuotaEvaluator {
  let resource: GroupResource

  /// Nil for what no quota counts.
  init?(_ resource: GroupResource) {
    guard !Self.uncounted.contains(resource) else { return nil }
    self.resource = resource
  }

  /// Events come and go by themselves; the others are questions, not objects.
  private static let uncounted: Set<GroupResource> = [
    GroupResource("events"), GroupResource(group: "events.k8s.io", "events"),
    GroupResource("bindings"),
    GroupResource(group: "authorization.k8s.io", "localsubjectaccessreviews"),
  ]

  /// Kinds that quotas can name by their plural alone.
  private static let plain: Set<GroupResource> = [
    .configMaps, .persistentVolumeClaims, .resourceQuotas, .secrets, .services,
    GroupResource("replicationcontrollers"),
  ]

  private static let one = Quantity(1)

  /// `count/pods`, `count/deployments.apps`.
  private var countName: String { "count/\(resource)" }

  /// Whether a change of a stored object, not only a new one, can change what it counts for.
  var followsUpdates: Bool {
    resource == .services || resource == .persistentVolumeClaims || resource == .pods
  }

  /// What `object` counts for.
  func usage(of object: Value) -> ResourceAmounts {
    var usage = ResourceAmounts([countName: Self.one])
    let spec = object["spec"] ?? .emptyMap
    if Self.plain.contains(resource) { usage[resource.plural] = Self.one }
    switch resource {
    case .pods: addPod(object, spec, to: &usage)
    case .services: addService(spec, to: &usage)
    case .persistentVolumeClaims: addClaim(object, spec, to: &usage)
    default: break
    }
    return usage
  }

  // MARK: - Kinds that count for more than their number

  private func addPod(_ pod: Value, _ spec: Value, to usage: inout ResourceAmounts) {
    // A pod that is done holds nothing any more, but is still an object.
    if let phase = pod["status"]?["phase"]?.string, ["Failed", "Succeeded"].contains(phase) {
      return
    }
    usage["pods"] = Self.one
    let demand = PodDemand(spec)
    usage.add(Self.compute(requests: demand.requests(), limits: demand.limits()))
  }

  /// Amounts under the names by which quotas know them.
  static func compute(requests: ResourceAmounts, limits: ResourceAmounts) -> ResourceAmounts {
    var usage = ResourceAmounts()
    for (name, amount) in requests.amounts {
      if Self.basic.contains(name) || name.hasPrefix("hugepages-") { usage[name] = amount }
      if Self.basic.contains(name) || name.hasPrefix("hugepages-") || isExtended(name) {
        usage["requests.\(name)"] = amount
      }
    }
    for (name, amount) in limits.amounts where Self.basic.contains(name) {
      usage["limits.\(name)"] = amount
    }
    return usage
  }

  private static let basic: Set<String> = ["cpu", "memory", "ephemeral-storage"]

  /// Whether it is a resource of a device: named by a domain that is not Kubernetes' own.
  private static func isExtended(_ name: String) -> Bool {
    name.contains("/") && !name.contains("kubernetes.io/") && !name.hasPrefix("requests.")
  }

  private func addService(_ spec: Value, to usage: inout ResourceAmounts) {
    let ports = spec.items("ports")
    usage["services.nodeports"] = .zero
    usage["services.loadbalancers"] = .zero
    switch spec["type"]?.string {
    case "NodePort": usage["services.nodeports"] = Quantity(Int64(ports.count))
    case "LoadBalancer":
      let opened =
        spec["allocateLoadBalancerNodePorts"] == false
        ? ports.filter { ($0["nodePort"]?.int64 ?? 0) != 0 } : ports
      usage["services.nodeports"] = Quantity(Int64(opened.count))
      usage["services.loadbalancers"] = Self.one
    default: break
    }
  }

  private func addClaim(_ claim: Value, _ spec: Value, to usage: inout ResourceAmounts) {
    let suffix = ".storageclass.storage.k8s.io/"
    let className =
      claim.annotation("volume.beta.kubernetes.io/storage-class")
      ?? spec["storageClassName"]?.string ?? ""
    let prefix = className.isEmpty ? nil : className + suffix
    if let prefix { usage[prefix + "persistentvolumeclaims"] = Self.one }
    var size = ResourceAmounts(spec["resources"]?["requests"])["storage"]
    // What a volume was once grown to is paid for until it really shrinks.
    if let allocated = ResourceAmounts(claim["status"]?["allocatedResources"])["storage"] {
      size = max(size ?? .zero, allocated)
    }
    guard let size else { return }
    usage["requests.storage"] = size
    if let prefix { usage[prefix + "requests.storage"] = size }
  }

  /// Which of the names a quota can limit are this kind's business.
  func counts(_ name: String) -> Bool {
    if name == countName { return true }
    if Self.plain.contains(resource), name == resource.plural { return true }
    switch resource {
    case .pods:
      let bare =
        name.hasPrefix("requests.")
        ? name.dropFirst(9) : name.hasPrefix("limits.") ? name.dropFirst(7) : name[...]
      return name == "pods" || Self.basic.contains(String(bare)) || bare.hasPrefix("hugepages-")
        || name.hasPrefix("requests.") && Self.isExtended(String(bare))
    case .services: return name == "services.nodeports" || name == "services.loadbalancers"
    case .persistentVolumeClaims:
      return name == "requests.storage" || name.contains(".storageclass.storage.k8s.io/")
    default: return false
    }
  }

  /// What a pod must say because a quota limits it: `cpu for: web`; nil when nothing is missing.
  func missing(in object: Value, limited names: [String]) -> String? {
    guard resource == .pods else { return nil }
    let spec = object["spec"] ?? .emptyMap
    let own = Self.compute(
      requests: ResourceAmounts(spec["resources"]?["requests"]),
      limits: ResourceAmounts(spec["resources"]?["limits"]))
    let required = names.filter { Self.required.contains($0) && own[$0] == nil }
    var missing: [String: Set<String>] = [:]
    for container in spec.items("containers") + spec.items("initContainers") {
      let said = Self.compute(
        requests: ResourceAmounts(container["resources"]?["requests"]),
        limits: ResourceAmounts(container["resources"]?["limits"]))
      for name in required where said[name] == nil {
        missing[name, default: []].insert(container["name"]?.string ?? "")
      }
    }
    guard !missing.isEmpty else { return nil }
    return missing.sorted { $0.key < $1.key }.map { name, containers in
      "\(name) for: \(containers.sorted().joined(separator: ","))"
    }.joined(separator: "; ")
  }

  private static let required: Set<String> = [
    "cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory",
  ]
}
