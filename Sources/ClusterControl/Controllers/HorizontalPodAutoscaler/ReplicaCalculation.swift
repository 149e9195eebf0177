import ManifestSchema
import ManifestSyntax

/// How many pods a metric asks for.
struct ReplicaCalculation {
  /// Why a metric says nothing.
  struct Trouble: Error {
    var reason: String
    var message: String
  }

  /// What a metric comes to.
  struct Result {
    var replicas: Int64
    /// What the status says of it.
    var current: Value
  }

  let current: Int64
  let pods: [ClusterObject]
  let metrics: SimulatedMetrics
  let now: Time
  /// How far from the target a ratio may be, downwards and upwards.
  let tolerances: (down: Double, up: Double)

  /// A pod's first samples of a processor count for nothing until this is over.
  static let initializationSeconds: Int64 = 300
  static let initialReadinessSeconds: Int64 = 30
  /// A sample covers this time.
  static let sampleSeconds: Int64 = 15

  // MARK: - Ratios

  func isWithinTolerance(_ ratio: Double) -> Bool {
    1.0 - tolerances.down <= ratio && ratio <= 1.0 + tolerances.up
  }

  /// Rounds up what a ratio of pods comes to.
  static func replicas(_ ratio: Double, _ count: Int) -> Int64 {
    Int64(min((ratio * Double(count)).rounded(.up), Double(Int32.max)))
  }

  /// A metric of each pod against a target for each.
  ///
  /// - Parameters:
  ///   - wanted: What each pod should come to, in the unit of the samples.
  ///   - fallback: What a pod without sample is taken to use when that holds back shrinking.
  func proposal(
    samples all: [String: Int64], of resource: String?, wanted: (Set<String>) -> Double,
    fallback: (ClusterObject) -> Int64
  ) throws(Trouble) -> (replicas: Int64, samples: [String: Int64]) {
    guard !all.isEmpty else {
      throw Trouble(
        reason: "FailedGetResourceMetric", message: "no metrics returned from the metrics API")
    }
    let groups = PodGroups(pods, samples: all, of: resource, at: now)
    var samples = all.filter { groups.counted.contains($0.key) }
    guard !samples.isEmpty else {
      throw Trouble(
        reason: "FailedGetResourceMetric",
        message: "did not receive metrics for targeted pods (pods might be unready)")
    }
    let told = samples
    let ratio = Self.ratio(samples, wanted)
    let growsWithUnready = !groups.unready.isEmpty && ratio > 1
    if !growsWithUnready, groups.missing.isEmpty {
      if isWithinTolerance(ratio) { return (current, told) }
      return (Self.replicas(ratio, groups.counted.count), told)
    }
    for pod in groups.missing {
      // Who says nothing is taken to be busy when that keeps pods, and idle when it makes some.
      if ratio < 1 { samples[pod.uid] = fallback(pod) }
      if ratio > 1 { samples[pod.uid] = 0 }
    }
    if growsWithUnready { for pod in groups.unready { samples[pod.uid] = 0 } }
    let second = Self.ratio(samples, wanted)
    let isTurned = ratio < 1 && second > 1 || ratio > 1 && second < 1
    if isWithinTolerance(second) || isTurned { return (current, told) }
    let replicas = Self.replicas(second, samples.count)
    if second < 1 && replicas > current || second > 1 && replicas < current {
      return (current, told)
    }
    return (replicas, told)
  }

  private static func ratio(
    _ samples: [String: Int64], _ wanted: (Set<String>) -> Double
  ) -> Double {
    let used = samples.values.reduce(0.0) { $0 + Double($1) }
    let target = wanted(Set(samples.keys))
    return target > 0 ? used / target : 1
  }

  /// A total against a total that all ready pods can bear.
  func proposal(total: Int64, target: Int64) -> Int64 {
    let ratio = target > 0 ? Double(total) / Double(target) : 1
    if isWithinTolerance(ratio) { return current }
    return Self.replicas(ratio, pods.count { $0.pod?.isReady == true && !$0.isTerminating })
  }

  /// A total against what one pod can bear.
  func proposal(total: Int64, each: Int64) -> Int64 {
    guard each > 0 else { return current }
    let ratio = Double(total) / (Double(each) * Double(max(current, 1)))
    if isWithinTolerance(ratio) { return current }
    return Self.replicas(Double(total) / Double(each), 1)
  }
}

/// Pods by what their samples are worth.
private struct PodGroups {
  /// The uids of pods that count as they are.
  private(set) var counted: Set<String> = []
  private(set) var unready: [ClusterObject] = []
  private(set) var missing: [ClusterObject] = []

  init(
    _ pods: [ClusterObject], samples: [String: Int64], of resource: String?, at now: Time
  ) {
    for pod in pods {
      if pod.isTerminating || pod.pod?.phase == .failed { continue }
      if pod.pod?.phase == .pending {
        unready.append(pod)
      } else if samples[pod.uid] == nil {
        missing.append(pod)
      } else if resource == "cpu", Self.isNew(pod, now) {
        unready.append(pod)
      } else {
        counted.insert(pod.uid)
      }
    }
  }

  /// Whether the pod's processor is still busy with starting.
  private static func isNew(_ pod: ClusterObject, _ now: Time) -> Bool {
    guard let ready = pod.condition("Ready"),
      let start = pod.value["status"]?["startTime"]?.string.flatMap({ Time($0) }),
      let turned = ready["lastTransitionTime"]?.string.flatMap({ Time($0) })
    else { return true }
    let isReady = ready["status"] == "True"
    if now.seconds(since: start) < ReplicaCalculation.initializationSeconds {
      // A sample that began before the pod was ready tells of its start.
      return !isReady || now.seconds(since: turned) < ReplicaCalculation.sampleSeconds
    }
    return !isReady && turned.seconds(since: start) < ReplicaCalculation.initialReadinessSeconds
  }
}
