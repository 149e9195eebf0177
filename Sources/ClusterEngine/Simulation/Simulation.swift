import ClusterControl
import ManifestSchema
import ManifestSyntax

/// What goes wrong in a simulation, each in so many of a hundred turns.
public struct Faults: Hashable, Sendable {
  /// A controller dies after its next write or a few more.
  public var crashPercent: UInt64 = 0
  /// A change reaches a controller's cache but does not wake it.
  public var lossPercent: UInt64 = 0
  /// A controller is told everything anew.
  public var repetitionPercent: UInt64 = 0
  /// A pod fails.
  public var podFailurePercent: UInt64 = 0
  /// A simulated node goes down, is cut off, or comes back.
  public var nodeFailurePercent: UInt64 = 0

  public init() {}

  public static let none = Faults()
  /// Everything, often.
  public static let heavy: Faults = {
    var faults = Faults()
    faults.crashPercent = 3
    faults.lossPercent = 5
    faults.repetitionPercent = 2
    faults.podFailurePercent = 2
    return faults
  }()
}

/// An engine driven by chance: controllers act in any order and on caches that are behind, things
/// go wrong, and every write is held against the laws. One seed is one run, every time.
public struct Simulation: Sendable {
  public private(set) var engine: Engine
  public var faults: Faults
  public private(set) var watch: InvariantWatch
  private var chance: SeededGenerator
  private var logged = 0

  public init(
    _ state: ClusterState, at now: Time, version: KubernetesVersion, seed: UInt64,
    faults: Faults = .none, invariants: [any Invariant.Type] = InvariantWatch.all,
    controllers: [ControllerFactory] = ControllerFactory.standard
  ) {
    engine = Engine(
      state, at: now,
      EngineConfiguration(version: version, seed: seed, keepsLog: true, hasCaches: true),
      controllers: controllers)
    self.faults = faults
    watch = InvariantWatch(invariants)
    chance = SeededGenerator(seed: seed ^ 0x5EED)
  }

  /// Whether something happens that does in `percent` of a hundred cases.
  private mutating func happens(_ percent: UInt64) -> Bool {
    percent > 0 && chance.number(below: 100) < percent
  }

  /// One thing happens: a delivery, a plan, a fault, or time passes.
  ///
  /// - Returns: Whether anything was left to do.
  @discardableResult
  public mutating func turn() -> Bool {
    injectFault()
    var choices: [Choice] = engine.undelivered.enumerated().filter { $0.element > 0 }
      .map { .deliver($0.offset) }
    choices += engine.readyWork.map { .work($0) }
    guard !choices.isEmpty else { return passTime() }
    let before = engine.state
    switch choices[Int(chance.number(below: UInt64(choices.count)))] {
    case .deliver(let place): engine.deliver(to: place, isDropped: happens(faults.lossPercent))
    case .work(let work): engine.run(work)
    }
    judge(from: before)
    return true
  }

  private enum Choice {
    case deliver(Int)
    case work(Work)
  }

  private mutating func passTime() -> Bool {
    guard let next = engine.nextTimer else { return false }
    engine.advance(to: max(next, engine.now))
    return true
  }

  private mutating func injectFault() {
    let place = Int(chance.number(below: UInt64(engine.controllerNames.count)))
    if happens(faults.crashPercent) {
      engine.crash(place, afterWrites: Int(chance.number(below: 4)))
    }
    if happens(faults.repetitionPercent) { engine.redeliver(to: place) }
    if happens(faults.podFailurePercent) { failPod() }
    if happens(faults.nodeFailurePercent) { failNode() }
  }

  private mutating func failNode() {
    let nodes = engine.state.objects(.nodes)
    guard !nodes.isEmpty else { return }
    let node = nodes[Int(chance.number(below: UInt64(nodes.count)))]
    let hasFailed = node.annotation(Kubelet.failureAnnotation) != nil
    setFailure(of: node, hasFailed ? nil : happens(50) ? "down" : "unreachable")
  }

  private mutating func setFailure(of node: ClusterObject, _ failure: String?) {
    let edit = Action.Edit("fail") { value in
      value.change("metadata") { metadata in
        metadata.change("annotations") {
          $0[Kubelet.failureAnnotation] = failure.map(Value.string)
        }
      }
    }
    perform(.edit(node.key, uid: node.uid, edit), by: "user")
  }

  private mutating func failPod() {
    let pods = engine.state.objects(.pods).filter(\.isActivePod)
    guard !pods.isEmpty else { return }
    let pod = pods[Int(chance.number(below: UInt64(pods.count)))]
    let edit = Action.Edit("fail", isStatus: true) { value in
      value.change("status") { $0["phase"] = "Failed" }
    }
    perform(.edit(pod.key, uid: pod.uid, edit), by: "kubelet")
  }

  /// Something that somebody outside does; what is refused is as if it had not been tried.
  public mutating func perform(_ action: Action, by writer: String) {
    let before = engine.state
    _ = try? engine.perform(action, by: writer)
    judge(from: before)
  }

  /// Ends the faults: everybody is told everything that was lost, and all nodes are up again.
  public mutating func calm() {
    faults = .none
    for node in engine.state.objects(.nodes)
    where node.annotation(Kubelet.failureAnnotation) != nil { setFailure(of: node, nil) }
    for place in engine.controllerNames.indices { engine.restart(place) }
  }

  /// Holds the writes of the last turn against the laws, one after the other.
  private mutating func judge(from before: ClusterState) {
    var state = before
    for entry in engine.log[logged...] {
      guard case .change(let change) = entry.what else { continue }
      let old = state
      state.take(change)
      // Only controllers are bound by the laws; users and nodes do as they like.
      if engine.controllerNames.contains(entry.writer) {
        watch.judge(change, before: old, after: state)
      }
    }
    logged = engine.log.count
  }
}
