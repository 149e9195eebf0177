import ClusterAPI
import ClusterControl
import ManifestSchema
import ManifestSyntax

/// What applying manifests will lead to: the changes, the rollouts that follow from them, and what
/// is to be said about them.
public struct Forecast: Sendable {
  public var changes: ChangeSet
  public var workloads: [WorkloadForecast] = []
  public var findings: [Finding] = []
  /// Most pods over all workloads when they roll at the same time.
  public var jointPeakPods = 0
  /// How sure that is: between several rollouts it rests on their times.
  public var jointPeakCertainty = Certainty.exact
  /// How many nodes the cluster has.
  public var nodeCount = 0

  /// How grave it is; nil where there is nothing to say.
  public var gravest: Finding.Severity? {
    workloads.contains(where: \.isStalled) ? .blocked : findings.map(\.severity).max()
  }

  /// What it comes to, in a few words.
  public var verdict: String {
    let summary = ChangeSummary(changes)
    if changes.hasErrors { return summary.verdict() }
    let pods = workloads.filter(\.isRollout).reduce(0) { $0 + $1.replicas }
    switch gravest {
    case .blocked: return "the rollout will not come to an end"
    case .disruption: return "works, with an interruption"
    case .risk: return "works, with risks"
    case .note, nil:
      if changes.isEmpty {
        return workloads.isEmpty ? summary.verdict() : "nothing changes; an earlier rollout goes on"
      }
      let isEndless = workloads.contains { $0.isRollout && !$0.course.isComplete && !$0.isPaused }
      if isEndless { return "the rollout will not come to an end" }
      if pods > 0 { return "rolls \(PodEffect.pods(pods)) without interruption" }
      let started = workloads.filter { $0.action == .create }.reduce(0) { $0 + $1.replicas }
      return started > 0 ? "starts \(PodEffect.pods(started))" : "no pod is replaced"
    }
  }
}

extension Planner {
  /// What applying would lead to. Writes nothing.
  public func forecast(
    _ manifests: [Manifest], _ assumptions: ForecastOptions = ForecastOptions()
  ) throws(StatusError) -> Forecast {
    try cluster.rehearse { (session) throws(StatusError) in
      let first = try session.currentRevision()
      let (set, texts) = try changes(manifests, session)
      if !set.hasErrors {
        // What an apply notes counts as well: chance begins with the revision.
        try remember(manifests, set, texts, session)
        _ = try journal(set, since: first, plan: nil, session)
      }
      let state = try session.clusterState(hasEvents: false)
      let start = assumptions.now ?? Time(session.time) ?? Time(seconds: 0)
      // What the controllers of this cluster begin with.
      let seed =
        cluster.settings.seed ^ UInt64(truncatingIfNeeded: state.revision &* 0x9E37_79B9)
      let forecaster = Forecaster(
        state: state, start: start, version: cluster.settings.version, seed: seed,
        options: assumptions)
      return forecaster.forecast(set)
    }
  }
}
