import ManifestSchema
import ManifestSyntax

/// What is known beforehand about placing pods of one shape: for each node whether they may go
/// there, whether they fit, and what the node is worth to them.
///
/// Made once, and brought up to date from the cache's journal: placing one of ten thousand pods of
/// a template looks anew at the one node that the pod before it went to.
struct ShapePlan: Sendable {
  let number: Int32
  let shape: PodShape
  private let version: KubernetesVersion
  private let epoch: Int
  private var position: Int

  /// Whether the node itself lets the pods in, whoever else is there.
  private var isAllowed: [Bool] = []
  /// Whether it does and has room.
  private(set) var isOpen: [Bool] = []
  /// What resources and images make of a node.
  private(set) var baseScores: [Int64] = []
  private var tasteScores: [Int64] = []
  private var affinityScores: [Int64] = []
  private let hasTastes: Bool
  private let hasAffinities: Bool

  private var spread: PodTopologySpreadFilter?
  private var affinity: InterPodAffinityFilter?
  private var spreadScore: PodTopologySpreadScore?
  private var affinityScore: InterPodAffinityScore?

  init(_ number: Int32, _ shape: PodShape, _ cache: inout SchedulerCache, _ view: ControllerView) {
    self.number = number
    self.shape = shape
    version = view.version
    epoch = cache.epoch
    position = cache.position
    let count = cache.facts.count
    hasAffinities = !shape.preferredNodeTerms.isEmpty
    hasTastes = cache.facts.contains { node in
      node?.taints.contains { $0.effect == "PreferNoSchedule" } ?? false
    }
    spread = PodTopologySpreadFilter(shape, &cache)
    affinity = InterPodAffinityFilter(shape, &cache)
    spreadScore = PodTopologySpreadScore(shape, usual: Peers.selector(of: shape, view), &cache)
    affinityScore = InterPodAffinityScore(shape, &cache)
    isAllowed = Array(repeating: false, count: count)
    isOpen = isAllowed
    baseScores = Array(repeating: 0, count: count)
    if hasTastes { tasteScores = baseScores }
    if hasAffinities { affinityScores = baseScores }
    for node in 0..<count { lookAt(node, cache) }
    countAll(cache)
  }

  /// Brings it up to date.
  ///
  /// - Returns: Whether that was possible; if not, a new one has to be made.
  mutating func catchUp(_ cache: SchedulerCache) -> Bool {
    guard epoch == cache.epoch, let entries = cache.entries(since: position) else { return false }
    for entry in entries {
      if entry.shape < 0 { lookAt(Int(entry.node), cache) } else { weigh(Int(entry.node), cache) }
      count(entry, cache)
    }
    position = cache.position
    return true
  }

  // MARK: - One node

  private mutating func lookAt(_ node: Int, _ cache: SchedulerCache) {
    guard let facts = cache.facts[node] else { return }
    isAllowed[node] = shape.rejection(by: facts, version) == nil
    if hasTastes { tasteScores[node] = TaintTolerationScore.count(shape, facts) }
    if hasAffinities { affinityScores[node] = NodeAffinityScore.sum(shape, facts) }
    weigh(node, cache)
  }

  /// Looks at how full a node is.
  private mutating func weigh(_ node: Int, _ cache: SchedulerCache) {
    guard isAllowed[node], let facts = cache.facts[node] else {
      isOpen[node] = false
      return
    }
    let usage = cache.usage[node]
    let fits = NodeResourcesFit.fits(shape, facts, usage, cache.scalars[node])
    let isFree = shape.ports.isEmpty || NodePorts.judge(shape, taken: cache.ports[node]) == nil
    isOpen[node] = fits && isFree
    guard isOpen[node] else { return }
    let least = LeastAllocated.score(
      cpu: usage.scoringCPU &+ shape.scoringCPU,
      memory: usage.scoringMemory &+ shape.scoringMemory, of: facts.allocatable)
    let balance = BalancedAllocation.score(shape, usage, of: facts.allocatable)
    let images = ImageLocality.score(
      shape, facts, nodesByImage: cache.imageNodes, nodeCount: cache.nodeCount)
    baseScores[node] =
      ScoreWeight.nodeResourcesFit * least + ScoreWeight.balancedAllocation * balance
      + ScoreWeight.imageLocality * images
  }

  // MARK: - Other pods

  private mutating func count(_ entry: SchedulerCache.Entry, _ cache: SchedulerCache) {
    spread?.count(entry, shape, cache)
    affinity?.count(entry, shape, cache)
    spreadScore?.count(entry, shape, cache)
    affinityScore?.count(entry, shape, cache)
  }

  private mutating func countAll(_ cache: SchedulerCache) {
    guard spread != nil || affinity != nil || spreadScore != nil || affinityScore != nil else {
      return
    }
    for case let pod? in cache.pods where pod.node >= 0 {
      let entry = SchedulerCache.Entry(
        node: pod.node, shape: pod.shape, pods: 1, live: pod.isLive ? 1 : 0)
      count(entry, cache)
    }
  }

  // MARK: - Judging

  /// Before nodes are judged.
  mutating func prepare() { spread?.prepare() }

  /// Whether other pods are no hindrance, on a node that is open.
  @inline(__always)
  func passes(_ node: Int) -> Bool {
    (spread?.passes(node) ?? true) && (affinity?.passes(node) ?? true)
  }

  /// Why a node cannot take the pod `name`; nil when it can.
  func judge(_ node: Int, _ cache: SchedulerCache, _ volumes: VolumeJudge?) -> Rejection? {
    guard let facts = cache.facts[node] else { return nil }
    return shape.rejection(by: facts, version) ?? NodePorts.judge(shape, taken: cache.ports[node])
      ?? NodeResourcesFit.judge(shape, facts, cache.usage[node], cache.scalars[node])
      ?? volumes?.judge(Int32(node), facts, cache) ?? spread?.judge(node)
      ?? affinity?.judge(node)
  }

  /// What each of some nodes is worth.
  func scores(_ nodes: [Int32]) -> [Int64] {
    var totals = nodes.map { baseScores[Int($0)] }
    func add(_ scores: [Int64], _ weight: Int64) {
      for index in totals.indices { totals[index] += weight * scores[index] }
    }
    if hasTastes {
      var scores = nodes.map { tasteScores[Int($0)] }
      Normalizing.toHighest(&scores, isReversed: true)
      add(scores, ScoreWeight.taintToleration)
    }
    if hasAffinities {
      var scores = nodes.map { affinityScores[Int($0)] }
      Normalizing.toHighest(&scores)
      add(scores, ScoreWeight.nodeAffinity)
    }
    if let spreadScore { add(spreadScore.scores(nodes), ScoreWeight.podTopologySpread) }
    if let affinityScore { add(affinityScore.scores(nodes), ScoreWeight.interPodAffinity) }
    return totals
  }
}

extension PodShape {
  /// Why a node itself keeps the pods off, whoever else is there.
  func rejection(by node: NodeFacts, _ version: KubernetesVersion) -> Rejection? {
    NodeUnschedulable.judge(self, node) ?? TaintTolerationFilter.judge(self, node, version)
      ?? NodeAffinityFilter.judge(self, node)
  }

  /// Whether the pods could be on a node, as far as that is up to the node.
  func couldUse(_ node: NodeFacts, _ version: KubernetesVersion) -> Bool {
    rejection(by: node, version) == nil && NodeResourcesFit.fitsEmpty(self, node)
  }
}

/// The pods that are spread together where nothing else is said.
enum Peers {
  /// What Services and the pod's controller select it by, all of it together.
  static func selector(of shape: PodShape, _ view: ControllerView) -> LabelSelector? {
    guard shape.spread == nil else { return nil }
    var requirements: [LabelSelector.Requirement] = []
    for service in view.state.objects(.services, in: shape.namespace) {
      let wanted = service.value["spec"]?.texts("selector") ?? [:]
      guard !wanted.isEmpty, wanted.allSatisfy({ shape.labels[$0.key] == $0.value }) else {
        continue
      }
      requirements += wanted.sorted { $0.key < $1.key }
        .map { LabelSelector.Requirement($0.key, .in, [$0.value]) }
    }
    if let owner = shape.owner, let object = owned(by: owner, shape.namespace, view) {
      if owner.kind == "ReplicationController" {
        requirements += (object.value["spec"]?.texts("selector") ?? [:])
          .sorted { $0.key < $1.key }.map { LabelSelector.Requirement($0.key, .in, [$0.value]) }
      } else if let selector = DeploymentSync.selector(of: object) {
        requirements += selector.requirements
      }
    }
    return requirements.isEmpty ? nil : LabelSelector(requirements)
  }

  private static func owned(
    by owner: ClusterObject.Owner, _ namespace: String, _ view: ControllerView
  ) -> ClusterObject? {
    let resource: GroupResource
    switch owner.kind {
    case "ReplicaSet": resource = .replicaSets
    case "StatefulSet": resource = .statefulSets
    case "ReplicationController": resource = .replicationControllers
    default: return nil
    }
    return view.state.object(ResourceKey(resource, namespace: namespace, name: owner.name))
  }
}
