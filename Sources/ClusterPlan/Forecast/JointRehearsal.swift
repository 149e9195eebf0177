/// What rollouts that are rehearsed together have in common.
struct RehearsalGround {
  /// The nodes; nil where there is room for everything.
  var placement: Placement?
  /// Since the start.
  var seconds: Int64 = 0
  private var total = 0
  /// Most pods that all rollouts want at one time.
  private(set) var peak = 0

  init(_ placement: Placement? = nil) { self.placement = placement }

  mutating func add(_ pods: Int) {
    total += pods
    peak = max(peak, total)
  }

  mutating func take(_ write: RolloutStep, _ number: Int, of workload: Int) {
    placement?.take(write, number, of: workload)
  }

  func unplaced(_ set: String, of workload: Int) -> Int {
    placement?.unplaced(set, of: workload) ?? 0
  }
}

/// Several rollouts in the order of their times, on common ground.
struct JointRehearsal {
  var rehearsals: [RolloutRehearsal]
  var ground: RehearsalGround

  struct Outcome {
    var courses: [RolloutCourse]
    /// Most pods that all rollouts want at one time.
    var peakPods: Int
    /// Where there are nodes.
    var rooms: [RoomForecast]
  }

  mutating func run() -> Outcome {
    for rehearsal in rehearsals { ground.add(rehearsal.total) }
    for place in rehearsals.indices { rehearsals[place].begin(&ground) }
    while let next = rehearsals.compactMap({ $0.nextTime(ground) }).min() {
      ground.placement?.pass(to: next)
      ground.seconds = next
      for place in rehearsals.indices where rehearsals[place].nextTime(ground) == next {
        rehearsals[place].proceed(to: next, &ground)
      }
      // What one of them gave up may be what another waits for.
      for place in rehearsals.indices { rehearsals[place].look(ground) }
    }
    var courses: [RolloutCourse] = []
    for place in rehearsals.indices { courses.append(rehearsals[place].end()) }
    return Outcome(
      courses: courses, peakPods: ground.peak, rooms: ground.placement?.finish() ?? [])
  }
}
