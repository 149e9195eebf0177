import ClusterControl
import ManifestSchema
import ManifestSyntax

@testable import ClusterEngine

/// A small cluster with a Deployment, and what is done to it before all orders are tried.
struct Scenario: CustomStringConvertible {
  enum Event: Hashable {
    case create
    case changeImage
    /// Another image while the last one is being rolled out.
    case changeMind
    case scale(Int)
    case delete(foreground: Bool)
    case failNode
    case recoverNode
  }

  var nodes: Int
  var replicas: Int
  var event: Event
  /// nil: Recreate.
  var limits: (surge: Int, unavailable: Int)? = (1, 1)
  var hasCaches = false

  var description: String {
    let strategy = limits.map { "surge \($0.surge) unavailable \($0.unavailable)" } ?? "Recreate"
    return "\(nodes) nodes, \(replicas) replicas, \(strategy): \(event)"
      + (hasCaches ? ", late caches" : "")
  }

  /// Every scenario with so many nodes and so many replicas at most.
  static func all(max: Int, hasCaches: Bool) -> [Scenario] {
    var all: [Scenario] = []
    for nodes in 1...max {
      for replicas in 1...max {
        var events: [Event] = [
          .create, .delete(foreground: false), .delete(foreground: true), .failNode, .recoverNode,
        ]
        events += (1...max).filter { $0 != replicas }.map { .scale($0) }
        for event in events {
          all.append(
            Scenario(nodes: nodes, replicas: replicas, event: event, hasCaches: hasCaches))
        }
        for limits in [nil, (1, 0), (0, 1), (1, 1), (2, 2)] {
          for event in [Event.changeImage, .changeMind] {
            all.append(
              Scenario(
                nodes: nodes, replicas: replicas, event: event, limits: limits,
                hasCaches: hasCaches))
          }
        }
      }
    }
    return all
  }

  /// Whether trying all orders takes well below a second.
  var isShort: Bool {
    switch event {
    case .create, .delete(foreground: true): !hasCaches && nodes == replicas
    case .scale, .recoverNode: nodes == replicas
    case .delete(foreground: false), .failNode: true
    case .changeImage: replicas == 1 && !hasCaches && (limits == nil || limits?.unavailable == 0)
    case .changeMind: false
    }
  }

  /// Whether all orders of news on late caches can be tried in a minute.
  ///
  /// Caches of eleven controllers, each as far behind as it may be, make too many states of
  /// rollouts, and of several pods that come or go at once.
  var isWithinReach: Bool {
    switch event {
    case .scale, .failNode, .recoverNode: true
    case .create, .delete: replicas == 1
    case .changeImage:
      replicas == 1 && nodes == 1 && limits.map { $0 == (1, 0) } ?? true
    case .changeMind: false
    }
  }

  /// What acts: those that the event concerns. Whoever has nothing to do makes no difference.
  private var controllers: [ControllerFactory] {
    ControllerFactory.workloads + ControllerFactory.nodes + [
      ControllerFactory(PodGCController.self), ControllerFactory(GarbageCollector.self),
    ]
  }

  // MARK: - Running

  private static let key = ResourceKey(.deployments, namespace: "shop", name: "web")

  /// The cluster at the moment of the event.
  func start() -> Engine {
    var state = RunningCluster.started(nodes: nodes)
    var now = RunningCluster.start
    run(&state, &now, seconds: 30)
    if event != .create {
      run(&state, &now, seconds: 60) { perform(.create, &$0) }
    }
    switch event {
    case .recoverNode: run(&state, &now, seconds: 420) { perform(.failNode, &$0) }
    case .changeMind: run(&state, &now, seconds: 2) { perform(.changeImage, &$0) }
    default: break
    }
    var engine = engine(state, now, controllers, hasCaches: hasCaches)
    engine.settle()
    _ = engine.takeLog()
    perform(event, &engine)
    _ = engine.takeLog()
    return engine
  }

  private func engine(
    _ state: ClusterState, _ now: Time, _ controllers: [ControllerFactory], hasCaches: Bool = false
  ) -> Engine {
    var engine = Engine(
      state, at: now,
      EngineConfiguration(
        version: KubernetesVersion(minor: 36), seed: UInt64(clamping: now.seconds), keepsLog: true,
        hasCaches: hasCaches),
      controllers: controllers)
    engine.gate = AdmissionGate()
    return engine
  }

  /// Runs in the usual order.
  private func run(
    _ state: inout ClusterState, _ now: inout Time, seconds: Int64,
    after begin: (inout Engine) -> Void = { _ in }
  ) {
    var engine = engine(state, now, ControllerFactory.standard)
    begin(&engine)
    now = now.advanced(bySeconds: seconds)
    engine.run(until: now)
    state = engine.state
  }

  private func perform(_ event: Event, _ engine: inout Engine) {
    switch event {
    case .create:
      let action = Action.create(deployment, .deployments, namespace: "shop")
      _ = try? engine.perform(action, by: "user")
    case .changeImage: editSpec(&engine) { Self.setImage("web:2", &$0) }
    case .changeMind: editSpec(&engine) { Self.setImage("web:3", &$0) }
    case .scale(let count): editSpec(&engine) { $0["replicas"] = .int(Int64(count)) }
    case .delete(let isForeground):
      let deletion = Action.Deletion(propagation: isForeground ? .foreground : .background)
      _ = try? engine.perform(.delete(Self.key, deletion), by: "user")
    case .failNode: setFailure("down", &engine)
    case .recoverNode: setFailure(nil, &engine)
    }
  }

  private func editSpec(_ engine: inout Engine, _ change: @escaping @Sendable (inout Value) -> Void)
  {
    guard let object = engine.state.object(Self.key) else { return }
    let edit = Action.Edit("spec") { $0.change("spec", change) }
    _ = try? engine.perform(.edit(object.key, uid: object.uid, edit), by: "user")
  }

  private static func setImage(_ image: String, _ spec: inout Value) {
    spec.change("template") { template in
      template.change("spec") { pod in
        pod["containers"] = [["name": "web", "image": .string(image)]]
      }
    }
  }

  private func setFailure(_ failure: String?, _ engine: inout Engine) {
    guard let node = engine.state.object(ResourceKey(.nodes, name: "n1")) else { return }
    let edit = Action.Edit("fail") { value in
      value.change("metadata") { metadata in
        metadata.change("annotations") {
          $0[Kubelet.failureAnnotation] = failure.map(Value.string)
        }
      }
    }
    _ = try? engine.perform(.edit(node.key, uid: node.uid, edit), by: "user")
  }

  private var deployment: Value {
    var strategy: Value = ["type": "Recreate"]
    if let limits {
      strategy = [
        "type": "RollingUpdate",
        "rollingUpdate": [
          "maxSurge": .int(Int64(limits.surge)), "maxUnavailable": .int(Int64(limits.unavailable)),
        ],
      ]
    }
    var value = RunningCluster.shop(replicas: replicas)[2]
    value.change("spec") { spec in
      spec["strategy"] = strategy
      spec.change("template") { template in
        template.change("spec") { pod in
          pod["terminationGracePeriodSeconds"] = 2
          pod["containers"] = [["name": "web", "image": "web:1"]]
        }
      }
    }
    return value
  }

  // MARK: - Judging

  /// When everything is over.
  private var seconds: Int64 {
    switch event {
    case .failNode: 420
    case .recoverNode: 60
    default: 45
    }
  }

  /// Tries all orders.
  ///
  /// - Parameter isReduced: Leaves out orders that differ only in when it was found that there is
  ///   nothing to do.
  func explore(isReduced: Bool = false) -> Exploration {
    let engine = start()
    let isFailing = event == .failNode || event == .recoverNode
    var exploration = Exploration(
      until: engine.now.advanced(bySeconds: seconds), isReduced: isReduced,
      law: { writer, before, after in
        isFailing || writer == "kubelet" ? nil : Self.breach(before, after)
      },
      summary: Self.summary)
    exploration.explore(engine)
    return exploration
  }

  /// How it ends in the usual order.
  func usualEnd() -> [String] {
    var engine = start()
    engine.run(until: engine.now.advanced(bySeconds: seconds))
    return Self.summary(engine.state)
  }

  /// The floor is not crossed. (The ceiling is a law of its own, about what is asked for: pods that
  /// are to go can still be there when their successors come.)
  private static func breach(_ before: ClusterState, _ after: ClusterState) -> String? {
    guard let deployment = after.object(key), !deployment.isTerminating,
      let limits = RolloutLimits(deployment)
    else { return nil }
    let (old, new) = (available(before), available(after))
    guard old >= limits.availableMin, new < limits.availableMin else { return nil }
    return "\(new) available, at least \(limits.availableMin)"
  }

  private static func available(_ state: ClusterState) -> Int {
    state.objects(.pods).count { $0.isActivePod && $0.pod?.isReady == true }
  }

  /// Everything but what chance, the clock or the way there decides, and where pods are.
  @Sendable private static func summary(_ state: ClusterState) -> [String] {
    state.resources.filter { $0 != .events }.flatMap { resource in
      state.objects(resource).map { object in
        let name = resource == .pods ? "" : object.name
        return "\(resource.plural) \(name) \(plain(object.value))"
      }.sorted()
    }
  }

  private static let decidedElsewhere: Set<String> = [
    "uid", "resourceVersion", "containerID", "podIP", "podIPs", "hostIP", "hostIPs", "nodeName",
    "creationTimestamp", "deletionTimestamp", "startTime",
    // In how many steps something came about.
    "generation", "observedGeneration",
  ]

  private static func plain(_ value: Value) -> Value {
    switch value {
    case .map(let map):
      let isPod = map["kind"] == "Pod"
      return .map(
        ValueMap(
          unique: map.entries.filter { entry in
            !decidedElsewhere.contains(entry.key) && !entry.key.hasSuffix("Time")
              && !entry.key.hasSuffix("At") && !(isPod && entry.key == "metadata")
          }.map { ValueMap.Entry(key: $0.key, value: plain($0.value)) }))
    case .list(let list): return .list(list.map(plain))
    case .string(let text): return .string(Fingerprint.undrawn(text))
    default: return value
    }
  }
}
