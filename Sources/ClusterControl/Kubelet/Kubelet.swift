import ManifestSchema
import ManifestSyntax

/// The kubelets of all simulated nodes: what becomes of pods once they are bound to one.
///
/// Every pod is a key of its own, and asks to be looked at when the next thing happens to it, so a
/// pod that just runs costs nothing. Runs are remembered to the nanosecond; a kubelet that starts
/// anew continues from what statuses say, to the second.
///
/// A node with the annotation `sim.kmf.dev/node-failure` has lost its kubelet: `down` with all its
/// containers, `unreachable` with containers that go on. `sim.kmf.dev/external: "true"` says that
/// somebody else runs the node's pods.
public struct Kubelet: Controller {
  public struct Memory: Sendable {
    /// By the pods' uids.
    var runs: [String: PodRun] = [:]
    var nodes: [String: NodeRun] = [:]
    /// By the uids of pods' controllers: their pods are alike.
    var plans: [String: PodPlan] = [:]
    /// The pods that wait for ConfigMaps or Secrets.
    var waiting: Set<ResourceKey> = []
  }

  public static let name = "kubelet"
  public static let watches: [GroupResource] = [.pods, .nodes, .configMaps, .secrets]
  public static var freshMemory: Memory { Memory() }
  /// On a node: how it has failed.
  public static let failureAnnotation = "sim.kmf.dev/node-failure"

  public init() {}

  // MARK: - Waking

  public func observe(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    switch change.key.resource {
    case .pods: break
    case .nodes: return observeNode(change, view, &memory, &wakes)
    default:
      let pods = memory.waiting.filter { $0.namespace == change.key.namespace }
      for pod in pods.sorted(by: { $0.name < $1.name }) { wakes.wake(pod) }
      return
    }
    guard let new = change.new else {
      if let old = change.old { Self.forget(old, &memory) }
      return
    }
    if let old = change.old, old.uid != new.uid { Self.forget(old, &memory) }
    if new.pod?.node != nil, isNews(new, after: change.old, memory) { wakes.wake(new.key) }
  }

  /// Whether a change of a pod is anything but an echo of the kubelet's own writing.
  private func isNews(_ new: ClusterObject, after old: ClusterObject?, _ memory: Memory) -> Bool {
    guard let old, old.pod?.node == new.pod?.node, old.isTerminating == new.isTerminating,
      old.annotations == new.annotations
    else { return true }
    if new.isTerminating {
      let key = "deletionGracePeriodSeconds"
      if old.value["metadata"]?[key] != new.value["metadata"]?[key] { return true }
    }
    if old.value["spec"] != new.value["spec"] { return true }
    guard let run = memory.runs[new.uid] else { return new.pod?.isTerminal != true }
    // Somebody else may have touched what the kubelet says, or opened a gate.
    return new.pod?.phase != run.phase || !run.plan.readinessGates.isEmpty
      || new.pod?.isReady == false && run.isEveryContainerReady
  }

  private static func forget(_ pod: ClusterObject, _ memory: inout Memory) {
    memory.runs[pod.uid] = nil
    memory.waiting.remove(pod.key)
    if let node = pod.pod?.node { memory.nodes[node]?.release(pod.uid) }
  }

  private func observeNode(
    _ change: Change, _ view: ControllerView, _ memory: inout Memory, _ wakes: inout Wakes
  ) {
    let name = change.key.name
    if change.new == nil { memory.nodes[name] = nil }
    if let old = change.old, let new = change.new {
      guard
        NodeFailure.isUp(old) != NodeFailure.isUp(new)
          || NodeFailure.boot(of: old) != NodeFailure.boot(of: new)
          || old.value["spec"]?["podCIDR"] != new.value["spec"]?["podCIDR"]
      else { return }
    }
    for pod in view.state.pods(on: name) { wakes.wake(pod.key) }
  }

  // MARK: - Planning

  public func plan(
    _ key: ResourceKey, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    guard let pod = view.state.object(key), let name = pod.pod?.node,
      let node = view.state.object(ResourceKey(.nodes, name: name)), NodeFailure.isUp(node),
      NodeFailure.isSimulated(node)
    else { return .done }
    if pod.pod?.isTerminal == true { return close(pod, name, &memory) }
    ready(name, node, view, &memory)
    if memory.runs.index(forKey: pod.uid) == nil, !admit(pod, name, view, &memory) {
      return .done
    }
    return advance(pod, name, view, &memory)
  }

  /// A pod at its end holds nothing; its object goes when somebody deleted it.
  private func close(_ pod: ClusterObject, _ node: String, _ memory: inout Memory) -> Decision {
    Self.forget(pod, &memory)
    var decision = Decision()
    if pod.isTerminating, pod.value["metadata"]?["deletionGracePeriodSeconds"]?.int64 ?? 0 > 0 {
      decision.add(
        .delete(pod.key, Action.Deletion(uid: pod.uid, graceSeconds: 0)),
        tolerates: [.notFound, .conflict])
    }
    return decision
  }

  private func ready(
    _ name: String, _ node: ClusterObject, _ view: ControllerView, _ memory: inout Memory
  ) {
    if let place = memory.nodes.index(forKey: name) {
      return memory.nodes.values[place].follow(node)
    }
    var run = NodeRun()
    run.follow(node)
    // The pods that were here before this kubelet.
    for pod in view.state.pods(on: name) where pod.pod?.isTerminal != true {
      let addresses = podAddresses(pod)
      guard !addresses.isEmpty else { continue }
      let plan = plan(for: pod, view, &memory.plans)
      run.readmit(pod.uid, plan, addresses: addresses)
      addImages(of: pod, to: &run)
    }
    memory.nodes[name] = run
  }

  /// What has run before was pulled before.
  private func addImages(of pod: ClusterObject, to run: inout NodeRun) {
    let status = pod.value["status"]
    for list in ["initContainerStatuses", "containerStatuses"] {
      for container in status?[list]?.list ?? [] where container["imageID"]?.string ?? "" != "" {
        if let image = container["image"]?.string { run.images.add(image) }
      }
    }
  }

  private func podAddresses(_ pod: ClusterObject) -> [String] {
    pod.value["status"]?["podIPs"]?.list?.compactMap { $0["ip"]?.string } ?? []
  }

  private func plan(
    for pod: ClusterObject, _ view: ControllerView, _ plans: inout [String: PodPlan]
  ) -> PodPlan {
    guard let owner = pod.controller?.uid else {
      return PodPlan(pod.value, settings: view.simulation)
    }
    if let known = plans[owner], known.fits(pod) { return known }
    let plan = PodPlan(pod.value, settings: view.simulation)
    plans[owner] = plan
    return plan
  }

  /// Begins to run a pod; false while its node cannot.
  private func admit(
    _ pod: ClusterObject, _ node: String, _ view: ControllerView, _ memory: inout Memory
  ) -> Bool {
    let plan = plan(for: pod, view, &memory.plans)
    let addresses = podAddresses(pod)
    let isKnown = pod.value["status"]?["startTime"]?.string != nil && !addresses.isEmpty
    guard isKnown || plan.usesHostNetwork || memory.nodes[node]?.hasAddresses == true,
      var home = memory.nodes[node]
    else { return false }
    memory.nodes[node] = NodeRun()
    var run: PodRun
    let missing = plan.needs.missing(in: pod.namespace ?? "", view.state)
    if isKnown {
      run = PodRun(plan, resuming: pod, at: view.now)
      run.missing = missing
      home.readmit(pod.uid, plan, addresses: addresses)
      run.addresses = addresses
      _ = pass(&run, pod, &home, view.now)
      // What happened until now was told by the kubelet before.
      _ = run.takeNews()
    } else {
      run = PodRun(plan, at: view.now)
      run.missing = missing
      if !plan.needs.volumes.isEmpty,
        let began = pod.value["status"]?["startTime"]?.string.flatMap({ Time($0) })
      {
        // The kubelet before this one has tried and told.
        run.mounting = .failed(first: min(began, view.now))
      }
      run.verdict = home.admit(pod.uid, plan)
      if run.verdict == nil {
        run.addresses = home.addresses(of: pod.uid, plan)
      } else {
        run.stopAll(at: view.now, grace: .zero)
      }
    }
    memory.nodes[node] = home
    memory.runs[pod.uid] = run
    return true
  }

  /// Lets time pass for a pod, up to `now`.
  ///
  /// - Returns: When the next thing happens to it.
  private func pass(
    _ run: inout PodRun, _ pod: ClusterObject, _ home: inout NodeRun, _ now: Time
  ) -> Time? {
    if let boot = home.bootedAt, run.boot != boot {
      run.crash(at: boot)
      run.boot = boot
    }
    if pod.isTerminating, let deletion = pod.deletion {
      let grace = max(pod.value["metadata"]?["deletionGracePeriodSeconds"]?.int64 ?? 0, 0)
      // Containers that stop already get the shorter grace from when the kubelet hears of it.
      let asked = run.stop == nil ? deletion.advanced(bySeconds: -grace) : now
      _ = run.advance(to: min(max(asked, run.clock), now), &home.images)
      run.stopAll(at: run.clock, grace: .seconds(min(grace, Int64(Int32.max))))
    }
    return run.advance(to: now, &home.images)
  }

  private func advance(
    _ pod: ClusterObject, _ node: String, _ view: ControllerView, _ memory: inout Memory
  ) -> Decision {
    // Runs and nodes are changed where they are: copies would be shared, and cost as much again.
    guard let place = memory.runs.index(forKey: pod.uid),
      let home = memory.nodes.index(forKey: node)
    else { return .done }
    var (decision, isWaiting, isFinished) = advance(
      &memory.runs.values[place], pod, &memory.nodes.values[home], view, &memory.plans)
    if isWaiting {
      memory.waiting.insert(pod.key)
    } else if !memory.waiting.isEmpty {
      memory.waiting.remove(pod.key)
    }
    guard isFinished else { return decision }
    memory.runs.remove(at: place)
    memory.nodes.values[home].release(pod.uid)
    if pod.isTerminating {
      decision.add(
        .delete(pod.key, Action.Deletion(uid: pod.uid, graceSeconds: 0)),
        tolerates: [.notFound, .conflict])
    }
    return decision
  }

  private func advance(
    _ run: inout PodRun, _ pod: ClusterObject, _ home: inout NodeRun, _ view: ControllerView,
    _ plans: inout [String: PodPlan]
  ) -> (Decision, isWaiting: Bool, isFinished: Bool) {
    if !run.isUpToDate(with: pod) { run.follow(plan(for: pod, view, &plans)) }
    let missing = run.plan.needs.missing(
      in: pod.namespace ?? "", view.state, isMounted: run.mounting == .done)
    if missing != run.missing {
      // Up to now things were as they were.
      _ = pass(&run, pod, &home, view.now)
      run.missing = missing
    }
    let next = pass(&run, pod, &home, view.now)
    let news = run.takeNews()
    var decision = write(run, pod, home.hostAddresses, view)
    for item in news {
      decision.add(
        .event(
          Action.Event(
            item.isWarning ? .warning : .normal, about: pod, reason: item.reason,
            message: item.message, fieldPath: item.container.map(run.fieldPath))))
    }
    decision.checkAgain = next?.duration(since: view.now)
    return (decision, run.isWaitingForObjects, run.isFinished)
  }

  /// Writes the status where it has changed.
  private func write(
    _ run: PodRun, _ pod: ClusterObject, _ hostAddresses: [String], _ view: ControllerView
  ) -> Decision {
    let old = pod.value["status"]
    let status = PodStatus(
      run: run, pod: pod, hostAddresses: hostAddresses, now: view.now.wholeSeconds,
      tellsGeneration: view.version.minor >= 34)
    let new = status.value(over: old)
    guard new != old else { return .done }
    var decision = Decision()
    let edit = Action.Edit("status", isStatus: true) { value in
      // Others may have added conditions since the kubelet looked.
      let live = value["status"]
      value["status"] = live == old ? new : status.value(over: live)
    }
    decision.add(.edit(pod.key, uid: pod.uid, edit), tolerates: [.notFound])
    return decision
  }
}
