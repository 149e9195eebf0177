import ManifestSchema
import ManifestSyntax

/// The status of a pod as its kubelet writes it.
struct PodStatus {
  let run: PodRun
  let pod: ClusterObject
  let hostAddresses: [String]
  let now: Time
  /// Whether statuses say which generation they are about, as they do since 1.34.
  let tellsGeneration: Bool

  /// Conditions that the kubelet itself sets; all others are kept as they are.
  private static let own = [
    "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady",
  ]

  /// The status that comes after `old`.
  func value(over old: Value?) -> Value {
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity(13)
    func add(_ key: String, _ value: Value) {
      entries.append(ValueMap.Entry(key: key, value: value))
    }
    let phase = phase(over: old)
    if tellsGeneration { add("observedGeneration", .int(pod.generation)) }
    add("phase", .string(phase.rawValue))
    add("conditions", .list(conditions(over: old?["conditions"]?.list ?? [], phase)))
    if let verdict = run.verdict {
      add("message", .string(verdict.message))
      add("reason", .string(verdict.reason))
    } else {
      for key in ["message", "reason"] { if let known = old?[key] { add(key, known) } }
    }
    for key in ["nominatedNodeName", "resize"] { if let known = old?[key] { add(key, known) } }
    addAddresses(&entries)
    add("startTime", old?["startTime"] ?? .string(run.began.description))
    let first = run.plan.initCount
    if first > 0 { add("initContainerStatuses", .list((0..<first).map(container))) }
    if run.containers.count > first, !isRejected {
      add("containerStatuses", .list((first..<run.containers.count).map(container)))
    }
    add("qosClass", .string(run.plan.qualityOfService))
    return .map(ValueMap(unique: entries))
  }

  /// A pod has its network once its volumes are there.
  private var addresses: [String] { run.mounting == .done ? run.addresses : [] }

  /// A pod that never got in says nothing about containers.
  private var isRejected: Bool { run.verdict != nil && run.addresses.isEmpty }

  /// An end is final.
  private func phase(over old: Value?) -> PodFacts.Phase {
    switch old?["phase"]?.string {
    case "Succeeded"?: .succeeded
    case "Failed"?: .failed
    default: run.phase
    }
  }

  private func addAddresses(_ entries: inout [ValueMap.Entry]) {
    let lists = [("hostIP", "hostIPs", hostAddresses), ("podIP", "podIPs", addresses)]
    for (one, all, addresses) in lists {
      guard let first = addresses.first else { continue }
      entries.append(ValueMap.Entry(key: one, value: .string(first)))
      let items = addresses.map { address in
        Value.map(ValueMap(unique: [ValueMap.Entry(key: "ip", value: .string(address))]))
      }
      entries.append(ValueMap.Entry(key: all, value: .list(items)))
    }
  }

  // MARK: - Conditions

  private func conditions(over old: [Value], _ phase: PodFacts.Phase) -> [Value] {
    var list: [Value] = []
    let ending = phase == .succeeded ? "PodCompleted" : phase == .failed ? "PodFailed" : nil
    let hasNetwork = !addresses.isEmpty && !(run.isFinished)
    list.append(condition("PodReadyToStartContainers", hasNetwork, old))
    let isInitialized = run.areInitContainersDone
    list.append(
      condition(
        "Initialized", isInitialized, old,
        reason: isInitialized
          ? (ending == "PodCompleted" ? ending : nil)
          : ending ?? "ContainersNotInitialized",
        message: isInitialized || ending != nil
          ? nil
          : unfinished("containers with incomplete status", isInitial: true) { $0.hasSucceeded }))
    let areReady = ending == nil && run.isEveryContainerReady && !run.containers.isEmpty
    let why = areReady ? nil : ending ?? "ContainersNotReady"
    let which =
      areReady || ending != nil
      ? nil
      : unfinished("containers with unready status", isInitial: false) {
        $0.isReady(at: run.clock)
      }
    let gate = areReady ? closedGate(old) : nil
    list.append(
      condition(
        "Ready", areReady && gate == nil, old,
        reason: gate == nil ? why : "ReadinessGatesNotReady", message: gate ?? which))
    list.append(condition("ContainersReady", areReady, old, reason: why, message: which))
    var rest = old.filter { !Self.own.contains($0["type"]?.string ?? "") }
    if !rest.contains(where: { $0["type"] == "PodScheduled" }) {
      rest.insert(condition("PodScheduled", true, old), at: 0)
    }
    return list + rest
  }

  private func unfinished(
    _ words: String, isInitial: Bool, _ isDone: (ContainerRun) -> Bool
  ) -> String {
    let names = run.containers.indices.filter { index in
      (run.plan.containers[index].role == .initial) == isInitial
        && !isDone(run.containers[index])
    }
    return words + ": [" + names.map { run.plan.containers[$0].name }.joined(separator: " ") + "]"
  }

  /// What the first readiness gate that is not open says; nil when all are.
  private func closedGate(_ old: [Value]) -> String? {
    for gate in run.plan.readinessGates {
      guard let known = old.first(where: { $0["type"]?.string == gate }) else {
        return "corresponding condition of pod readiness gate \"\(gate)\" does not exist."
      }
      if known["status"] != "True" {
        return "the status of pod readiness gate \"\(gate)\" is not \"True\", but "
          + (known["status"]?.string ?? "")
      }
    }
    return nil
  }

  private func condition(
    _ type: String, _ isTrue: Bool, _ old: [Value], reason: String? = nil, message: String? = nil
  ) -> Value {
    let status: Value = isTrue ? "True" : "False"
    let known = old.first { $0["type"]?.string == type }
    let isAsBefore = known?["status"] == status
    let since = isAsBefore ? known?["lastTransitionTime"] : nil
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity(7)
    entries.append(ValueMap.Entry(key: "type", value: .string(type)))
    if tellsGeneration {
      entries.append(ValueMap.Entry(key: "observedGeneration", value: .int(pod.generation)))
    }
    entries.append(ValueMap.Entry(key: "status", value: status))
    entries.append(ValueMap.Entry(key: "lastProbeTime", value: .null))
    entries.append(
      ValueMap.Entry(key: "lastTransitionTime", value: since ?? .string(now.description)))
    if let reason { entries.append(ValueMap.Entry(key: "reason", value: .string(reason))) }
    if let message { entries.append(ValueMap.Entry(key: "message", value: .string(message))) }
    return .map(ValueMap(unique: entries))
  }

  // MARK: - Containers

  private func container(_ index: Int) -> Value {
    let plan = run.plan.containers[index]
    let container = run.containers[index]
    let (state, last) = states(index)
    let hasRun = container.isRunning || container.last != nil
    let isReady =
      plan.role == .initial ? container.hasSucceeded : container.isReady(at: run.clock)
    let id = hasRun ? "sim://\(pod.uid)/\(plan.name)/\(container.restarts)" : nil
    var entries: [ValueMap.Entry] = []
    entries.reserveCapacity(9)
    entries.append(ValueMap.Entry(key: "name", value: .string(plan.name)))
    entries.append(ValueMap.Entry(key: "state", value: state))
    entries.append(ValueMap.Entry(key: "lastState", value: last))
    entries.append(ValueMap.Entry(key: "ready", value: .bool(isReady)))
    entries.append(ValueMap.Entry(key: "restartCount", value: .int(Int64(container.restarts))))
    entries.append(ValueMap.Entry(key: "image", value: .string(plan.image)))
    entries.append(
      ValueMap.Entry(key: "imageID", value: .string(hasRun ? "sim://" + plan.image : "")))
    if let id { entries.append(ValueMap.Entry(key: "containerID", value: .string(id))) }
    entries.append(
      ValueMap.Entry(key: "started", value: .bool(container.isStarted(at: run.clock))))
    return .map(ValueMap(unique: entries))
  }

  private func states(_ index: Int) -> (Value, Value) {
    let container = run.containers[index]
    let plan = run.plan.containers[index]
    let last = container.last.map(terminated) ?? .emptyMap
    switch container.phase {
    case .running(let times), .stopping(let times, _, _, _):
      return (["running": ["startedAt": .string(times.since.description)]], last)
    case .restarting(_, let delay) where delay > .zero:
      let message =
        "back-off \(Self.text(delay)) restarting failed container=\(plan.name)"
        + " pod=\(pod.name)_\(pod.namespace ?? "")(\(pod.uid))"
      return (waiting("CrashLoopBackOff", message), last)
    case .unconfigured:
      let why = run.missing.environments[index]
      return (waiting("CreateContainerConfigError", why), last)
    case .pullFailed(let backOff, _):
      let error = plan.behavior.pullError ?? ""
      if run.clock < backOff { return (waiting("ErrImagePull", error), last) }
      let message = "Back-off pulling image \"\(plan.image)\": ErrImagePull: \(error)"
      return (waiting("ImagePullBackOff", message), last)
    case .idle, .pulling, .creating, .restarting, .ended:
      if container.last != nil { return (last, .emptyMap) }
      return (waiting(run.plan.initCount > 0 ? "PodInitializing" : "ContainerCreating"), last)
    }
  }

  private func waiting(_ reason: String, _ message: String? = nil) -> Value {
    var state: Value = ["reason": .string(reason)]
    if let message { state["message"] = .string(message) }
    return ["waiting": state]
  }

  private func terminated(_ end: ContainerRun.Termination) -> Value {
    [
      "terminated": [
        "exitCode": .int(end.exitCode), "reason": .string(end.reason),
        "startedAt": .string(end.started.description),
        "finishedAt": .string(end.finished.description),
      ]
    ]
  }

  /// As messages write spans: `10s`, `1m20s`.
  private static func text(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    return seconds < 60 ? "\(seconds)s" : "\(seconds / 60)m\(seconds % 60)s"
  }
}
