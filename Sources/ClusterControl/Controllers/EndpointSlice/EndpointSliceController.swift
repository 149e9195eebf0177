import ManifestSchema
import ManifestSyntax

/// Keeps the EndpointSlices of Services with selectors: up to a hundred endpoints each.
public struct EndpointSliceController: Controller {
  public struct Memory: Sendable {
    var services = ServiceIndex()
    var books: [ResourceKey: SliceBook] = [:]
    /// Pods that changed since their Service was last looked at.
    var changed: [ResourceKey: [String: ClusterObject]] = [:]
  }

  public static let name = "endpointslice-controller"
  public static let watches: [GroupResource] = [.services, .pods, .endpointSlices]
  public static let retriesMax: Int? = 15
  public static var freshMemory: Memory { Memory() }
  static let managedBy = "endpointslice.kubernetes.io/managed-by"
  static let managedByName: Value = "endpointslice-controller.k8s.io"
  static let serviceName = "kubernetes.io/service-name"

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .services:
      memory.services.take(change)
      memory.books[change.key] = nil
      wakes.wake(change.key)
    case .pods:
      guard let pod = change.new ?? change.old else { return }
      for key in memory.services.services(touchedBy: change) {
        memory.changed[key, default: [:]][pod.uid] = pod
        let count = memory.books[key]?.podCount ?? 0
        wakes.wake(key, after: ServiceIndex.gatheringTime(endpoints: count))
      }
    default: observeSlice(change, &memory, &wakes)
    }
  }

  private func observeSlice(_ change: Change, _ memory: inout Memory, _ wakes: inout Wakes) {
    guard let slice = change.new ?? change.old, slice.labels[Self.managedBy] == Self.managedByName,
      let name = slice.labels[Self.serviceName]?.string
    else { return }
    let key = ResourceKey(.services, namespace: slice.namespace, name: name)
    guard let book = memory.books[key] else { return wakes.wake(key) }
    let isAsLeft =
      change.new.map(book.holds) ?? !book.slices.contains { $0.name == slice.name && $0.exists }
    guard !isAsLeft else { return }
    // Somebody else's hand: count everything anew.
    memory.books[key] = nil
    wakes.wake(key)
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    let changed = memory.changed.removeValue(forKey: key) ?? [:]
    guard let object = view.state.object(key), !object.isTerminating,
      let service = ServiceTraits(object)
    else {
      memory.books[key] = nil
      return .done
    }
    var decision = Decision()
    let known = memory.books.removeValue(forKey: key)
    var book = known ?? SliceBook(slices(of: service, view))
    var pods: [ClusterObject]
    if known == nil {
      pods = view.state.objects(.pods, in: key.namespace)
        .filter { $0.labels.contains(service.selector) }
    } else {
      pods = changed.values.sorted { ($0.name, $0.uid) < ($1.name, $1.uid) }
    }
    var wishes = known == nil ? farewells(book, pods, service) : []
    let numericPorts = service.hasNumericPorts ? pods.first.map { service.ports(of: $0) } : nil
    for pod in pods {
      for isIPv6 in service.families {
        let wish = wish(for: pod, isIPv6: isIPv6, service, numericPorts, view)
        if let wish {
          wishes.append(wish)
        } else {
          memory.changed[key, default: [:]][pod.uid] = pod
          decision.isRetry = true
        }
      }
    }
    let nameFor = { (number: UInt64) in Self.name(service, number) }
    book.fulfil(wishes, nameFor: nameFor)
    book.keepPlaceholders(service.families, nameFor: nameFor)
    write(&book, service, view, &decision)
    memory.books[key] = book
    return decision
  }

  public func recover(
    _ key: ResourceKey, from failure: Failure, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    memory.books[key] = nil
    if failure.refusals.allSatisfy({ $0.refusal.reason == .namespaceTerminating }) { return .done }
    return .retry
  }

  private func slices(of service: ServiceTraits, _ view: ControllerView) -> [ClusterObject] {
    view.state.objects(.endpointSlices, ownedBy: service.object.uid).filter {
      $0.labels[Self.managedBy] == Self.managedByName && !$0.isTerminating
    }
  }

  /// What is told of pods that are no more.
  private func farewells(
    _ book: SliceBook, _ pods: [ClusterObject], _ service: ServiceTraits
  ) -> [SliceBook.Wish] {
    let there = Set(pods.map(\.uid))
    let gone = book.uids.filter { !there.contains($0) }
    return gone.flatMap { uid in
      [false, true].map { SliceBook.Wish(uid: uid, isIPv6: $0, endpoint: nil, ports: []) }
    }
  }

  /// What is to be told of a pod; nil while its node is not known.
  private func wish(
    for object: ClusterObject, isIPv6: Bool, _ service: ServiceTraits, _ numericPorts: [Value]?,
    _ view: ControllerView
  ) -> SliceBook.Wish? {
    let nothing = SliceBook.Wish(uid: object.uid, isIPv6: isIPv6, endpoint: nil, ports: [])
    let current = view.state.object(object.key)
    guard let current, current.uid == object.uid, current.labels.contains(service.selector) else {
      return nothing
    }
    let pod = EndpointPod(current, service)
    let addresses = pod.addresses(isIPv6: isIPv6)
    guard !pod.isTerminal, !addresses.isEmpty else { return nothing }
    let node = current.pod?.node.flatMap { view.state.object(ResourceKey(.nodes, name: $0)) }
    if node == nil, current.pod?.node != nil, !service.publishesNotReady { return nil }
    let ports = numericPorts ?? service.ports(of: current)
    return SliceBook.Wish(
      uid: object.uid, isIPv6: isIPv6, endpoint: endpoint(pod, addresses, node), ports: ports)
  }

  private func endpoint(_ pod: EndpointPod, _ addresses: [String], _ node: ClusterObject?) -> Value
  {
    let object = pod.object
    let isServing = pod.isReady
    let isTerminating = object.isTerminating
    let isReady = pod.service.publishesNotReady || isServing && !isTerminating
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity(7)
    func add(_ key: String, _ value: Value) {
      entries.append(ValueMap.Entry(key: key, value: value))
    }
    add("addresses", .list(addresses.map(Value.string)))
    add(
      "conditions",
      .map(
        ValueMap(unique: [
          ValueMap.Entry(key: "ready", value: .bool(isReady)),
          ValueMap.Entry(key: "serving", value: .bool(isServing)),
          ValueMap.Entry(key: "terminating", value: .bool(isTerminating)),
        ])))
    if let hostname = pod.hostname { add("hostname", .string(hostname)) }
    add("targetRef", ServiceTraits.reference(to: object))
    if let name = object.pod?.node { add("nodeName", .string(name)) }
    let zone = node?.labels["topology.kubernetes.io/zone"]?.string
    if let zone { add("zone", .string(zone)) }
    if isReady, let hints = hints(pod.service, zone, object.pod?.node) { add("hints", hints) }
    return .map(ValueMap(unique: entries))
  }

  /// Where traffic to the endpoint should come from, as the Service wishes.
  private func hints(_ service: ServiceTraits, _ zone: String?, _ node: String?) -> Value? {
    guard let wish = service.object.value["spec"]?["trafficDistribution"]?.string else {
      return nil
    }
    var hints = ValueMap()
    if let zone { hints["forZones"] = [["name": .string(zone)]] }
    if wish == "PreferSameNode", let node { hints["forNodes"] = [["name": .string(node)]] }
    return hints.isEmpty ? nil : .map(hints)
  }

  // MARK: - Writing

  private func write(
    _ book: inout SliceBook, _ service: ServiceTraits, _ view: ControllerView,
    _ decision: inout Decision
  ) {
    let labels = Self.labels(service)
    if book.labels != labels {
      // Those that a former controller left may have others.
      for slice in slices(of: service, view) where slice.labels != labels { book.markAllChanged() }
      book.labels = labels
    }
    let namespace = service.object.namespace
    var actions: [Action] = []
    for name in book.dropEmpty(service.families) {
      let key = ResourceKey(.endpointSlices, namespace: namespace, name: name)
      actions.append(.delete(key, Action.Deletion()))
    }
    decision.add(actions, tolerates: [.notFound])
    actions = []
    for slice in book.takeChanged() {
      let key = ResourceKey(.endpointSlices, namespace: namespace, name: slice.name)
      let known = view.state.object(key)
      let value = value(slice, service, labels, known)
      if let known {
        if known.value != value { actions.append(.update(known, value)) }
      } else {
        actions.append(.create(value, .endpointSlices, namespace: namespace))
      }
    }
    decision.add(actions)
  }

  private func value(
    _ slice: SliceBook.Slice, _ service: ServiceTraits, _ labels: ValueMap,
    _ known: ClusterObject?
  ) -> Value {
    var value: Value =
      known?.value ?? [
        "addressType": slice.isIPv6 ? "IPv6" : "IPv4", "apiVersion": "discovery.k8s.io/v1",
        "endpoints": [], "kind": "EndpointSlice",
        "metadata": [
          "name": .string(slice.name), "generateName": .string(service.name + "-"),
          "ownerReferences": [
            OwnerReferences.reference(to: service.object, apiVersion: "v1", kind: "Service")
          ],
        ],
      ]
    value["endpoints"] = .list(slice.endpoints)
    value["ports"] = .list(slice.ports)
    value.change("metadata") { $0["labels"] = .map(labels) }
    return value
  }

  private static func labels(_ service: ServiceTraits) -> ValueMap {
    var labels = service.object.labels
    labels[serviceName] = .string(service.name)
    labels[managedBy] = managedByName
    labels["service.kubernetes.io/headless"] = service.isHeadless ? "" : nil
    return labels
  }

  /// Names are made up here, and not by the server, so that the book knows them at once.
  private static func name(_ service: ServiceTraits, _ number: UInt64) -> String {
    var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in service.object.uid.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var chance = SeededGenerator(seed: seed &+ number)
    return String(service.name.prefix(57)) + "-" + chance.suffix()
  }
}
