import ManifestSchema
import ManifestSyntax

/// Notices nodes that are silent, and says in taints what is wrong with nodes.
public struct NodeLifecycleController: Controller {
  public struct Memory: Sendable {
    struct Sign: Sendable {
      var text: String
      var at: Time
    }
    var zones = NodeZones()
    /// When each node last showed a sign of life, by this controller's own clock.
    var signs: [String: Sign] = [:]
    /// Since when nodes are not ready.
    var unready: [String: Time] = [:]
  }

  public static let name = "node-controller"
  public static let watches: [GroupResource] = [.nodes, .leases, .pods]
  public static var freshMemory: Memory { Memory() }
  /// How often nodes are looked at: silence is noticed at the next of these moments.
  static let monitorSeconds: Int64 = 5
  static let graceSeconds: Int64 = 50
  static let startupGraceSeconds: Int64 = 60
  /// Nodes are emptied in passes so far apart: one that judges a node knows the others of its time.
  static let passTime = Duration.milliseconds(100)

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .nodes:
      wakes.wake(change.key)
      observeNode(change, view, &memory)
      guard memory.zones.take(change) else { return }
      for name in memory.zones.notReady { wakes.wake(ResourceKey(.nodes, name: name)) }
    case .leases:
      guard change.key.namespace == NodeKubelet.leaseNamespace else { return }
      wakes.wake(ResourceKey(.nodes, name: change.key.name))
    default:
      // A pod that comes to a node that is silent.
      guard let node = change.new?.pod?.node, change.old?.pod?.node != node else { return }
      let key = ResourceKey(.nodes, name: node)
      if let known = view.state.object(key), !Self.isReady(known) { wakes.wake(key) }
    }
  }

  private func observeNode(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory
  ) {
    let name = change.key.name
    guard let new = change.new else {
      memory.signs[name] = nil
      memory.unready[name] = nil
      return
    }
    if Self.isReady(new) {
      memory.unready[name] = nil
    } else if memory.unready[name] == nil {
      memory.unready[name] = view.now
    }
    // Up to its failure a simulated node was alive, without saying so.
    if NodeFailure(new) != nil, let old = change.old, NodeFailure(old) == nil {
      memory.signs[name]?.at = view.now
    }
  }

  static func isReady(_ node: ClusterObject) -> Bool {
    node.condition("Ready")?["status"] == "True"
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let node = view.state.object(key) else { return .done }
    var decision = Decision()
    let age = view.now.seconds(since: node.created)
    if memory.signs[node.name] == nil, age < Self.monitorSeconds {
      decision.add(
        .event(
          Action.Event(
            .normal, about: node, reason: "RegisteredNode",
            message: "Node \(node.name) event: Registered Node \(node.name) in Controller")))
    }
    watch(node, view, &memory, &decision)
    if !Self.isReady(node), node.condition("Ready") != nil {
      markPods(of: node, view, &decision)
    }
    taint(node, view, &memory, &decision)
    return decision
  }

  /// Notices silence.
  private func watch(
    _ node: ClusterObject, _ view: ControllerView, _ memory: inout Memory,
    _ decision: inout Decision
  ) {
    let isSimulated = NodeFailure.isSimulated(node)
    let lease = view.state.object(
      ResourceKey(.leases, namespace: NodeKubelet.leaseNamespace, name: node.name))
    let heartbeats = (node.value["status"]?["conditions"]?.list ?? []).compactMap {
      $0["lastHeartbeatTime"]?.string
    }
    let sign =
      (heartbeats.max() ?? "") + " " + (lease?.value["spec"]?["renewTime"]?.string ?? "")
    let ready = node.condition("Ready")
    let isAlive = isSimulated && NodeFailure(node) == nil && ready != nil
    if isAlive || memory.signs[node.name]?.text != sign {
      let failed = isSimulated && !isAlive ? NodeFailure.since(node) : nil
      memory.signs[node.name] = Memory.Sign(text: sign, at: failed ?? view.now)
    }
    if isAlive || ready?["status"] == "Unknown" { return }
    let since = memory.signs[node.name]?.at ?? view.now
    let grace = ready == nil ? Self.startupGraceSeconds : Self.graceSeconds
    let due = since.advanced(bySeconds: grace)
    let over = due.seconds % Self.monitorSeconds
    let isWhole = over == 0 && due.nanoseconds == 0
    let noticed = Time(seconds: isWhole ? due.seconds : due.seconds - over + Self.monitorSeconds)
    if noticed > view.now {
      decision.checkAgain = noticed.duration(since: view.now)
      return
    }
    let hasReported = ready != nil
    let now = Value.string(view.now.description)
    let edit = Action.Edit("status", isStatus: true) { value in
      value.change("status") { Self.markUnknown(&$0, hasReported: hasReported, now) }
    }
    decision.add(.edit(node.key, uid: node.uid, edit), tolerates: [.notFound])
    decision.add(
      .event(
        Action.Event(
          .normal, about: node, reason: "NodeNotReady",
          message: "Node \(node.name) status is now: NodeNotReady")))
  }

  private static func markUnknown(_ status: inout Value, hasReported: Bool, _ now: Value) {
    let reason: Value = hasReported ? "NodeStatusUnknown" : "NodeStatusNeverUpdated"
    let message: Value =
      hasReported ? "Kubelet stopped posting node status." : "Kubelet never posted node status."
    var conditions = status["conditions"]?.list ?? []
    for type in ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"] {
      let place = conditions.firstIndex { $0["type"]?.string == type }
      var condition: Value =
        place.map { conditions[$0] } ?? ["type": .string(type), "lastHeartbeatTime": now]
      if condition["status"] != "Unknown" { condition["lastTransitionTime"] = now }
      condition["status"] = "Unknown"
      condition["reason"] = reason
      condition["message"] = message
      if let place { conditions[place] = condition } else { conditions.append(condition) }
    }
    status["conditions"] = .list(conditions)
  }

  /// The pods of a node that is not ready count as not ready at once, long before they are evicted.
  private func markPods(
    of node: ClusterObject, _ view: ControllerView, _ decision: inout Decision
  ) {
    let now = Value.string(view.now.description)
    let edit = Action.Edit("not ready", isStatus: true) { value in
      value.change("status") { status in
        let conditions = (status["conditions"]?.list ?? []).map { condition in
          guard condition["type"] == "Ready", condition["status"] != "False" else {
            return condition
          }
          var condition = condition
          condition["status"] = "False"
          condition["lastTransitionTime"] = now
          return condition
        }
        status["conditions"] = .list(conditions)
      }
    }
    let pods = view.state.pods(on: node.name).filter { $0.pod?.isReady == true }
    decision.add(pods.map { .edit($0.key, uid: $0.uid, edit) }, tolerates: [.notFound])
    decision.add(
      pods.map { pod in
        .event(
          Action.Event(
            .warning, about: pod, reason: "NodeNotReady", message: "Node is not ready"))
      })
  }

  // MARK: - Taints

  private static let conditionTaints: [(condition: String, status: String, key: String)] = [
    ("Ready", "False", "not-ready"), ("Ready", "Unknown", "unreachable"),
    ("MemoryPressure", "True", "memory-pressure"), ("DiskPressure", "True", "disk-pressure"),
    ("NetworkUnavailable", "True", "network-unavailable"), ("PIDPressure", "True", "pid-pressure"),
  ]
  static let prefix = "node.kubernetes.io/"

  private func taint(
    _ node: ClusterObject, _ view: ControllerView, _ memory: inout Memory,
    _ decision: inout Decision
  ) {
    var wanted: Set<String> = []
    for (condition, status, key) in Self.conditionTaints
    where node.condition(condition)?["status"]?.string == status {
      wanted.insert(key + ":NoSchedule")
    }
    if node.value["spec"]?["unschedulable"] == true { wanted.insert("unschedulable:NoSchedule") }
    let known = Set(
      (node.value["spec"]?["taints"]?.list ?? []).compactMap { taint -> String? in
        guard let key = taint["key"]?.string, key.hasPrefix(Self.prefix) else { return nil }
        return key.dropFirst(Self.prefix.count) + ":" + (taint["effect"]?.string ?? "")
      })
    // A node nobody has heard of yet keeps the taint that it came with.
    if node.condition("Ready") == nil, known.contains("not-ready:NoSchedule") {
      wanted.insert("not-ready:NoSchedule")
    }
    wanted.formUnion(evictions(node, known, view, &memory, &decision))
    var own = Set(Self.conditionTaints.map { $0.key + ":NoSchedule" })
    own.formUnion(["unschedulable:NoSchedule", "not-ready:NoExecute", "unreachable:NoExecute"])
    let gone = known.intersection(own).subtracting(wanted)
    let new = wanted.subtracting(known).sorted()
    guard !gone.isEmpty || !new.isEmpty else { return }
    let now = Value.string(view.now.description)
    let edit = Action.Edit("taint") { value in
      value.change("spec") { spec in
        var taints = (spec["taints"]?.list ?? []).filter { taint in
          let key = taint["key"]?.string ?? ""
          let text = key.dropFirst(Self.prefix.count) + ":" + (taint["effect"]?.string ?? "")
          return !key.hasPrefix(Self.prefix) || !gone.contains(String(text))
        }
        for text in new {
          let parts = text.split(separator: ":")
          taints.append([
            "key": .string(Self.prefix + parts[0]), "effect": .string(String(parts[1])),
            "timeAdded": now,
          ])
        }
        spec["taints"] = taints.isEmpty ? nil : .list(taints)
      }
    }
    decision.add(.edit(node.key, uid: node.uid, edit), tolerates: [.notFound])
  }

  /// The taint that empties the node, as fast as its zone allows.
  private func evictions(
    _ node: ClusterObject, _ known: Set<String>, _ view: ControllerView, _ memory: inout Memory,
    _ decision: inout Decision
  ) -> Set<String> {
    let key: String
    switch node.condition("Ready")?["status"]?.string {
    case "False"?: key = "not-ready:NoExecute"
    case "Unknown"?: key = "unreachable:NoExecute"
    default: return []
    }
    if memory.zones.isEverythingDown { return [] }
    if !known.isDisjoint(with: ["not-ready:NoExecute", "unreachable:NoExecute"]) { return [key] }
    let passed = (memory.unready[node.name] ?? view.now).advanced(by: Self.passTime)
    guard passed <= view.now else {
      let wait = passed.duration(since: view.now)
      decision.checkAgain = decision.checkAgain.map { min($0, wait) } ?? wait
      return []
    }
    guard let wait = memory.zones.mayTaint(zone: NodeZones.zone(of: node), at: view.now) else {
      return [key]
    }
    if wait > .zero {
      decision.checkAgain = decision.checkAgain.map { min($0, wait) } ?? wait
    }
    return []
  }
}
