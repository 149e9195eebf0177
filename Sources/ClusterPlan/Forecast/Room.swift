import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// Pods of rollouts on the nodes of a copy of the cluster: placed by the scheduler itself, write by
/// write, all rollouts together.
struct Placement {
  /// More pods than this are not placed one by one.
  private static let podsMax = 200_000

  private var engine: Engine
  private let start: Time
  private var places: [PodPlaces]
  private var made = 0
  private(set) var rooms: [RoomForecast]
  /// Whether there were more pods than only a larger computer could place.
  private(set) var isGivenUp = false

  init(
    _ places: [PodPlaces], in state: ClusterState, at start: Time, version: KubernetesVersion
  ) {
    self.start = start
    engine = Engine(
      state, at: start, EngineConfiguration(version: version, seed: 1, keepsLog: true),
      controllers: [
        ControllerFactory(Scheduler.self), ControllerFactory(ResourceQuotaController.self),
      ])
    engine.gate = AdmissionGate()
    engine.settle()
    _ = engine.takeLog()
    self.places = places
    rooms = places.map { _ in RoomForecast() }
  }

  /// Adds and removes the pods of one write.
  mutating func take(_ write: RolloutStep, _ number: Int, of workload: Int) {
    // What only a larger computer could place is not judged at all.
    guard !isGivenUp, write.to - write.from <= Self.podsMax - made else {
      isGivenUp = true
      return
    }
    made += max(0, write.to - write.from)
    places[workload].take(write, number, &engine, &rooms[workload])
  }

  /// Lets the scheduler try again what found no room.
  mutating func pass(to seconds: Int64) {
    let time = start.advanced(bySeconds: seconds)
    if time > engine.now { engine.run(until: time) }
    _ = engine.takeLog()
  }

  /// How many pods of a ReplicaSet are not there, or on no node.
  func unplaced(_ set: String, of workload: Int) -> Int {
    isGivenUp ? 0 : places[workload].unplaced(set, engine.state)
  }

  mutating func finish() -> [RoomForecast] {
    for place in places.indices { places[place].finish(engine.state, &rooms[place]) }
    return rooms
  }
}

/// The pods of one workload while it rolls.
struct PodPlaces {
  private let namespace: String
  private let uid: String
  private let template: Value
  /// ReplicaSets of other versions; what they get is not placed.
  private var oldNames: Set<String> = []
  /// By ReplicaSet.
  private var pods: [String: [ResourceKey]] = [:]
  private var made: Set<ResourceKey> = []
  /// By ReplicaSet: pods that the cluster refused to make.
  private var refused: [String: Int] = [:]
  /// By ReplicaSet: new pods that had no node when last looked at.
  private var waiting: [String: [ResourceKey]] = [:]

  /// - Parameter ran: The ReplicaSet that ran before, which may not be there yet.
  init(_ workload: WorkloadForecast, ran: String?, in state: ClusterState) {
    namespace = workload.object.namespace ?? "default"
    uid = workload.after["metadata"]?["uid"]?.string ?? ""
    template = workload.after["spec"]?["template"] ?? .emptyMap
    let sets = state.objects(.replicaSets, controlledBy: uid)
    if let ran, !sets.contains(where: { $0.name == ran }) { oldNames.insert(ran) }
    for set in sets {
      let active = state.objects(.pods, controlledBy: set.uid).filter(\.isActivePod)
      // What is not ready goes first.
      if !PodTemplateComparison.isEqual(set.value["spec"]?["template"], template) {
        oldNames.insert(set.name)
      }
      pods[set.name] = active.sorted { left, right in
        (left.pod?.isReady ?? false) && !(right.pod?.isReady ?? false)
      }.map(\.key)
    }
  }

  mutating func take(
    _ write: RolloutStep, _ number: Int, _ engine: inout Engine, _ room: inout RoomForecast
  ) {
    if write.to < write.from {
      let known = pods[write.replicaSet] ?? []
      let unmade = refused[write.replicaSet] ?? 0
      refused[write.replicaSet] = max(0, unmade - (write.from - write.to))
      let count = min(known.count, max(0, write.from - write.to - unmade))
      for key in known.suffix(count) {
        _ = try? engine.perform(
          .delete(key, Action.Deletion(graceSeconds: 0)), by: "forecast")
      }
      pods[write.replicaSet] = known.dropLast(count)
      engine.settle()
      _ = engine.takeLog()
      return
    }
    guard !oldNames.contains(write.replicaSet) else { return }
    var keys: [ResourceKey] = []
    for _ in write.from..<write.to {
      guard let key = create(write.replicaSet, &engine, &room) else { break }
      keys.append(key)
    }
    pods[write.replicaSet, default: []] += keys
    refused[write.replicaSet, default: 0] += write.to - write.from - keys.count
    made.formUnion(keys)
    engine.settle()
    let victims = self.victims(engine.takeLog())
    room.victims += victims.map(\.name)
    if !victims.isEmpty {
      // Their kubelets would stop them in their time; then the scheduler comes back to these.
      for key in victims {
        _ = try? engine.perform(.delete(key, Action.Deletion(graceSeconds: 0)), by: "forecast")
      }
      engine.run(until: engine.now.advanced(bySeconds: 15))
      _ = engine.takeLog()
    }
    let state = engine.state
    let unplaced = keys.filter { state.object($0)?.pod?.node == nil }
    let placed = keys.count - unplaced.count
    if !unplaced.isEmpty { waiting[write.replicaSet, default: []] += unplaced }
    let missing = write.to - write.from - placed
    if room.tightestStep == nil, write.to > write.from, missing > 0 {
      room.tightestStep = number
      room.missing = missing
      room.placedFirst = placed
      let messages = keys.lazy.compactMap { key in
        state.object(key)?.condition("PodScheduled")?["message"]?.string
      }
      room.message = messages.first
    }
  }

  private func create(
    _ set: String, _ engine: inout Engine, _ room: inout RoomForecast
  ) -> ResourceKey? {
    var pod = template
    pod["apiVersion"] = "v1"
    pod["kind"] = "Pod"
    let name = set
    pod.change("metadata") {
      $0["generateName"] = .string(name + "-")
      $0["namespace"] = .string(namespace)
    }
    do throws(WriteRefusal) {
      return try engine.perform(
        .create(pod, .pods, namespace: namespace), by: "forecast"
      ).first?.key
    } catch {
      guard error.message.contains("serviceaccount"), let gate = engine.gate else {
        room.refusal = room.refusal ?? error.message
        return nil
      }
      // The account of a namespace is made by a controller, which has not run yet.
      engine.gate = nil
      defer { engine.gate = gate }
      return (try? engine.perform(.create(pod, .pods, namespace: namespace), by: "forecast"))?
        .first?.key
    }
  }

  private func victims(_ log: [LogEntry]) -> [ResourceKey] {
    log.compactMap { entry in
      guard entry.writer == Scheduler.name, case .change(let change) = entry.what,
        change.key.resource == .pods, let old = change.old, change.new?.isTerminating ?? true,
        !old.isTerminating
      else { return nil }
      return change.key
    }
  }

  func unplaced(_ set: String, _ state: ClusterState) -> Int {
    guard !oldNames.contains(set) else { return 0 }
    // A pod that was taken away is missed by nobody.
    let pending = (waiting[set] ?? []).count { key in
      state.object(key).map { $0.pod?.node == nil } ?? false
    }
    return pending + (refused[set] ?? 0)
  }

  func finish(_ state: ClusterState, _ room: inout RoomForecast) {
    room.missingFinally = refused.values.reduce(0, +)
    for key in made {
      guard let pod = state.object(key) else { continue }
      if let node = pod.pod?.node {
        room.placed[node, default: 0] += 1
      } else {
        room.missingFinally += 1
      }
    }
  }
}
