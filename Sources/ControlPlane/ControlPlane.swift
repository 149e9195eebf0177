import ClusterAPI
import ClusterControl
import ClusterEngine
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// The controllers of an embedded cluster, run over its store in virtual time.
///
/// What they write is committed in stretches: each is one batch, so that a process that dies leaves
/// a state that the controllers once saw. The next run goes on from there.
public struct ControlPlane {
  /// Why a run ended.
  public enum Ending: Sendable, Equatable {
    /// Nothing is left to do, now and later.
    case settled
    /// The time is over; there is more to do later.
    case deadline
    /// What was waited for has come.
    case done
  }

  /// How a run went.
  public struct Run: Sendable {
    public var ending: Ending
    /// The cluster's time at its end.
    public var time: Time
    /// Writes of controllers.
    public var writeCount: Int
    fileprivate var isOver = false
  }

  public let cluster: LocalCluster
  public let time: ClusterTime
  /// What the cluster is at the end of the last run; nil before the first.
  public var state: ClusterState? { engine?.state }

  /// How images and nodes behave.
  public let simulation: SimulationSettings
  /// Where chance begins, where it is not to begin as the cluster's settings say.
  public var seed: UInt64?
  /// How many revisions are kept of a run that makes many more; nil for all of them.
  public var historyMax: Int?
  /// How much of a pause is made up for: its end.
  public var missedSecondsMax: Int64 = 24 * 3600
  /// How many writes are made to catch up; what is missed after that is missed for good.
  public var missedWritesMax = 10_000
  /// The oldest revision that such a run has left.
  public private(set) var oldestKept: Revision?
  /// Writes since older ones were last forgotten.
  private var remembered = 0
  private var engine: Engine?
  /// The store's revision that the engine knows.
  private var revision: Revision = 0

  /// A stretch ends after this many writes: few enough that little is lost with a killed process.
  private static let stretchWrites = 2000
  /// Plans at one instant after which controllers are taken to work against each other for ever.
  private static let instantPlansMax = 5_000_000

  /// - Parameters:
  ///   - time: The clock that `cluster` was opened with.
  ///   - simulation: How images and nodes behave.
  public init(_ cluster: LocalCluster, time: ClusterTime, simulation: SimulationSettings) {
    self.cluster = cluster
    self.time = time
    self.simulation = simulation
  }

  // MARK: - Running

  /// Gives a cluster controllers, which begin with all that is there; one that has some keeps them.
  public func start() throws(StatusError) {
    try cluster.transaction { (session) throws(StatusError) in
      guard try ControlPlaneNote(session) == nil else { return }
      try ControlPlaneNote(time: time.present, next: time.present).write(session)
    }
  }

  /// Lets the controllers act until nothing is left to do, until `deadline`, or until `isDone`.
  ///
  /// - Parameters:
  ///   - deadline: A time of the cluster; nothing that is due later is done.
  ///   - passesTime: Whether the time up to `deadline` passes even when nothing is left to do.
  ///   - isDone: Asked at every instant, when all work of that instant is done.
  ///   - tell: Told what happened once it is stored.
  public mutating func run(
    until deadline: Time, passesTime: Bool = true,
    isDone: (ClusterState, Time) -> Bool = { _, _ in false },
    tell: ([LogEntry]) -> Void = { _ in }
  ) throws(StatusError) -> Run {
    var run = Run(ending: .deadline, time: deadline, writeCount: 0)
    repeat {
      try go(on: &run, until: deadline, passesTime: passesTime, isDone, tell)
    } while !run.isOver
    return run
  }

  /// One stretch of a run.
  private mutating func go(
    on run: inout Run, until deadline: Time, passesTime: Bool = true, notBefore begin: Time? = nil,
    _ isDone: (ClusterState, Time) -> Bool = { _, _ in false },
    _ tell: ([LogEntry]) -> Void = { _ in }
  ) throws(StatusError) {
    let stretch = try stretch(until: deadline, passesTime, notBefore: begin, isDone)
    run.writeCount += stretch.entries.count
    try forget(after: stretch.entries.count)
    tell(stretch.entries)
    run.time = stretch.time
    guard let ending = stretch.ending else { return }
    run.ending = ending
    run.isOver = true
  }

  /// Keeps a long run from filling the disk: in a month a crashing pod makes 100,000 writes.
  private mutating func forget(after writes: Int) throws(StatusError) {
    remembered += writes
    guard let historyMax, remembered >= 2 * historyMax else { return }
    let oldest = revision - Revision(historyMax)
    do throws(StoreError) {
      try cluster.store.compact(to: oldest)
    } catch {
      throw .internalError("old revisions cannot be forgotten: \(error)")
    }
    oldestKept = oldest
    remembered = historyMax
  }

  /// Lets the controllers do what they missed since they last ran, up to the cluster's present.
  ///
  /// Nobody waits for years: of a pause of more than a day (``missedSecondsMax``) the last day is
  /// made up for, and after ``missedWritesMax`` writes the rest of it is skipped, too. The time
  /// that is skipped passes in one moment, as if the machine had slept: what was due then is done
  /// at its end, once.
  ///
  /// - Returns: nil where there was nothing to do.
  public mutating func catchUp() throws(StatusError) -> Run? {
    let now = time.present
    let missed = try cluster.read { (session) throws(StatusError) -> Bool in
      if try ControlPlaneNote.isBehind(session, at: now) { return true }
      // That the clock was set back is noted at once: the next command has to know since when.
      return try ControlPlaneNote(session).map { $0.setBack != time.setBack } ?? false
    }
    guard missed else { return nil }
    var run = Run(ending: .deadline, time: now, writeCount: 0)
    var begin = now.advanced(bySeconds: -missedSecondsMax)
    while !run.isOver {
      // An engine from before that time would go through all that was due since.
      if let engine, engine.now < begin { self.engine = nil }
      try go(on: &run, until: now, notBefore: begin)
      if run.writeCount >= missedWritesMax { begin = now }
    }
    return run
  }

  private struct Stretch: Sendable {
    var entries: [LogEntry] = []
    var time: Time
    var ending: Ending?

    var changes: [Change] {
      entries.compactMap { entry in
        if case .change(let change) = entry.what { change } else { nil }
      }
    }
  }

  private mutating func stretch(
    until deadline: Time, _ passesTime: Bool, notBefore begin: Time?,
    _ isDone: (ClusterState, Time) -> Bool
  ) throws(StatusError) -> Stretch {
    do throws(StatusError) {
      return try cluster.transaction { (session) throws(StatusError) in
        try load(session, before: deadline, notBefore: begin)
        let stretch = try decide(until: deadline, passesTime, isDone)
        try session.record(stretch.changes)
        try note(stretch, session)
        revision = try session.currentRevision()
        return stretch
      }
    } catch {
      // What the engine did was not kept.
      engine = nil
      throw error
    }
  }

  /// Makes an engine over the cluster as it is, unless there is one that knows it.
  private mutating func load(
    _ session: ClusterSession, before deadline: Time, notBefore begin: Time?
  ) throws(StatusError) {
    let present = try session.currentRevision()
    guard engine == nil || revision != present else { return }
    let state = try session.clusterState()
    var start = min(engine?.now ?? deadline, time.present, deadline)
    // What somebody wrote since the controllers ran was not there before; it is acted on now.
    if let note = try ControlPlaneNote.upToDate(session) { start = min(note.time, start) }
    if let begin { start = max(begin, start) }
    let configuration = EngineConfiguration(
      version: cluster.settings.version,
      seed: (seed ?? cluster.settings.seed)
        ^ UInt64(truncatingIfNeeded: state.revision &* 0x9E37_79B9),
      keepsLog: true, recordsEvents: true, simulation: simulation)
    var engine = Engine(state, at: start, configuration)
    engine.gate = AdmissionGate()
    self.engine = engine
  }

  private mutating func decide(
    until deadline: Time, _ passesTime: Bool, _ isDone: (ClusterState, Time) -> Bool
  ) throws(StatusError) -> Stretch {
    guard var engine else { preconditionFailure("decided before loading") }
    self.engine = nil
    var stretch = Stretch(time: engine.now)
    while stretch.entries.count < Self.stretchWrites {
      guard engine.settle(most: Self.instantPlansMax) else {
        throw .internalError("the controllers do not come to rest at \(engine.now)")
      }
      stretch.entries += engine.takeLog()
      stretch.ending = Self.moveOn(&engine, until: deadline, passesTime, isDone)
      if stretch.ending != nil { break }
    }
    // Moving the clock to the end may have ended the time of events.
    stretch.entries += engine.takeLog()
    stretch.time = engine.now
    self.engine = engine
    return stretch
  }

  /// Moves the clock to the next instant with work; says why there is none.
  private static func moveOn(
    _ engine: inout Engine, until deadline: Time, _ passesTime: Bool,
    _ isDone: (ClusterState, Time) -> Bool
  ) -> Ending? {
    if isDone(engine.state, engine.now) { return .done }
    guard let next = engine.nextTimer else {
      if passesTime { engine.advance(to: max(engine.now, deadline)) }
      return .settled
    }
    guard next <= deadline else {
      engine.advance(to: max(engine.now, deadline))
      return .deadline
    }
    engine.advance(to: max(engine.now, next))
    return nil
  }

  /// When there is something to do even if nobody writes.
  private mutating func nextLook() -> Time? {
    [engine?.nextTimer, engine?.nextExpiry].compactMap { $0 }.min()
  }

  private mutating func note(
    _ stretch: Stretch, _ session: ClusterSession
  ) throws(StatusError) {
    time.run(aheadTo: stretch.time)
    let note = ControlPlaneNote(
      time: stretch.time, ahead: time.ahead, setBack: time.setBack,
      next: stretch.ending == nil ? stretch.time : nextLook())
    try note.write(session)
  }
}
