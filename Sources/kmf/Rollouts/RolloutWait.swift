import ClusterAPI
import ClusterControl
import ClusterEngine
import ControlPlane
import ManifestSchema
import ManifestSyntax

/// Runs a cluster forward until workloads are rolled out, and tells how it goes.
///
/// What is told comes from the controllers' own writes, in their order and with their virtual time;
/// it is told once the writes are stored.
final class RolloutWait {
  /// How it ended for one workload.
  struct Outcome {
    var key: ResourceKey
    var status: RolloutStatus
    /// Why it is not ready, the gravest first; empty for those that are.
    var troubles: [String] = []

    var isDone: Bool {
      if case .done = status { return true }
      return false
    }
  }

  /// Without an end of its own a wait ends after this time of the cluster.
  static let longest = Duration.seconds(86_400)

  /// What nobody set a time for is given up after this one.
  static let patience = Duration.seconds(3600)

  private let keys: [ResourceKey]
  private let known: Set<ResourceKey>
  private let report: any RolloutReport
  /// What was last told of each workload.
  private var told: [ResourceKey: RolloutStatus] = [:]
  /// Which workload the owners of pods belong to.
  private var workloads: [String: Int] = [:]
  private var topics: Set<String> = []
  private var began = Time(seconds: 0)

  init(_ keys: [ResourceKey], _ report: any RolloutReport) {
    self.keys = keys
    known = Set(keys)
    self.report = report
  }

  /// Runs until every workload is rolled out or has failed, or until the time is over.
  func run(_ plane: inout ControlPlane, for timeout: Duration) throws(CommandFailure) -> [Outcome] {
    began = plane.time.present
    let deadline = began.advanced(by: min(timeout, Self.longest))
    let run: ControlPlane.Run
    do throws(StatusError) {
      run = try plane.run(
        until: deadline, passesTime: false, isDone: { state, _ in self.isOver(state) },
        tell: { self.tell($0) })
    } catch { throw CommandFailure(error) }
    guard let state = plane.state else { return [] }
    let outcomes = keys.enumerated().map { outcome($1, at: $0, state) }
    for outcome in outcomes { tell(outcome.key, outcome.status, at: run.time) }
    report.end(outcomes, run, after: passed(at: run.time))
    return outcomes
  }

  /// Whether nothing is left to wait for.
  private func isOver(_ state: ClusterState) -> Bool {
    var isOver = true
    for (place, key) in keys.enumerated() {
      guard let object = state.object(key) else { continue }
      workloads[object.uid] = place
      for set in state.objects(.replicaSets, ownedBy: object.uid) { workloads[set.uid] = place }
      if isOver, RolloutStatus(key, object.value).isWaiting { isOver = false }
    }
    return isOver
  }

  private func tell(_ entries: [LogEntry]) {
    for entry in entries {
      guard case .change(let change) = entry.what, let object = change.new else { continue }
      if known.contains(change.key) {
        tell(change.key, RolloutStatus(change.key, object.value), at: entry.time)
      }
      guard object.pod != nil else { continue }
      let owner = object.controller?.uid ?? object.uid
      guard let place = workloads[owner], !object.isTerminating else { continue }
      for trouble in PodTrouble.all(of: object.value, isPatient: true)
      where topics.insert("\(place)\u{0}\(trouble.topic)").inserted {
        report.trouble(trouble, of: keys[place], at: passed(at: entry.time))
      }
    }
    report.pause()
  }

  private func tell(_ key: ResourceKey, _ status: RolloutStatus, at time: Time) {
    guard told[key] != status else { return }
    told[key] = status
    report.status(status, of: key, at: passed(at: time))
  }

  /// Controllers may have something left to do from a moment ago.
  private func passed(at time: Time) -> Duration { max(.zero, time.duration(since: began)) }

  // MARK: - The end

  private func outcome(_ key: ResourceKey, at place: Int, _ state: ClusterState) -> Outcome {
    let object = state.object(key)
    var outcome = Outcome(key: key, status: RolloutStatus(key, object?.value))
    guard !outcome.isDone, let object else { return outcome }
    if let failure = object.condition("ReplicaFailure"), failure["status"] == "True" {
      let reason = failure["reason"]?.string ?? "ReplicaFailure"
      outcome.troubles.append("\(reason): \(failure["message"]?.string ?? "")")
    }
    if object.value["spec"]?["paused"] == true {
      outcome.troubles.append("the deployment is paused; resume it with 'kmf rollout resume'")
    }
    outcome.troubles += Self.grouped(pods(of: object, state))
    return outcome
  }

  /// The pods that are to be ready; those of an older template are on their way out.
  private func pods(of object: ClusterObject, _ state: ClusterState) -> [ClusterObject] {
    if object.pod != nil { return [object] }
    var sets = state.objects(.replicaSets, controlledBy: object.uid)
    if let newest = sets.map(RolloutRevisions.revision(of:)).max() {
      sets = sets.filter { RolloutRevisions.revision(of: $0) == newest }
    }
    let owners = sets.isEmpty ? [object] : sets
    return owners.flatMap { state.objects(.pods, controlledBy: $0.uid) }
      .filter { !$0.isTerminating && $0.pod?.isReady != true }
  }

  private static let troublesMax = 5

  /// `3 pods (web-1, web-2, …): container web: ImagePullBackOff: …`
  private static func grouped(_ pods: [ClusterObject]) -> [String] {
    var order: [String] = []
    var groups: [String: [PodTrouble]] = [:]
    for pod in pods {
      for trouble in PodTrouble.all(of: pod.value, isPatient: false) {
        if groups[trouble.topic] == nil { order.append(trouble.topic) }
        groups[trouble.topic, default: []].append(trouble)
      }
    }
    let lists = order.compactMap { groups[$0] }.sorted { $0.count > $1.count }
    var lines = lists.prefix(troublesMax).compactMap { list -> String? in
      guard let first = list.first else { return nil }
      guard list.count > 1 else { return "pod \(first.pod): \(first.text)" }
      let names = list.prefix(3).map(\.pod).joined(separator: ", ")
      return "\(list.count) pods (\(names)\(list.count > 3 ? ", …" : "")): \(first.text)"
    }
    if lists.count > troublesMax { lines.append("… and \(lists.count - troublesMax) more") }
    return lines
  }
}

/// Where a wait tells what it sees. Times are the cluster's, since the wait began.
protocol RolloutReport {
  func status(_ status: RolloutStatus, of key: ResourceKey, at time: Duration)
  func trouble(_ trouble: PodTrouble, of key: ResourceKey, at time: Duration)
  /// Everything that is known by now was told.
  func pause()
  func end(_ outcomes: [RolloutWait.Outcome], _ run: ControlPlane.Run, after time: Duration)
}
