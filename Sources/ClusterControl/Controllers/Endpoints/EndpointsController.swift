import ManifestSchema
import ManifestSyntax

/// Keeps the Endpoints of Services with selectors: the older form, all addresses in one object.
public struct EndpointsController: Controller {
  public struct Memory: Sendable {
    var services = ServiceIndex()
    /// How many pods each Service had when it was last looked at.
    var sizes: [ResourceKey: Int] = [:]
  }

  public static let name = "endpoint-controller"
  public static let watches: [GroupResource] = [.services, .pods, .endpoints]
  public static let retriesMax: Int? = 15
  public static var freshMemory: Memory { Memory() }
  /// More addresses than this are left out.
  static let addressesMax = 1000
  static let managedBy = "endpoints.kubernetes.io/managed-by"
  static let overCapacity = "endpoints.kubernetes.io/over-capacity"
  static let triggerTime = "endpoints.kubernetes.io/last-change-trigger-time"

  public init() {}

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .services:
      memory.services.take(change)
      wakes.wake(change.key)
    case .pods:
      for key in memory.services.services(touchedBy: change) {
        let delay = ServiceIndex.gatheringTime(endpoints: memory.sizes[key] ?? 0)
        wakes.wake(key, after: delay)
      }
    default:
      // Somebody else's hand, or this one's own.
      var key = change.key
      key.resource = .services
      wakes.wake(key)
    }
  }

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    var decision = Decision()
    let own = ResourceKey(.endpoints, namespace: key.namespace, name: key.name)
    guard let object = view.state.object(key) else {
      memory.sizes[key] = nil
      if let known = view.state.object(own), known.labels[Self.managedBy] != nil {
        decision.add(.delete(own, Action.Deletion(uid: known.uid)), tolerates: [.notFound])
      }
      return decision
    }
    guard let service = ServiceTraits(object) else { return .done }
    let known = view.state.object(own)
    var subsets = EndpointSubsets(service)
    for pod in view.state.objects(.pods, in: key.namespace)
    where pod.labels.contains(service.selector) { subsets.add(pod) }
    memory.sizes[key] = subsets.podCount
    let isCut = subsets.cut(to: Self.addressesMax)
    let wanted = wanted(service, subsets.value, isCut: isCut, known)
    if let known {
      guard !isSame(known.value, wanted) else { return .done }
      var value = wanted
      stamp(&value, view.now)
      decision.add(.update(known, value), tolerates: [.notFound])
    } else {
      var value = wanted
      stamp(&value, view.now)
      decision.add(.create(value, .endpoints, namespace: key.namespace))
    }
    return decision
  }

  private func wanted(
    _ service: ServiceTraits, _ subsets: [Value], isCut: Bool, _ known: ClusterObject?
  ) -> Value {
    var labels = service.object.labels
    labels[Self.managedBy] = "endpoint-controller"
    if service.isHeadless { labels["service.kubernetes.io/headless"] = "" }
    var value =
      known?.value ?? [
        "apiVersion": "v1", "kind": "Endpoints", "metadata": ["name": .string(service.name)],
      ]
    value.change("metadata") { metadata in
      metadata["labels"] = .map(labels)
      var annotations = metadata["annotations"]?.map ?? ValueMap()
      annotations[Self.overCapacity] = isCut ? "truncated" : nil
      metadata["annotations"] = annotations.isEmpty ? nil : .map(annotations)
    }
    value["subsets"] = subsets.isEmpty ? nil : .list(subsets)
    return value
  }

  private func isSame(_ known: Value, _ wanted: Value) -> Bool { known == wanted }

  private func stamp(_ value: inout Value, _ now: Time) {
    value.change("metadata") {
      $0.change("annotations") { $0[Self.triggerTime] = .string(now.description) }
    }
  }
}

/// The addresses of a Service, grouped by the ports that they have.
struct EndpointSubsets {
  private struct Subset {
    var ports: [Value]
    var ready: [(ip: String, value: Value)] = []
    var notReady: [(ip: String, value: Value)] = []
  }

  private let service: ServiceTraits
  private var subsets: [Subset] = []
  private(set) var podCount = 0

  init(_ service: ServiceTraits) { self.service = service }

  /// Adds a pod, unless it has ended, has no address of the Service's family, or is on its way out.
  mutating func add(_ object: ClusterObject) {
    let pod = EndpointPod(object, service)
    guard !pod.isTerminal, !object.isTerminating || service.publishesNotReady,
      let ip = pod.addresses(isIPv6: service.families.first ?? false).first
    else { return }
    let ports = service.ports(of: object)
    guard !ports.isEmpty || service.isHeadless && service.ports.isEmpty else { return }
    podCount += 1
    var address = ValueMap()
    address["ip"] = .string(ip)
    if let hostname = pod.hostname { address["hostname"] = .string(hostname) }
    address["nodeName"] = object.pod?.node.map(Value.string)
    address["targetRef"] = ServiceTraits.reference(to: object)
    let place = subsets.firstIndex { $0.ports == ports } ?? subsets.count
    if place == subsets.count { subsets.append(Subset(ports: ports)) }
    if pod.isReady || service.publishesNotReady {
      subsets[place].ready.append((ip, .map(address)))
    } else {
      subsets[place].notReady.append((ip, .map(address)))
    }
  }

  /// Leaves out what is too much: ready addresses stay first, each subset gives its share.
  mutating func cut(to max: Int) -> Bool {
    let ready = subsets.reduce(0) { $0 + $1.ready.count }
    let notReady = subsets.reduce(0) { $0 + $1.notReady.count }
    guard ready + notReady > max else { return false }
    sort()
    let readyLeft = min(ready, max)
    let notReadyLeft = max - readyLeft
    for index in subsets.indices {
      if ready > readyLeft {
        subsets[index].ready.removeLast(
          subsets[index].ready.count - subsets[index].ready.count * readyLeft / ready)
      }
      if notReady > notReadyLeft {
        let count = subsets[index].notReady.count
        subsets[index].notReady.removeLast(count - count * notReadyLeft / notReady)
      }
    }
    return true
  }

  private mutating func sort() {
    for index in subsets.indices {
      subsets[index].ready.sort { $0.ip < $1.ip }
      subsets[index].notReady.sort { $0.ip < $1.ip }
    }
  }

  var value: [Value] {
    var sorted = self
    sorted.sort()
    return sorted.subsets.filter { !$0.ready.isEmpty || !$0.notReady.isEmpty }.map { subset in
      var map = ValueMap()
      if !subset.ready.isEmpty { map["addresses"] = .list(subset.ready.map(\.value)) }
      if !subset.notReady.isEmpty { map["notReadyAddresses"] = .list(subset.notReady.map(\.value)) }
      if !subset.ports.isEmpty { map["ports"] = .list(subset.ports) }
      return .map(map)
    }
  }
}
