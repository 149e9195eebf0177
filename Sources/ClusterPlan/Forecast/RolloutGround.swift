import ClusterControl
import ManifestSchema
import ManifestSyntax

/// Lays out what a rehearsal starts from: the Deployment as it is applied, and its ReplicaSets with
/// the pods that they have.
struct RolloutGround {
  let state: ClusterState
  let version: KubernetesVersion
  let start: Time

  struct Prepared {
    var state: ClusterState
    /// After everything that is there was made: ReplicaSets of one second are told apart by name.
    var start: Time
    /// The ReplicaSet that ran the version before.
    var current: String?
    /// Pods whose start was seen.
    var learnedFrom: [ClusterObject] = []
    var assumptions: [Assumption] = []
  }

  func prepare(_ deployment: ClusterObject, before: Value?) -> Prepared {
    var prepared = Prepared(state: ClusterState(revision: state.revision), start: start)
    for set in replicaSets(of: deployment) {
      prepared.learnedFrom += state.objects(.pods, controlledBy: set.uid).prefix(1000)
      prepared.state.put(withPods(set, &prepared))
    }
    prepared.state.put(deployment)
    if let before { settle(before, deployment, &prepared) }
    // Of the sets that were there, the newest revision is the one that ran.
    let sets = prepared.state.objects(.replicaSets).filter { $0.controller?.uid == deployment.uid }
    prepared.current = sets.max { Self.revision($0) < Self.revision($1) }?.name
    for set in sets where set.created >= prepared.start {
      prepared.start = set.created.advanced(bySeconds: 1)
    }
    return prepared
  }

  static func revision(_ set: ClusterObject) -> Int64 {
    Int64(set.annotation(RolloutRehearsal.revisionAnnotation) ?? "") ?? 0
  }

  private func replicaSets(of deployment: ClusterObject) -> [ClusterObject] {
    let orphans = deployment.namespace.map { state.uncontrolled(.replicaSets, in: $0) } ?? []
    return state.objects(.replicaSets, controlledBy: deployment.uid) + orphans
  }

  /// The set as if its controller had come to rest, with as many available pods as there are.
  private func withPods(_ set: ClusterObject, _ prepared: inout Prepared) -> ClusterObject {
    let size = Int(clamping: max(0, set.value["spec"]?["replicas"]?.int64 ?? 1))
    let tally = state.podTally(controlledBy: set.uid)
    let active = tally.groups.reduce(0) { $0 + $1.active }
    var available = Int(clamping: set.value["status"]?["availableReplicas"]?.int64 ?? 0)
    if active > 0 { available = tally.groups.reduce(0) { $0 + $1.ready } }
    let isUntouched = set.value["status"]?["replicas"]?.int64 ?? 0 == 0
    if size > 0, available == 0, state.count(of: .nodes) == 0, active > 0 || isUntouched,
      !state.objects(.pods, controlledBy: set.uid).contains(where: { $0.pod?.node != nil })
    {
      available = size
      Self.assumeRoom(&prepared)
    }
    available = min(size, max(0, available))
    return ClusterObject(
      key: set.key, value: RolloutRehearsal.settled(set, size: size, available: available),
      revision: set.revision)
  }

  private static func assumeRoom(_ prepared: inout Prepared) {
    let assumption = Assumption(
      "room", "enough", "the cluster has no nodes, so every pod is taken to find one")
    if !prepared.assumptions.contains(assumption) { prepared.assumptions.append(assumption) }
  }

  /// Where no controller has seen the Deployment as it was, that version is rolled out first.
  private func settle(
    _ before: Value, _ deployment: ClusterObject, _ prepared: inout Prepared
  ) {
    guard !hasSets(deployment, prepared.state) else { return }
    var past = prepared.state
    past.put(
      ClusterObject(key: deployment.key, value: before, revision: deployment.revision))
    let sets = past.objects(.replicaSets)
    let latest = sets.map(\.created).max() ?? start.advanced(bySeconds: -120)
    let begin = max(latest.advanced(bySeconds: 1), start.advanced(bySeconds: -120))
    var rehearsal = RolloutRehearsal(
      deployment.key, in: past, at: begin, version: version, readiness: .together, waveSeconds: 0,
      current: nil)
    _ = rehearsal.run()
    prepared.state = rehearsal.state
    if let settled = prepared.state.object(deployment.key) {
      prepared.state.put(Self.merge(deployment, settled))
    }
    prepared.start = max(prepared.start, begin.advanced(bySeconds: 60))
    prepared.assumptions.append(
      Assumption(
        "running", "settled",
        "no controller has acted on the Deployment yet: what was applied before is taken to run"))
  }

  private func hasSets(_ deployment: ClusterObject, _ state: ClusterState) -> Bool {
    state.objects(.replicaSets).contains { $0.controller?.uid == deployment.uid }
  }

  /// The new Deployment with what controllers wrote on the old one.
  private static func merge(_ new: ClusterObject, _ settled: ClusterObject) -> ClusterObject {
    var value = new.value
    if let status = settled.value["status"] { value["status"] = status }
    value.change("metadata") { metadata in
      metadata.change("annotations") { annotations in
        for entry in settled.annotations.entries where annotations[entry.key] == nil {
          annotations[entry.key] = entry.value
        }
      }
    }
    return ClusterObject(key: new.key, value: value, revision: settled.revision)
  }
}
