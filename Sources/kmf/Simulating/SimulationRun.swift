import ClusterAPI
import ClusterControl
import ClusterEngine
import ClusterStore
import ControlPlane
import Glibc
import ManifestSchema
import ManifestSyntax

/// Runs a cluster, or a copy of it, for a span of time in which things go wrong.
struct SimulationRun {
  let client: ClusterClient
  var plane: ControlPlane
  let isKept: Bool
  let span: Duration
  let faults: [PlannedFault]
  let crashes: [PlannedCrash]
  let seed: UInt64
  let log: EventLog
  private let began: Time
  private let progress: SimulationProgress

  /// How many revisions a long simulation that is kept leaves behind.
  private static let revisionsKept = 10_000

  /// A clock that stands still: a copy of a cluster gives the same run whenever it is made.
  private struct StillClock: ClusterClock {
    let seconds: Double
    func now() -> Double { seconds }
  }

  init(
    _ cluster: LocalCluster, keeps isKept: Bool, span: Duration, faults: [PlannedFault],
    crashes: [PlannedCrash], seed: UInt64, form: EventLog.Form
  ) throws(CommandFailure) {
    var plane = try OpenClusters.running(cluster, or: "nothing would ever happen in it")
    if !isKept { plane = try Self.copy(plane, seed) }
    plane.seed = seed
    // Nobody reads the history of a copy.
    plane.historyMax = isKept ? Self.revisionsKept : 1000
    self.plane = plane
    self.isKept = isKept
    self.span = span
    self.faults = faults.sorted { $0.at < $1.at }
    self.crashes = crashes
    self.seed = seed
    client = try ClusterClient(plane.cluster)
    began = plane.time.present
    log = EventLog(form, since: began)
    progress = SimulationProgress(of: span, isQuiet: form != .json && isatty(STDOUT_FILENO) == 1)
  }

  private static func copy(
    _ plane: ControlPlane, _ seed: UInt64
  ) throws(CommandFailure) -> ControlPlane {
    do {
      let store = try MemoryStore(copying: plane.cluster.store)
      let last = try ControlPlaneNote(store)?.time ?? plane.time.present
      let time = ClusterTime(
        StillClock(seconds: Double(last.seconds) + (last.nanoseconds > 0 ? 1 : 0)))
      let cluster = try LocalCluster(store: store, clock: time, seed: seed)
      return ControlPlane(cluster, time: time, simulation: plane.simulation)
    } catch let error as StoreError {
      throw CommandFailure(error)
    } catch let error as StatusError {
      throw CommandFailure(error)
    } catch {
      throw CommandFailure("the cluster cannot be copied: \(error)")
    }
  }

  mutating func run() throws {
    var writeCount = 0
    try planCrashes()
    for fault in faults where fault.at <= span {
      writeCount += try pass(until: began.advanced(by: fault.at))
      try carryOut(fault)
    }
    writeCount += try pass(until: began.advanced(by: span))
    progress.end()
    if isKept, let oldest = plane.oldestKept {
      Complaint.writeLine(
        "note: of the many revisions that were made, those before \(oldest) are forgotten")
    }
    log.end(
      SimulationSummary(plane.state, span: span, writeCount: writeCount, isKept: isKept))
  }

  private mutating func pass(until deadline: Time) throws(CommandFailure) -> Int {
    let (log, progress, began) = (log, progress, began)
    do throws(StatusError) {
      return try plane.run(
        until: deadline,
        tell: { entries in
          log.tell(entries)
          if let last = entries.last { progress.update(last.time.duration(since: began)) }
        }
      ).writeCount
    } catch { throw CommandFailure(error) }
  }

  private func carryOut(_ fault: PlannedFault) throws {
    guard let resource = client.catalog.preferred(.nodes) else { return }
    let node = NodeChange.Node(
      name: fault.node, client: client, target: Target(resource: resource, name: fault.node))
    do throws(ClusterRefusal) {
      switch fault.what {
      case .failNode(let isUnreachable):
        try node.annotate([Kubelet.failureAnnotation: isUnreachable ? "unreachable" : "down"])
      case .recoverNode: try node.annotate([Kubelet.failureAnnotation: nil])
      }
    } catch {
      throw CommandFailure(
        error.message, help: "'kmf get nodes' shows the nodes that there are")
    }
    log.tell(fault.text, at: began.advanced(by: fault.at))
  }

  // MARK: - Crashes

  /// Writes into pods when they crash: kubelets read that as they read all behaviour.
  private func planCrashes() throws {
    guard !crashes.isEmpty else { return }
    let state: ClusterState
    do throws(StatusError) {
      state = try client.cluster.read { (session) throws(StatusError) in
        try session.clusterState()
      }
    } catch { throw CommandFailure(error) }
    var chance = SeededGenerator(seed: seed ^ 0xC4A5_11ED)
    for crash in crashes {
      var pods = crash.pods(in: state)
      guard !pods.isEmpty else {
        throw CommandFailure(
          "--crash: no running pod belongs to '\(crash.name)'",
          help: "name a Deployment or a pod, as NAME@PERCENT or NAMESPACE/NAME@PERCENT")
      }
      let count = Int((Double(pods.count) * crash.percent / 100).rounded(.up))
      for _ in 0..<count where !pods.isEmpty {
        let pod = pods.remove(at: Int(chance.number(below: UInt64(pods.count))))
        let spanSeconds = UInt64(max(1, span.components.seconds))
        try plan(pod, after: Int64(chance.number(below: spanSeconds)))
      }
    }
  }

  private func plan(_ pod: ClusterObject, after seconds: Int64) throws {
    let running = (pod.value["status"]?["containerStatuses"]?.list ?? []).first {
      $0["state"]?["running"] != nil
    }
    guard let running, let container = running["name"]?.string,
      let resource = client.catalog.preferred(.pods)
    else { return }
    let started = running["state"]?["running"]?["startedAt"]?.string.flatMap { Time($0) } ?? began
    let moment = began.advanced(bySeconds: seconds)
    let restarts = running["restartCount"]?.int64 ?? 0
    let target = Target(resource: resource, name: pod.name, namespace: pod.namespace)
    let annotations: Value = [
      "sim.kmf.dev/crash-after.\(container)": .string("\(max(0, moment.seconds(since: started)))s"),
      "sim.kmf.dev/crash-times.\(container)": .string(String(restarts &+ 1)),
    ]
    do throws(ClusterRefusal) {
      _ = try client.send(
        "PATCH", target.path, query: [("fieldManager", "kmf-simulate")],
        contentType: "application/merge-patch+json", ["metadata": ["annotations": annotations]])
    } catch { throw CommandFailure(error.message) }
  }
}
