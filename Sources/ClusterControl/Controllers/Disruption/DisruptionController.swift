import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Says in PodDisruptionBudgets how many pods may be evicted at this moment.
public struct DisruptionController: Controller {
  public typealias Memory = DisruptionMemory

  public static let name = "disruption-controller"
  public static let watches: [GroupResource] = [
    .podDisruptionBudgets, .pods, .deployments, .replicaSets, .statefulSets,
    .replicationControllers,
  ]
  public static var freshMemory: Memory { Memory() }
  /// An eviction that has not become a deletion by then counts no more.
  static let evictionSecondsMax: Int64 = 120

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .podDisruptionBudgets:
      memory.take(budget: change, view.state)
      wakes.wake(change.key)
    case .pods:
      // Without budgets nobody counts.
      guard memory.budgets[change.key.namespace ?? ""]?.isEmpty == false else { return }
      memory.census.take(change)
      guard let old = change.old, let new = change.new, old.labels == new.labels,
        old.controller == new.controller,
        PodCensus.isHealthy(old) == PodCensus.isHealthy(new)
      else { return wake(change, &memory, &wakes) }
    default:
      // How many there should be may have changed.
      guard change.old?.value["spec"]?["replicas"] != change.new?.value["spec"]?["replicas"] else {
        return
      }
      for name in memory.budgets[change.key.namespace ?? ""] ?? [] {
        wakes.wake(
          ResourceKey(.podDisruptionBudgets, namespace: change.key.namespace, name: name.name))
      }
    }
  }

  private func wake(_ change: Change, _ memory: inout Memory, _ wakes: inout Wakes) {
    guard let budgets = memory.budgets[change.key.namespace ?? ""], !budgets.isEmpty else { return }
    let labels = [change.old?.labels, change.new?.labels].compactMap { $0 }
    for budget in budgets where labels.contains(where: budget.selects) {
      wakes.wake(
        ResourceKey(.podDisruptionBudgets, namespace: change.key.namespace, name: budget.name))
    }
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let budget = view.state.object(key), !budget.isTerminating else { return .done }
    var decision = Decision()
    var status = budget.value["status"] ?? .emptyMap
    do throws(Trouble) {
      let disrupted = disruptedPods(budget, view, &decision)
      let count = try count(budget, disrupted, view, memory)
      status = count.status(of: budget, over: status, disrupted: disrupted, at: view.now)
    } catch {
      status["disruptionsAllowed"] = 0
      status["observedGeneration"] = .int(budget.generation)
      status = Self.condition("False", "SyncFailed", error.message, in: status, view.now)
    }
    guard status != budget.value["status"] else { return decision }
    var value = budget.value
    value["status"] = status
    decision.add(.updateStatus(budget, value), tolerates: [.notFound])
    return decision
  }

  struct Trouble: Error { var message: String }

  /// Pods whose eviction was granted and that are not on their way out yet.
  private func disruptedPods(
    _ budget: ClusterObject, _ view: ControllerView, _ decision: inout Decision
  ) -> [ValueMap.Entry] {
    let written = budget.value["status"]?["disruptedPods"]?.map?.entries ?? []
    return written.filter { entry in
      let key = ResourceKey(.pods, namespace: budget.namespace, name: entry.key)
      guard let pod = view.state.object(key), !pod.isTerminating,
        let since = entry.value.string.flatMap({ Time($0) })
      else { return false }
      let end = since.advanced(bySeconds: Self.evictionSecondsMax)
      guard end > view.now else { return false }
      let left = end.duration(since: view.now)
      decision.checkAgain = decision.checkAgain.map { min($0, left) } ?? left
      return true
    }
  }

  private func count(
    _ budget: ClusterObject, _ disrupted: [ValueMap.Entry], _ view: ControllerView,
    _ memory: Memory
  ) throws(Trouble) -> DisruptionCount {
    let namespace = budget.namespace ?? ""
    guard let known = memory.budgets[namespace]?.first(where: { $0.name == budget.name }) else {
      throw Trouble(message: "the selector cannot be read")
    }
    let groups = memory.census.groups(in: namespace).filter { known.selects($0.labels) }
    var count = DisruptionCount()
    count.healthy = groups.reduce(0) { $0 + $1.healthy }
    for entry in disrupted {
      let pod = view.state.object(ResourceKey(.pods, namespace: namespace, name: entry.key))
      if let pod, PodCensus.isHealthy(pod), known.selects(pod.labels) {
        count.healthy -= 1
      }
    }
    let spec = budget.value["spec"]
    let pods = groups.reduce(0) { $0 + $1.count }
    if let limit = spec?["maxUnavailable"], limit != .null {
      count.expected = try scale(groups, namespace, view)
      let most = try amount(limit, of: count.expected)
      count.desired = max(0, count.expected - most)
    } else if let floor = spec?["minAvailable"], floor != .null {
      count.expected = floor.string == nil ? pods : try scale(groups, namespace, view)
      count.desired = try amount(floor, of: count.expected)
    }
    return count
  }

  /// A number, or a share rounded up.
  private func amount(_ value: Value, of total: Int) throws(Trouble) -> Int {
    if let number = value.int64 { return Int(min(max(number, 0), Int64(Int32.max))) }
    guard let text = value.string, text.hasSuffix("%"), let percent = Int(text.dropLast()),
      (0...1_000_000).contains(percent)
    else { throw Trouble(message: "invalid value \(value.string ?? "")") }
    return (total * percent + 99) / 100
  }

  /// How many pods there should be: what their controllers ask for, each counted once.
  private func scale(
    _ groups: [PodCensus.Group], _ namespace: String, _ view: ControllerView
  ) throws(Trouble) -> Int {
    var counted: Set<String> = []
    var total = 0
    for group in groups {
      guard let owner = group.controller else { continue }
      guard let scaled = scaledObject(owner, namespace, view) else {
        throw Trouble(message: "found no controllers for pods of \(owner.kind) \"\(owner.name)\"")
      }
      guard counted.insert(scaled.uid).inserted else { continue }
      total += Int(scaled.value["spec"]?["replicas"]?.int64 ?? 1)
    }
    return total
  }

  private func scaledObject(
    _ owner: ClusterObject.Owner, _ namespace: String, _ view: ControllerView
  ) -> ClusterObject? {
    let kinds: [String: GroupResource] = [
      "ReplicaSet": .replicaSets, "StatefulSet": .statefulSets, "Deployment": .deployments,
      "ReplicationController": .replicationControllers,
    ]
    guard let resource = kinds[owner.kind] else { return nil }
    let key = ResourceKey(resource, namespace: namespace, name: owner.name)
    guard let found = view.state.object(key), found.uid == owner.uid else { return nil }
    guard resource == .replicaSets, let above = found.controller else { return found }
    return scaledObject(above, namespace, view) ?? found
  }

  static func condition(
    _ status: String, _ reason: String, _ message: String, in value: Value, _ now: Time
  ) -> Value {
    var conditions = [StatusCondition](value)
    conditions.set(
      StatusCondition("DisruptionAllowed", status, reason: reason, message: message, at: now))
    var value = value
    value["conditions"] = .list(conditions.map(\.value))
    return value
  }
}

/// What a budget comes to.
struct DisruptionCount {
  var expected = 0
  var healthy = 0
  var desired = 0

  var allowed: Int { expected > 0 ? max(0, healthy - desired) : 0 }

  func status(
    of budget: ClusterObject, over old: Value, disrupted: [ValueMap.Entry], at now: Time
  ) -> Value {
    var status = old
    status["disruptedPods"] = disrupted.isEmpty ? nil : .map(ValueMap(unique: disrupted))
    status["currentHealthy"] = .int(Int64(healthy))
    status["desiredHealthy"] = .int(Int64(desired))
    status["disruptionsAllowed"] = .int(Int64(allowed))
    status["expectedPods"] = .int(Int64(expected))
    status["observedGeneration"] = .int(budget.generation)
    return DisruptionController.condition(
      allowed > 0 ? "True" : "False", allowed > 0 ? "SufficientPods" : "InsufficientPods", "",
      in: status, now)
  }
}

/// What the controller remembers: budgets' selectors, and pods counted.
public struct DisruptionMemory: Sendable {
  struct Budget: Sendable {
    var name: String
    /// nil selects nothing.
    var selector: LabelSelector?

    func selects(_ labels: ValueMap) -> Bool { selector?.matches(labels.texts) ?? false }
  }
  var budgets: [String: [Budget]] = [:]
  var census = PodCensus()

  mutating func take(budget change: Change, _ state: ClusterState) {
    let namespace = change.key.namespace ?? ""
    let wasCounted = budgets[namespace]?.isEmpty == false
    budgets[namespace]?.removeAll { $0.name == change.key.name }
    guard let new = change.new else {
      if budgets[namespace]?.isEmpty ?? true { census.forget(namespace) }
      return
    }
    let selector = new.value["spec"]?["selector"].flatMap { LabelSelectorView(.value($0)).selector }
    budgets[namespace, default: []].append(Budget(name: new.name, selector: selector))
    guard !wasCounted else { return }
    for pod in state.objects(.pods, in: namespace) {
      census.take(Change(key: pod.key, old: nil, new: pod))
    }
  }
}
