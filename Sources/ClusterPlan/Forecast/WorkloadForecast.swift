import ManifestSyntax

/// One write of a rollout: a ReplicaSet gets another size.
public struct RolloutStep: Hashable, Sendable {
  /// Which version a ReplicaSet runs, seen from the change.
  public enum Revision: String, Hashable, Sendable {
    case old, new, older
  }

  /// Seconds since the change was applied.
  public var seconds: Int64
  /// How many times pods had become ready by then.
  public var tick: Int
  public var replicaSet: String
  public var revision: Revision
  public var from: Int
  public var to: Int
  /// The pods that are wanted after this write.
  public var total: Int
  /// The pods that are available after the controller's turn that made this write.
  public var available: Int
}

/// The sizes at the end of a wave.
public struct RolloutMoment: Hashable, Sendable {
  public var seconds: Int64
  public var tick: Int
  /// By ReplicaSet.
  public var sizes: [String: Int]
  public var available: [String: Int]

  public var total: Int { sizes.values.reduce(0, +) }
  public var availableTotal: Int { available.values.reduce(0, +) }
}

/// What a rollout comes to.
public struct RolloutCourse: Sendable {
  public var steps: [RolloutStep] = []
  public var moments: [RolloutMoment] = []
  public var peakPods = 0
  public var minAvailable = 0
  public var waves = 0
  /// Whether more than one ReplicaSet still has pods when nothing more happens.
  public var isStuck = false
  /// Whether only the wanted version is left, all of it available.
  public var isComplete = false
  /// By ReplicaSet, in the end.
  public var revisions: [String: RolloutStep.Revision] = [:]
  public var finalSizes: [String: Int] = [:]
  public var finalAvailable = 0
  /// The labels of the pods of each ReplicaSet.
  public var labels: [String: [String: String]] = [:]

  public var seconds: Int64 { moments.last?.seconds ?? 0 }
  /// The longest time in which no pod becomes available.
  public var longestWait: Int64 {
    var last: (tick: Int, seconds: Int64) = (0, 0)
    var longest: Int64 = 0
    for moment in moments where moment.tick > last.tick {
      longest = max(longest, moment.seconds - last.seconds)
      last = (moment.tick, moment.seconds)
    }
    return longest
  }

  /// The sum of the sizes of one revision in a moment.
  public func count(_ revision: RolloutStep.Revision, in sizes: [String: Int]) -> Int {
    sizes.reduce(0) { revisions[$1.key] == revision ? $0 + $1.value : $0 }
  }
}

/// The endpoints that a Service has while pods come and go.
public struct ServiceForecast: Hashable, Sendable {
  public struct Point: Hashable, Sendable {
    public var seconds: Int64
    public var ready: Int
  }
  public var name: String
  public var points: [Point]
  public var min: Int { points.map(\.ready).min() ?? 0 }
}

/// Where the pods of a rollout find room.
public struct RoomForecast: Sendable {
  /// How many new pods each node takes.
  public var placed: [String: Int] = [:]
  /// The first write whose pods find no room, by its place in the schedule.
  public var tightestStep: Int?
  /// How many pods find none there.
  public var missing = 0
  /// How many pods of the first write find a node.
  public var placedFirst = 0
  /// How many pods find none in the end.
  public var missingFinally = 0
  /// The scheduler's own words.
  public var message: String?
  /// What the cluster said instead of creating a pod.
  public var refusal: String?
  /// Whether all pods would find room if no other workload rolled.
  public var fitsAlone = false
  /// Pods that are removed so that these find room.
  public var victims: [String] = []

  /// Whether every pod finds room, without a wait.
  public var fits: Bool { tightestStep == nil && refusal == nil }
}

/// What becomes of a workload.
public struct WorkloadForecast: Sendable {
  public var object: ObjectIdentity
  public var source: ManifestSource?
  public var action: ObjectChange.Action
  public var replicas: Int
  /// `RollingUpdate` or `Recreate`.
  public var strategy: String
  public var surge: Int
  public var unavailable: Int
  public var isPaused = false
  /// Whether the cluster's own controllers do not bring it to an end.
  public var isStalled = false
  public var course: RolloutCourse
  /// The course as far as there is room; nil where there is room for all of it.
  public var roomCourse: RolloutCourse?
  /// The same change when no pod of it becomes ready.
  public var failure: RolloutCourse
  /// What else can go wrong.
  public var branches: [FailureBranch] = []
  /// Most pods while old ones are still stopping.
  public var peakWithTerminating = 0
  public var graceSeconds: Int64 = 30
  /// Seconds of one wave: start and minReadySeconds.
  public var waveSeconds: Int64 = 0
  public var minReadySeconds: Int64 = 0
  public var progressDeadline: Int64?
  public var historyLimit: Int64 = 10
  /// The ReplicaSet that ran before, and its revision: the way back.
  public var rollback: (replicaSet: String, revision: String)?
  /// Whether what it ran before is still there after the rollout.
  public var survivesHistory = true
  public var services: [ServiceForecast] = []
  /// Nil where the cluster has no nodes.
  public var room: RoomForecast?
  public var assumptions: [Assumption] = []
  /// `web: nginx:1.14 -> nginx:1.15`.
  public var images: [String] = []
  /// The pods that a rollout restarts, in words.
  public var effect: String = ""
  /// The object before and after.
  public var before: Value?
  public var after: Value

  /// Whether all pods find room, as far as that is known.
  var fits: Bool { room?.fits ?? true }
  public var label: String { "\(object.namespace ?? "")/\(object.name)" }
  /// Whether pods of an earlier version are replaced.
  public var isRollout: Bool {
    [.update, .unchanged].contains(action) && course.revisions.values.contains(.old)
      && course.steps.contains { $0.revision == .new && $0.to > $0.from }
  }
}

extension WorkloadForecast {
  /// Works out what follows from the course.
  mutating func complete(services: [ServiceForecast]) {
    peakWithTerminating = Self.peak(course, graceSeconds: graceSeconds)
    if let rollback { survivesHistory = course.finalSizes[rollback.replicaSet] != nil }
    self.services = services
  }

  /// Most pods at any time when each stopping one stays for its whole grace period.
  static func peak(_ course: RolloutCourse, graceSeconds: Int64) -> Int {
    var most = course.peakPods
    var stopping: [(end: Int64, count: Int)] = []
    var first = 0
    var count = 0
    for step in course.steps {
      while first < stopping.count, stopping[first].end <= step.seconds {
        count -= stopping[first].count
        first += 1
      }
      if step.to < step.from {
        stopping.append((step.seconds + min(graceSeconds, .max / 4), step.from - step.to))
        count += step.from - step.to
      }
      most = max(most, step.total + count)
    }
    return most
  }
}
