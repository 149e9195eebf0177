import ClusterControl
import ManifestSchema
import ManifestSyntax

/// How long a pod takes until it counts: learned from pods that started, or assumed.
struct StartTimes {
  /// Where nothing tells: pulling an image and starting its process.
  static let pullSeconds: Int64 = 5
  static let startSeconds: Int64 = 5

  private(set) var readySeconds: Int64
  private(set) var minReadySeconds: Int64
  private(set) var assumptions: [Assumption] = []

  /// Seconds of one wave.
  var waveSeconds: Int64 { min(readySeconds &+ minReadySeconds, ForecastOptions.readyAfterMax * 2) }

  init(_ deployment: Value, _ pods: [ClusterObject], _ options: ForecastOptions) {
    let spec = deployment["spec"]
    let most = ForecastOptions.readyAfterMax
    minReadySeconds = min(max(0, spec?["minReadySeconds"]?.int64 ?? 0), most)
    if let given = options.readyAfter {
      readySeconds = given
      assumptions.append(Assumption("ready-after", "\(given)s", "given with --assume"))
      return
    }
    if let learned = Self.learned(pods) {
      readySeconds = learned.seconds
      assumptions.append(
        Assumption(
          "ready-after", "\(learned.seconds)s",
          "the median of \(learned.count) pods that run, from their node to their readiness"))
      return
    }
    let delay = min(Self.delay(spec?["template"]?["spec"]), most)
    readySeconds = Self.pullSeconds + Self.startSeconds + delay
    let probes = delay > 0 ? ", and \(delay)s until the first probe" : ""
    assumptions.append(
      Assumption(
        "ready-after", "\(readySeconds)s",
        "no pod tells: \(Self.pullSeconds)s to pull, \(Self.startSeconds)s to start\(probes)"))
  }

  /// The longest time before a probe that readiness waits for.
  private static func delay(_ pod: Value?) -> Int64 {
    (pod?["containers"]?.list ?? []).reduce(0) { longest, container in
      let startup = container["startupProbe"]?["initialDelaySeconds"]?.int64 ?? 0
      let readiness = container["readinessProbe"]?["initialDelaySeconds"]?.int64 ?? 0
      return max(longest, max(startup, readiness))
    }
  }

  private static func learned(_ pods: [ClusterObject]) -> (seconds: Int64, count: Int)? {
    let times = pods.compactMap { pod -> Int64? in
      guard let ready = pod.pod?.readySince, pod.pod?.isReady == true,
        let placed = pod.condition("PodScheduled")?["lastTransitionTime"]?.string
          .flatMap({ Time($0) })
      else { return nil }
      let seconds = ready.seconds(since: placed)
      return seconds >= 0 && seconds < 3600 ? seconds : nil
    }.sorted()
    guard !times.isEmpty else { return nil }
    return (times[times.count / 2], times.count)
  }
}
