import ClusterControl
import ClusterEngine
import ManifestSchema
import ManifestSyntax

/// Places the pods of rollouts with the scheduler itself, write by write, all rollouts together.
struct Room {
  /// More pods than this are not placed one by one.
  private static let podsMax = 200_000

  let state: ClusterState
  let start: Time
  let version: KubernetesVersion

  func judge(_ workloads: inout [WorkloadForecast]) {
    guard state.count(of: .nodes) > 0, !workloads.isEmpty else { return }
    var engine = Engine(
      state, at: start, EngineConfiguration(version: version, seed: 1, keepsLog: true),
      controllers: [
        ControllerFactory(Scheduler.self), ControllerFactory(ResourceQuotaController.self),
      ])
    engine.gate = AdmissionGate()
    engine.settle()
    _ = engine.takeLog()
    var places: [PodPlaces] = workloads.map { PodPlaces($0, in: state) }
    for place in workloads.indices { workloads[place].room = RoomForecast() }
    // All writes in the order of their times; a workload's own stay in order.
    var order: [(seconds: Int64, workload: Int, step: Int)] = []
    for (number, workload) in workloads.enumerated() {
      for (step, write) in workload.course.steps.enumerated() {
        order.append((write.seconds, number, step))
      }
    }
    order.sort { ($0.seconds, $0.workload, $0.step) < ($1.seconds, $1.workload, $1.step) }
    var made = 0
    for (_, number, step) in order {
      let write = workloads[number].course.steps[step]
      // What only a larger computer could place is not judged at all.
      guard write.to - write.from <= Self.podsMax - made else { break }
      made += max(0, write.to - write.from)
      guard var room = workloads[number].room else { continue }
      places[number].take(write, step, &engine, &room)
      workloads[number].room = room
    }
    for place in workloads.indices {
      guard var room = workloads[place].room else { continue }
      places[place].finish(engine.state, &room)
      workloads[place].room = room
    }
  }
}

/// The pods of one workload while it rolls.
private struct PodPlaces {
  private let namespace: String
  private let uid: String
  private let template: Value
  private let newNames: Set<String>
  /// By ReplicaSet.
  private var pods: [String: [ResourceKey]] = [:]
  private var made: Set<ResourceKey> = []

  init(_ workload: WorkloadForecast, in state: ClusterState) {
    namespace = workload.object.namespace ?? "default"
    uid = workload.after["metadata"]?["uid"]?.string ?? ""
    template = workload.after["spec"]?["template"] ?? .emptyMap
    newNames = Set(
      workload.course.revisions.filter { $0.value == .new }.map(\.key))
    for set in state.objects(.replicaSets, controlledBy: uid) {
      let active = state.objects(.pods, controlledBy: set.uid).filter(\.isActivePod)
      // What is not ready goes first.
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
      let count = min(known.count, write.from - write.to)
      for key in known.suffix(count) {
        _ = try? engine.perform(
          .delete(key, Action.Deletion(graceSeconds: 0)), by: "forecast")
      }
      pods[write.replicaSet] = known.dropLast(count)
      engine.settle()
      _ = engine.takeLog()
      return
    }
    guard newNames.contains(write.replicaSet) else { return }
    var keys: [ResourceKey] = []
    for _ in write.from..<write.to {
      guard let key = create(write.replicaSet, &engine, &room) else { break }
      keys.append(key)
    }
    pods[write.replicaSet, default: []] += keys
    made.formUnion(keys)
    engine.settle()
    noteVictims(engine.takeLog(), &room)
    let state = engine.state
    let placed = keys.count { state.object($0)?.pod?.node != nil }
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

  private func noteVictims(_ log: [LogEntry], _ room: inout RoomForecast) {
    for entry in log where entry.writer == Scheduler.name {
      guard case .change(let change) = entry.what, change.key.resource == .pods,
        let old = change.old, change.new?.isTerminating ?? true, !old.isTerminating
      else { continue }
      room.victims.append(change.key.name)
    }
  }

  func finish(_ state: ClusterState, _ room: inout RoomForecast) {
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
