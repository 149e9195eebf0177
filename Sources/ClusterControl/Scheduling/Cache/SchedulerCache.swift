import ManifestSchema
import ManifestSyntax

/// What the scheduler knows of the cluster, in arrays that every change keeps up to date.
///
/// Nodes and pods stand in slots. Every pod that comes to a node or leaves it, and every node that
/// changes, is written to a journal; who has derived something from the cache reads on from where
/// it stopped (``ShapePlan``), so that a change costs nothing but its entry until somebody asks.
struct SchedulerCache: Sendable {
  /// What changed on a node.
  struct Entry: Sendable {
    var node: Int32
    /// The shape of the pods; -1 when the node itself changed.
    var shape: Int32
    /// How many pods more.
    var pods: Int8
    /// How many more that are not being deleted.
    var live: Int8
  }

  struct Pod: Sendable {
    var object: ClusterObject
    var shape: Int32
    /// -1 while it has none.
    var node: Int32 = -1
    /// Whether it was given its node here and the cluster has not confirmed it yet.
    var isAssumed = false
    var isLive: Bool
  }

  // MARK: Nodes, by slot
  private(set) var facts: [NodeFacts?] = []
  private(set) var usage: [NodeUsage] = []
  private(set) var scalars: [[String: Int64]] = []
  private(set) var ports: [[PodShape.HostPort]] = []
  /// The pods of each node.
  private(set) var residents: [[Int32]] = []
  private(set) var nodePlaces: [String: Int32] = [:]
  private var isOrderKnown = true
  private var knownOrder: [Int32] = []
  /// How many nodes have each image.
  private(set) var imageNodes: [String: Int] = [:]

  // MARK: Pods, by slot
  private(set) var pods: [Pod?] = []
  private var freePods: [Int32] = []
  private(set) var podPlaces: [String: Int32] = [:]

  // MARK: Shapes, by number
  private(set) var shapes: [PodShape?] = []
  private var shapeUses: [Int32] = []
  /// The shapes of the pods of each controller.
  private var shapesByOwner: [String: [Int32]] = [:]

  /// The topology keys in terms by which pods keep others away.
  private(set) var repellingKeys: Set<String> = []
  /// The topology keys in terms by which pods wish others near or far.
  private(set) var wishingKeys: Set<String> = []
  private(set) var namespaceLabels: [String: [String: String]] = [:]
  private var topologies: [String: Topology] = [:]

  /// Rises when nodes come, go, or change their labels or images, and with all that whole plans
  /// stand on.
  private(set) var epoch = 0
  private var journal: [Entry] = []
  private var journalStart = 0

  // MARK: - The journal

  /// The number of the next entry. It rises with every change.
  var position: Int { journalStart + journal.count }

  /// The entries since a position; nil when they were given up.
  func entries(since position: Int) -> ArraySlice<Entry>? {
    position < journalStart ? nil : journal[(position - journalStart)...]
  }

  private mutating func note(_ node: Int32, _ shape: Int32, _ pods: Int8, _ live: Int8) {
    journal.append(Entry(node: node, shape: shape, pods: pods, live: live))
    // Reading more than a few entries for each node costs more than starting anew.
    let most = max(4096, facts.count * 4)
    guard journal.count > most * 2 else { return }
    journal.removeFirst(most)
    journalStart += most
  }

  mutating func beginEpoch() {
    epoch += 1
    topologies = [:]
  }

  // MARK: - Nodes

  var nodeCount: Int { nodePlaces.count }

  /// The nodes in the order in which they are tried: one of each zone in turn.
  var order: [Int32] {
    mutating get {
      if !isOrderKnown {
        knownOrder = makeOrder()
        isOrderKnown = true
      }
      return knownOrder
    }
  }

  private func makeOrder() -> [Int32] {
    var zones: [String: Int] = [:]
    var lists: [[Int32]] = []
    for (slot, node) in facts.enumerated() {
      guard let node else { continue }
      let zone = zones[node.zone] ?? lists.count
      if zone == lists.count {
        zones[node.zone] = zone
        lists.append([])
      }
      lists[zone].append(Int32(slot))
    }
    var order: [Int32] = []
    for turn in 0..<(lists.map(\.count).max() ?? 0) {
      for list in lists where turn < list.count { order.append(list[turn]) }
    }
    return order
  }

  /// Takes over a node.
  ///
  /// - Returns: Whether anything that matters changed.
  mutating func setNode(_ object: ClusterObject) -> Bool {
    let new = NodeFacts(object)
    guard let slot = nodePlaces[new.name] else {
      let slot = Int32(facts.count)
      facts.append(new)
      usage.append(NodeUsage())
      scalars.append([:])
      ports.append([])
      residents.append([])
      nodePlaces[new.name] = slot
      isOrderKnown = false
      countImages(of: new, by: 1)
      beginEpoch()
      return true
    }
    guard let old = facts[Int(slot)], old != new else { return false }
    facts[Int(slot)] = new
    if old.zone != new.zone { isOrderKnown = false }
    if old.images != new.images {
      countImages(of: old, by: -1)
      countImages(of: new, by: 1)
      beginEpoch()
    } else if old.labels != new.labels || old.taints != new.taints {
      beginEpoch()
    }
    note(slot, -1, 0, 0)
    return true
  }

  private mutating func countImages(of node: NodeFacts, by count: Int) {
    for name in node.images.keys { imageNodes[name, default: 0] += count }
  }

  /// Forgets a node; its pods are forgotten with it until it comes back.
  mutating func removeNode(_ name: String) {
    guard let slot = nodePlaces.removeValue(forKey: name) else { return }
    for pod in residents[Int(slot)] { removePod(pod) }
    if let node = facts[Int(slot)] { countImages(of: node, by: -1) }
    facts[Int(slot)] = nil
    isOrderKnown = false
    beginEpoch()
  }

  func slot(of node: String) -> Int32? { nodePlaces[node] }

  mutating func setNamespace(_ name: String, _ labels: [String: String]?) {
    guard namespaceLabels[name] != labels else { return }
    namespaceLabels[name] = labels
    beginEpoch()
  }

  /// The domains of a topology key.
  mutating func topology(_ key: String) -> Topology {
    if let known = topologies[key] { return known }
    var numbers: [String: Int32] = [:]
    let domains = facts.map { node -> Int32 in
      guard let value = node?.labels[key] else { return -1 }
      if let known = numbers[value] { return known }
      let number = Int32(numbers.count)
      numbers[value] = number
      return number
    }
    let topology = Topology(domains: domains, count: numbers.count)
    topologies[key] = topology
    return topology
  }

  // MARK: - Pods

  /// The number of the pod's shape, which pods of the same template share.
  private mutating func shape(of pod: ClusterObject) -> Int32 {
    let owner = pod.controller?.uid ?? ""
    let known = owner.isEmpty ? [] : shapesByOwner[owner] ?? []
    for number in known.reversed() where shapes[Int(number)]?.fits(pod) == true { return number }
    let shape = PodShape(pod)
    let number = Int32(shapes.count)
    shapes.append(shape)
    shapeUses.append(0)
    if !owner.isEmpty {
      // Pods with names of their own in their labels are all different: no use to look at many.
      shapesByOwner[owner] = Array((known + [number]).suffix(4))
    }
    let wishes = shape.affinity + shape.preferredAffinity + shape.preferredAntiAffinity
    let sizes = (repellingKeys.count, wishingKeys.count)
    repellingKeys.formUnion(shape.antiAffinity.map(\.topologyKey))
    wishingKeys.formUnion(wishes.map(\.topologyKey))
    if sizes != (repellingKeys.count, wishingKeys.count) { epoch += 1 }
    return number
  }

  private mutating func release(_ shape: Int32, _ pod: ClusterObject) {
    shapeUses[Int(shape)] -= 1
    guard shapeUses[Int(shape)] == 0 else { return }
    shapes[Int(shape)] = nil
    guard let owner = pod.controller?.uid else { return }
    shapesByOwner[owner]?.removeAll { $0 == shape }
    if shapesByOwner[owner]?.isEmpty == true { shapesByOwner[owner] = nil }
  }

  /// Takes in a pod that is not known yet, without a place.
  mutating func addPod(_ object: ClusterObject) -> Int32 {
    let number = shape(of: object)
    shapeUses[Int(number)] += 1
    let pod = Pod(object: object, shape: number, isLive: !object.isTerminating)
    let slot = freePods.popLast() ?? Int32(pods.count)
    if Int(slot) == pods.count { pods.append(pod) } else { pods[Int(slot)] = pod }
    podPlaces[object.uid] = slot
    return slot
  }

  /// Forgets a pod, wherever it is.
  mutating func removePod(_ slot: Int32) {
    move(slot, to: -1)
    guard let pod = pods[Int(slot)] else { return }
    release(pod.shape, pod.object)
    podPlaces[pod.object.uid] = nil
    pods[Int(slot)] = nil
    freePods.append(slot)
  }

  /// Takes over a new version of a pod; its place stays.
  ///
  /// - Returns: Whether its shape is another now.
  mutating func update(_ slot: Int32, _ object: ClusterObject) -> Bool {
    guard let pod = pods[Int(slot)] else { return false }
    let isLive = !object.isTerminating
    if pod.isLive != isLive, pod.node >= 0 { note(pod.node, pod.shape, 0, isLive ? 1 : -1) }
    pods[Int(slot)]?.isLive = isLive
    pods[Int(slot)]?.object = object
    if shapes[Int(pod.shape)]?.fits(object, known: pod.object) == true { return false }
    let node = pod.node
    move(slot, to: -1)
    let new = shape(of: object)
    shapeUses[Int(new)] += 1
    release(pod.shape, pod.object)
    pods[Int(slot)]?.shape = new
    move(slot, to: node)
    return true
  }

  /// Takes over a version of a pod in which nothing changed that matters here.
  mutating func refresh(_ slot: Int32, _ object: ClusterObject) {
    pods[Int(slot)]?.object = object
  }

  mutating func setAssumed(_ slot: Int32, _ isAssumed: Bool) {
    pods[Int(slot)]?.isAssumed = isAssumed
  }

  /// Puts a pod on a node, or (-1) takes it off.
  mutating func move(_ slot: Int32, to node: Int32) {
    guard let pod = pods[Int(slot)], pod.node != node, let shape = shapes[Int(pod.shape)] else {
      return
    }
    if pod.node >= 0 {
      residents[Int(pod.node)].removeAll { $0 == slot }
      settle(pod, shape, on: Int(pod.node), -1)
    }
    pods[Int(slot)]?.node = node
    if node >= 0 {
      residents[Int(node)].append(slot)
      settle(pod, shape, on: Int(node), 1)
    }
  }

  private mutating func settle(_ pod: Pod, _ shape: PodShape, on node: Int, _ sign: Int8) {
    usage[node].count(shape, by: Int64(sign))
    for (name, amount) in shape.requests.scalars {
      scalars[node][name, default: 0] &+= amount &* Int64(sign)
    }
    for port in shape.ports {
      if sign > 0 {
        ports[node].append(port)
      } else if let place = ports[node].firstIndex(of: port) {
        ports[node].remove(at: place)
      }
    }
    note(Int32(node), pod.shape, sign, pod.isLive ? sign : 0)
  }

  /// The pods of a node, with their slots.
  func residents(of node: Int32) -> [(slot: Int32, pod: Pod)] {
    residents[Int(node)].compactMap { slot in pods[Int(slot)].map { (slot, $0) } }
  }

  func shape(_ slot: Int32) -> PodShape? {
    pods[Int(slot)].flatMap { shapes[Int($0.shape)] }
  }
}

/// Which nodes belong together, by the values of one label.
struct Topology: Sendable {
  /// The domain of each node; -1 for those without the label.
  var domains: [Int32]
  var count: Int

  /// Every node by itself.
  static func nodes(_ count: Int) -> Topology {
    Topology(domains: (0..<Int32(count)).map { $0 }, count: count)
  }
}
