import ClusterControl
import ManifestSchema
import ManifestSyntax

/// A control plane in virtual time: controllers over a state, work queues, timers, chance.
///
/// The engine is a value. A copy is a fork: run it ahead to see what will happen, and throw it
/// away. Nothing in it waits; time moves when all work of an instant is done. The same state, seed
/// and calls give the same run, write for write.
public struct Engine: Sendable {
  public let configuration: EngineConfiguration
  public private(set) var state: ClusterState
  public private(set) var now: Time
  /// What happened, if the configuration says to keep it.
  public private(set) var log: [LogEntry] = []
  /// How many plans were made.
  public private(set) var tick = 0
  /// Writes that were carried out.
  public private(set) var writeCount = 0
  public var sink: (any EngineSink)?
  public var gate: (any EngineGate)?

  var runners: [any AnyRunner]
  /// The names of the controllers. Asking a runner would hold on to it while it is told what it
  /// wrote, and it would have to copy all that it remembers.
  public let controllerNames: [String]
  var queue = WorkQueue()
  /// One for each runner; empty without caches.
  var inboxes: [Inbox] = []
  private(set) var timers = TimerQueue<Work>()
  private var chance: SeededGenerator
  /// What names events: one more or less of them changes no other name.
  private var eventChance: SeededGenerator
  private var recorder: EventRecorder
  private var watchers: [GroupResource: [Int]] = [:]
  /// A controller stops dead after this many more writes of its own.
  var crashCountdown: [Int: Int] = [:]

  /// An engine over `state`; every object in it is told to every controller as new.
  public init(
    _ state: ClusterState, at now: Time, _ configuration: EngineConfiguration,
    controllers: [ControllerFactory] = ControllerFactory.standard
  ) {
    self.state = state
    self.now = now
    self.configuration = configuration
    chance = SeededGenerator(seed: configuration.seed)
    eventChance = SeededGenerator(seed: ~configuration.seed)
    recorder = configuration.recordsEvents ? EventRecorder(state) : EventRecorder()
    runners = controllers.map { $0.make() }
    controllerNames = runners.map(\.name)
    for (place, runner) in runners.enumerated() {
      for resource in runner.watches { watchers[resource, default: []].append(place) }
    }
    if configuration.hasCaches {
      inboxes = runners.map { _ in Inbox(cache: state) }
    }
    for place in runners.indices { relist(place) }
  }

  // MARK: - Looking at one key

  /// The keys to look at now, in their order.
  public var readyWork: [Work] { queue.all }
  public var hasWork: Bool { !queue.isEmpty || inboxes.contains { !$0.changes.isEmpty } }

  /// Looks at the next key.
  ///
  /// - Returns: What was looked at; nil when there is nothing to do at this time.
  @discardableResult
  public mutating func step() -> Work? {
    for place in inboxes.indices where !inboxes[place].changes.isEmpty { deliverAll(to: place) }
    guard let work = queue.pop() else { return nil }
    carryOut(work)
    return work
  }

  /// Looks at one of the ready keys out of its turn.
  public mutating func run(_ work: Work) {
    if queue.take(work) { carryOut(work) }
  }

  private mutating func carryOut(_ work: Work) {
    tick += 1
    let place = work.controller
    let decision = runners[place].plan(work.key, view(of: place))
    perform(decision, for: work, mayRecover: true)
  }

  func view(of place: Int) -> ControllerView {
    ControllerView(
      state: inboxes.isEmpty ? state : inboxes[place].cache, live: state, now: now,
      version: configuration.version, simulation: configuration.simulation)
  }

  private mutating func perform(_ decision: Decision, for work: Work, mayRecover: Bool) {
    let isFailed = decision.isRetry
    var known = KnownRevisions(of: decision)
    for (place, step) in decision.steps.enumerated() {
      var refusals: [(action: Action, refusal: WriteRefusal)] = []
      for action in step.actions {
        do throws(WriteRefusal) {
          let changes = try perform(action, by: work.controller, &known)
          if let announcement = step.announcement, let key = changes.first?.key {
            tell(announcement.event(for: key), by: controllerNames[work.controller])
          }
        } catch {
          if !step.tolerates.contains(error.reason) { refusals.append((action, error)) }
          note(.refusal(error, action.key), by: controllerNames[work.controller])
        }
        if isCrashing(work.controller) { return restart(work.controller) }
      }
      guard refusals.isEmpty else {
        let skipped = decision.steps[(place + 1)...].flatMap(\.actions)
        let failure = Failure(refusals: refusals, skipped: skipped)
        return recover(work, failure, mayRecover: mayRecover)
      }
    }
    if let delay = decision.checkAgain { timers.set(work, at: now.advanced(by: delay)) }
    if isFailed, let delay = queue.backOff(work, retriesMax: runners[work.controller].retriesMax) {
      timers.set(work, at: now.advanced(by: delay))
    } else if !isFailed {
      queue.forgetFailures(work)
    }
  }

  private mutating func recover(_ work: Work, _ failure: Failure, mayRecover: Bool) {
    let place = work.controller
    var next = Decision.retry
    if mayRecover { next = runners[place].recover(work.key, from: failure, view(of: place)) }
    perform(next, for: work, mayRecover: false)
  }

  // MARK: - Writing

  private mutating func perform(
    _ action: Action, by place: Int, _ known: inout KnownRevisions
  ) throws(WriteRefusal) -> [Change] {
    let changes = try write(action, by: controllerNames[place], known: known.revision(for: action))
    known.take(changes)
    if let left = crashCountdown[place] { crashCountdown[place] = left - 1 }
    return changes
  }

  /// Carries out an action of somebody outside: a user, a test, a simulated kubelet.
  @discardableResult
  public mutating func perform(
    _ action: Action, by writer: String
  ) throws(WriteRefusal) -> [Change] {
    try write(action, by: writer, known: nil)
  }

  private mutating func write(
    _ action: Action, by writer: String, known: Int64?
  ) throws(WriteRefusal) -> [Change] {
    if case .event(let event) = action {
      tell(event, by: writer)
      return []
    }
    var action = action
    if let gate, case .create(var value, let resource, let namespace) = action {
      try gate.admit(
        &value, resource, namespace: namespace, seed: chance.next(), in: state)
      action = .create(value, resource, namespace: namespace)
    }
    var writing = ClusterState.Writing(now: now, chance: chance)
    // Chance moves on even when the write is refused, or the next try would draw the same name.
    defer { chance = writing.chance }
    let changes = try state.perform(action, &writing, known: known)
    if let sink, !changes.isEmpty {
      do throws(WriteRefusal) {
        try sink.commit(changes, by: writer, at: now)
      } catch {
        for change in changes.reversed() { undo(change) }
        throw error
      }
    }
    writeCount += changes.count
    for change in changes {
      note(.change(change), by: writer)
      tell(change)
    }
    return changes
  }

  private mutating func undo(_ change: Change) {
    if let old = change.old { state.put(old) } else { state.remove(change.key) }
  }

  /// Takes over a change that somebody made in the store, and tells the controllers.
  public mutating func take(_ change: Change) {
    state.take(change)
    tell(change)
  }

  /// Tells people; what cannot be written is told in vain.
  private mutating func tell(_ event: Action.Event, by writer: String) {
    note(.event(event), by: writer)
    guard configuration.recordsEvents else { return }
    swap(&chance, &eventChance)
    defer { swap(&chance, &eventChance) }
    for action in recorder.actions(for: event, by: writer, at: now, in: state) {
      _ = try? write(action, by: writer, known: nil)
    }
  }

  /// When the next event goes that nobody has repeated for an hour.
  ///
  /// No timer: it keeps no cluster from coming to rest.
  public var nextExpiry: Time? {
    mutating get { configuration.recordsEvents ? recorder.nextExpiry : nil }
  }

  /// Deletes the events whose time is over.
  private mutating func expireEvents() {
    guard let next = nextExpiry, next <= now else { return }
    for action in recorder.expired(at: now) { _ = try? write(action, by: "apiserver", known: nil) }
  }

  private mutating func note(_ what: LogEntry.What, by writer: String) {
    guard configuration.keepsLog else { return }
    log.append(LogEntry(time: now, tick: tick, writer: writer, what: what))
  }

  /// What happened since this was last asked, for those who follow along; ``log`` is then empty.
  public mutating func takeLog() -> [LogEntry] {
    // Whoever takes it holds the memory too: keeping the room would mean making as much anew.
    defer { log = [] }
    return log
  }

  // MARK: - Telling

  private mutating func tell(_ change: Change) {
    guard inboxes.isEmpty else {
      for place in inboxes.indices { inboxes[place].changes.append(change) }
      return
    }
    // Without caches all see the same.
    let view = view(of: 0)
    for place in watchers[change.key.resource] ?? [] { observe(change, view, at: place) }
    for place in watchers[.any] ?? [] { observe(change, view, at: place) }
  }

  mutating func observe(_ change: Change, at place: Int) {
    observe(change, view(of: place), at: place)
  }

  private mutating func observe(_ change: Change, _ view: ControllerView, at place: Int) {
    var wakes = Wakes()
    runners[place].observe(change, view, &wakes)
    for (key, delay) in wakes.wakes {
      let work = Work(controller: place, key: key)
      if let delay { timers.set(work, at: now.advanced(by: delay)) } else { queue.add(work) }
    }
  }

  /// Tells a controller everything anew, as after a restart of its watches.
  mutating func relist(_ place: Int) {
    if !inboxes.isEmpty { inboxes[place] = Inbox(cache: state) }
    let watches = runners[place].watches
    let view = view(of: place)
    for resource in watches.contains(.any) ? state.resources : watches {
      for object in state.objects(resource) {
        observe(Change(key: object.key, old: nil, new: object), view, at: place)
      }
    }
  }

  /// Ends a controller and starts it anew: it has forgotten everything.
  public mutating func restart(_ place: Int) {
    crashCountdown[place] = nil
    queue.removeAll(of: place)
    timers.cancel { $0.controller == place }
    runners[place].restart()
    relist(place)
  }

  private func isCrashing(_ place: Int) -> Bool { crashCountdown[place].map { $0 <= 0 } ?? false }

  // MARK: - Time

  /// Does everything that there is to do at this time.
  ///
  /// - Parameter most: Plans after which to give up, for loops that never end.
  /// - Returns: Whether nothing is left to do.
  @discardableResult
  public mutating func settle(most: Int = 10_000_000) -> Bool {
    expireEvents()
    fireTimers()
    for _ in 0..<most where step() == nil { return true }
    return !hasWork
  }

  /// When the next timer goes off; nil when none is set.
  public var nextTimer: Time? {
    mutating get { timers.next() }
  }

  /// Moves the clock; what the timers up to then ask for becomes ready.
  ///
  /// - Precondition: The time is not in the past.
  public mutating func advance(to time: Time) {
    precondition(time >= now, "virtual time runs forward")
    now = time
    expireEvents()
    fireTimers()
  }

  private mutating func fireTimers() {
    while let work = timers.pop(at: now) { queue.add(work) }
  }

  /// Runs until nothing is left to do, or until `deadline`.
  ///
  /// - Returns: Whether nothing is left to do, now and later.
  @discardableResult
  public mutating func run(until deadline: Time) -> Bool {
    while true {
      settle()
      guard let next = timers.next() else { return true }
      guard next <= deadline else {
        advance(to: max(now, deadline))
        return false
      }
      advance(to: max(now, next))
    }
  }
}
