import ManifestSchema
import ManifestSyntax

/// What the scheduler remembers: the cluster as it will be once all its bindings are done, and the
/// pods that wait.
public struct SchedulerMemory: Sendable {
  /// How pods of a shape failed, while nothing has changed since.
  struct KnownFailure: Sendable {
    var plugins: Set<SchedulerPlugin>
    var message: String
    /// The node that is being cleared for the pod.
    var node: String?
  }

  var cache = SchedulerCache()
  var queue = SchedulingQueue()
  /// Where in the list of nodes the next search starts.
  var start = 0
  /// The nodes that pods wait for while others are leaving them.
  private(set) var nominations: [Int32: String] = [:]
  /// Counts the changes that could have helped somebody.
  private(set) var newsCount = 0
  /// Pods that the scheduler has nothing to do with, by uid.
  private var ignored: Set<String> = []
  /// Pods held by gates that have still to be told so.
  private var gated: [Int32] = []
  private var plans: [Int32: ShapePlan] = [:]
  private var planUses: [Int32: Int] = [:]
  private var planTurn = 0
  private var failures: [Int32: KnownFailure] = [:]
  private var failurePosition = 0

  private static let plansMax = 64

  init() {}

  func hasWork(at now: Time, isEager: Bool) -> Bool {
    !gated.isEmpty || queue.isReady(at: now, isEager: isEager)
  }

  // MARK: - News

  /// Lets the pods be tried again that a change may help.
  mutating func news(
    _ view: ControllerView, _ isHelped: (PodShape, SchedulingQueue.Item) -> Bool
  ) {
    newsCount += 1
    guard !queue.stuck.isEmpty else { return }
    let cache = cache
    queue.wake(at: view.now) { number, item in
      cache.shapes[Int(number)].map { isHelped($0, item) } ?? false
    }
  }

  private mutating func roomWasMade(_ view: ControllerView) {
    let plugins = SchedulerPlugin.volumes.union([
      .nodePorts, .nodeResourcesFit, .podTopologySpread, .interPodAffinity,
    ])
    news(view) { !$1.rejectedBy.isDisjoint(with: plugins) }
  }

  private mutating func podWasPlaced(_ shape: PodShape, _ view: ControllerView) {
    let namespaces = cache.namespaceLabels
    news(view) { waiting, item in
      item.rejectedBy.contains(.interPodAffinity)
        && waiting.affinity.contains { $0.selects(shape, namespaces) }
        || item.rejectedBy.contains(.podTopologySpread) && waiting.namespace == shape.namespace
          && (waiting.spread ?? []).contains { $0.isHard && $0.selects(shape.labels) }
    }
  }

  // MARK: - Nodes

  mutating func observeNode(_ change: Change, _ view: ControllerView) {
    guard let new = change.new else {
      let name = change.key.name
      if let slot = cache.slot(of: name) {
        ignored.formUnion(cache.residents(of: slot).map(\.pod.object.uid))
      }
      cache.removeNode(name)
      // Uneven spreads may be even without it.
      return roomWasMade(view)
    }
    let isNew = cache.slot(of: new.name) == nil
    guard cache.setNode(new), let slot = cache.slot(of: new.name) else { return }
    if isNew {
      for pod in view.state.pods(on: new.name) where pod.pod?.isTerminal == false {
        ignored.remove(pod.uid)
        if cache.podPlaces[pod.uid] == nil { cache.move(cache.addPod(pod), to: slot) }
      }
    }
    guard let facts = cache.facts[Int(slot)] else { return }
    let version = view.version
    news(view) { shape, _ in shape.couldUse(facts, version) }
  }

  // MARK: - Pods

  mutating func observePod(_ change: Change, _ view: ControllerView) {
    if let old = change.old, old.uid != change.new?.uid { forget(old.uid, view) }
    guard let new = change.new else { return }
    guard let slot = cache.podPlaces[new.uid] else { return meet(new, view) }
    if let old = change.old, old.uid == new.uid, !Self.differ(old, new) {
      return cache.refresh(slot, new)
    }
    follow(slot, new, view)
  }

  /// Whether anything changed that placing pods depends on.
  private static func differ(_ old: ClusterObject, _ new: ClusterObject) -> Bool {
    old.pod?.node != new.pod?.node || old.isTerminating != new.isTerminating
      || old.pod?.isTerminal != new.pod?.isTerminal || old.labels != new.labels
      || old.value["spec"] != new.value["spec"]
  }

  /// Sees a pod for the first time, or one that was ignored so far.
  private mutating func meet(_ pod: ClusterObject, _ view: ControllerView) {
    guard let place = place(of: pod) else {
      ignored.insert(pod.uid)
      return
    }
    ignored.remove(pod.uid)
    let slot = cache.addPod(pod)
    if place >= 0 {
      cache.move(slot, to: place)
      if let shape = cache.shape(slot) { podWasPlaced(shape, view) }
    } else {
      nominations[slot] = pod.value["status"]?["nominatedNodeName"]?.string
        .flatMap { $0.isEmpty ? nil : $0 }
      enqueue(slot, pod, view)
    }
  }

  /// The slot of the pod's node, -1 for a pod that is to get one; nil for pods to be ignored.
  private func place(of pod: ClusterObject) -> Int32? {
    if pod.pod?.isTerminal == true { return nil }
    if let node = pod.pod?.node { return cache.slot(of: node) }
    let scheduler = pod.value["spec"]?["schedulerName"]?.string ?? ""
    return pod.isTerminating || !["", Scheduler.name].contains(scheduler) ? nil : -1
  }

  private mutating func follow(_ slot: Int32, _ pod: ClusterObject, _ view: ControllerView) {
    guard let known = cache.pods[Int(slot)] else { return }
    guard let place = place(of: pod) else {
      forget(pod.uid, view)
      ignored.insert(pod.uid)
      return
    }
    let isReshaped = cache.update(slot, pod)
    if place >= 0 {
      queue.remove(slot)
      nominations[slot] = nil
      cache.setAssumed(slot, false)
      if known.node != place {
        cache.move(slot, to: place)
        if known.node >= 0 { roomWasMade(view) }
        if let shape = cache.shape(slot) { podWasPlaced(shape, view) }
      } else if known.isAssumed {
        if let shape = cache.shape(slot) { podWasPlaced(shape, view) }
      } else if isReshaped {
        roomWasMade(view)
      } else if pod.isTerminating, known.isLive {
        // It still needs its room, but spreads do not count it any more.
        news(view) { $1.rejectedBy.contains(.podTopologySpread) }
      }
    } else if !known.isAssumed {
      if known.node >= 0 {
        cache.move(slot, to: -1)
        roomWasMade(view)
      }
      enqueue(slot, pod, view)
    }
  }

  private mutating func enqueue(_ slot: Int32, _ pod: ClusterObject, _ view: ControllerView) {
    guard let entry = cache.pods[Int(slot)] else { return }
    let isGated = pod.value["spec"]?["schedulingGates"]?.list?.isEmpty == false
    if isGated { gated.append(slot) }
    queue.add(
      slot, entry.shape, priority: cache.shape(slot)?.priority ?? 0, at: view.now,
      isGated: isGated)
  }

  private mutating func forget(_ uid: String, _ view: ControllerView) {
    ignored.remove(uid)
    guard let slot = cache.podPlaces[uid] else { return }
    let wasPlaced = cache.pods[Int(slot)].map { $0.node >= 0 } ?? false
    queue.remove(slot)
    let wasNominated = nominations.removeValue(forKey: slot) != nil
    cache.removePod(slot)
    if wasPlaced || wasNominated { roomWasMade(view) }
  }

  mutating func takeGated() -> [Int32] {
    defer { gated = [] }
    return gated.filter { queue.items[$0]?.place == .gated }
  }

  // MARK: - Placing

  /// Counts a pod as placed before the cluster says so.
  mutating func assume(_ slot: Int32, on node: Int32) {
    queue.remove(slot)
    nominations[slot] = nil
    cache.move(slot, to: node)
    cache.setAssumed(slot, true)
  }

  /// Takes back a placement that was refused.
  mutating func takeBack(_ uid: String, _ view: ControllerView) {
    guard let slot = cache.podPlaces[uid], let pod = cache.pods[Int(slot)], pod.isAssumed else {
      return
    }
    cache.setAssumed(slot, false)
    cache.move(slot, to: -1)
    if let now = view.state.object(pod.object.key), now.uid == uid {
      enqueue(slot, now, view)
      queue.error(slot, at: view.now)
    }
    roomWasMade(view)
  }

  mutating func nominate(_ slot: Int32, _ node: String?) { nominations[slot] = node }

  /// A node that is still being cleared for the pod.
  func keptNomination(_ slot: Int32) -> String? {
    guard let name = nominations[slot], let node = cache.slot(of: name),
      let priority = cache.shape(slot)?.priority
    else { return nil }
    let isBeingCleared = cache.residents(of: node).contains { _, pod in
      !pod.isLive && (cache.shapes[Int(pod.shape)]?.priority ?? 0) < priority
    }
    return isBeingCleared ? name : nil
  }

  // MARK: - Plans

  /// Takes out the plan of a shape, up to date; ``putBack(_:)`` returns it.
  mutating func takePlan(_ number: Int32, _ view: ControllerView) -> ShapePlan? {
    guard let shape = cache.shapes[Int(number)] else { return nil }
    if var plan = plans.removeValue(forKey: number), plan.catchUp(cache) { return plan }
    return ShapePlan(number, shape, &cache, view)
  }

  mutating func putBack(_ plan: ShapePlan) {
    planTurn += 1
    planUses[plan.number] = planTurn
    plans[plan.number] = plan
    guard plans.count > Self.plansMax else { return }
    let oldest = planUses.min { $0.value < $1.value }?.key
    if let oldest {
      plans[oldest] = nil
      planUses[oldest] = nil
    }
  }

  // MARK: - Failures

  /// How a pod just like this one failed a moment ago.
  func knownFailure(of shape: Int32, _ slot: Int32) -> KnownFailure? {
    guard failurePosition == cache.position, nominations.isEmpty,
      cache.shapes[Int(shape)]?.volumes.isEmpty == true
    else { return nil }
    return failures[shape]
  }

  mutating func remember(_ failure: KnownFailure, of shape: Int32) {
    if failurePosition != cache.position { failures = [:] }
    failurePosition = cache.position
    failures[shape] = failure
  }

  // MARK: - Missed changes

  /// Starts from what there is, where changes were missed.
  mutating func complete(_ view: ControllerView) {
    guard
      cache.podPlaces.count + ignored.count != view.state.count(of: .pods)
        || cache.nodeCount != view.state.count(of: .nodes)
    else { return }
    var fresh = SchedulerMemory()
    fresh.start = start
    fresh.newsCount = newsCount + 1
    for node in view.state.objects(.nodes) {
      fresh.observeNode(Change(key: node.key, old: nil, new: node), view)
    }
    for namespace in view.state.objects(.namespaces) {
      fresh.cache.setNamespace(namespace.name, namespace.labelTexts)
    }
    for pod in view.state.objects(.pods) where fresh.cache.podPlaces[pod.uid] == nil {
      fresh.meet(pod, view)
    }
    // Placements that are on their way stay.
    for case let pod? in cache.pods where pod.isAssumed {
      guard let slot = fresh.cache.podPlaces[pod.object.uid],
        let name = cache.facts[Int(pod.node)]?.name, let node = fresh.cache.slot(of: name),
        fresh.cache.pods[Int(slot)]?.node == -1
      else { continue }
      fresh.assume(slot, on: node)
    }
    self = fresh
  }
}
