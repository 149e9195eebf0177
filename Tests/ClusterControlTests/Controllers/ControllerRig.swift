import ManifestSchema
import ManifestSyntax
import TestRecordings

@testable import ClusterControl

/// Some controllers over one state: changes go to all of them, keys are worked on one by one, and
/// when there is nothing left to do time jumps to the next moment that somebody asked for.
struct ControllerRig {
  private(set) var state = ClusterState()
  private(set) var now = Time(seconds: 1_700_000_000)
  /// What was told, as `REASON message`.
  private(set) var events: [String] = []
  /// All changes, in order.
  private(set) var changes: [Change] = []
  /// The second of each change.
  private(set) var times: [Int64] = []
  var simulation = SimulationSettings()
  var version = KubernetesVersion(minor: 36)
  private var writing: ClusterState.Writing
  private var seats: [any Seat] = []
  private var queue: [(seat: Int, key: ResourceKey)] = []
  private var timers: [(at: Time, number: Int, seat: Int, key: ResourceKey)] = []
  private var timersMade = 0
  let start = Time(seconds: 1_700_000_000)

  init() {
    writing = ClusterState.Writing(now: now, chance: SeededGenerator(seed: 1))
  }

  mutating func add(_ controller: some Controller) { seats.append(OneSeat(controller)) }

  private var view: ControllerView {
    ControllerView(state: state, live: state, now: now, version: version, simulation: simulation)
  }

  /// Seconds since the rig began.
  var seconds: Double { Double(now.nanoseconds(since: start)) / 1e9 }

  // MARK: - Writing

  mutating func perform(_ action: Action) throws(WriteRefusal) {
    if case .event(let event) = action { events.append("\(event.reason) \(event.message)") }
    writing.now = now
    let made = try state.perform(action, &writing)
    for change in made { tell(change) }
  }

  private mutating func tell(_ change: Change) {
    changes.append(change)
    times.append(now.seconds(since: start))
    for index in seats.indices where seats[index].isWatching(change.key.resource) {
      var wakes = Wakes()
      seats[index].observe(change, view, &wakes)
      for wake in wakes.wakes {
        if let after = wake.after {
          schedule(wake.key, after, index)
        } else {
          enqueue(wake.key, index)
        }
      }
    }
  }

  @discardableResult
  mutating func create(_ json: String) -> ClusterObject {
    let value = Value(json: json)
    let resource = Self.resource(of: value)
    let namespace = value["metadata"]?["namespace"]?.string
    do throws(WriteRefusal) {
      try perform(.create(value, resource, namespace: namespace))
    } catch { preconditionFailure(error.message) }
    guard let made = changes.last?.new else { preconditionFailure("nothing was made") }
    return made
  }

  mutating func edit(_ key: ResourceKey, _ change: @escaping @Sendable (inout Value) -> Void) {
    guard let object = state.object(key) else { return }
    try? perform(.edit(key, uid: object.uid, Action.Edit("test", change: change)))
  }

  mutating func delete(_ key: ResourceKey, _ deletion: Action.Deletion = Action.Deletion()) {
    try? perform(.delete(key, deletion))
  }

  static func resource(of value: Value) -> GroupResource {
    let parts = (value["apiVersion"]?.string ?? "v1").split(separator: "/")
    let kind = value["kind"]?.string ?? ""
    let plural = kind.lowercased() + (kind.hasSuffix("s") ? "" : "s")
    return GroupResource(group: parts.count > 1 ? String(parts[0]) : "", plural)
  }

  // MARK: - Running

  private mutating func enqueue(_ key: ResourceKey, _ seat: Int) {
    if !queue.contains(where: { $0.seat == seat && $0.key == key }) { queue.append((seat, key)) }
  }

  private mutating func schedule(_ key: ResourceKey, _ after: Duration, _ seat: Int) {
    timersMade += 1
    timers.append((now.advanced(by: after), timersMade, seat, key))
  }

  /// Works until nothing is left to do at this moment.
  mutating func settle() {
    var count = 0
    while !queue.isEmpty {
      count += 1
      precondition(count < 100_000, "never settles: \(queue.first?.key.name ?? "")")
      let (seat, key) = queue.removeFirst()
      let decision = seats[seat].plan(key, view)
      carryOut(decision, key, seat)
    }
  }

  private mutating func carryOut(_ decision: Decision, _ key: ResourceKey, _ seat: Int) {
    for (place, step) in decision.steps.enumerated() {
      var refusals: [(action: Action, refusal: WriteRefusal)] = []
      for action in step.actions {
        do throws(WriteRefusal) { try perform(action) } catch {
          if !step.tolerates.contains(error.reason) { refusals.append((action, error)) }
        }
      }
      guard refusals.isEmpty else {
        let skipped = decision.steps[(place + 1)...].flatMap(\.actions)
        let failure = Failure(refusals: refusals, skipped: skipped)
        let next = seats[seat].recover(key, failure, view)
        if next.isRetry { schedule(key, .milliseconds(5), seat) }
        return
      }
    }
    if let after = decision.checkAgain { schedule(key, after, seat) }
    if decision.isRetry { schedule(key, .seconds(1), seat) }
  }

  /// Lets time pass until `seconds` after the beginning.
  mutating func run(until seconds: Double) {
    let end = start.advanced(by: .milliseconds(Int64(seconds * 1000)))
    settle()
    while let next = timers.min(by: { ($0.at, $0.number) < ($1.at, $1.number) }), next.at <= end {
      timers.removeAll { $0.number == next.number }
      now = max(now, next.at)
      enqueue(next.key, next.seat)
      settle()
    }
    now = max(now, end)
  }

  /// Starts a controller anew: it has forgotten everything, and is told all that there is.
  mutating func restart(_ seat: Int) {
    seats[seat].forget()
    timers.removeAll { $0.seat == seat }
    for resource in state.resources where seats[seat].isWatching(resource) {
      for object in state.objects(resource) {
        var wakes = Wakes()
        seats[seat].observe(Change(key: object.key, old: nil, new: object), view, &wakes)
        for wake in wakes.wakes { enqueue(wake.key, seat) }
      }
    }
    settle()
  }

  /// The times, in seconds, at which `read` said something new about an object, with what it said.
  func history(_ key: ResourceKey, _ read: (ClusterObject?) -> String?) -> [String] {
    var said: [String] = []
    for change in changes where change.key == key {
      if let text = read(change.new), text != said.last { said.append(text) }
    }
    return said
  }
}

private protocol Seat {
  func isWatching(_ resource: GroupResource) -> Bool
  mutating func observe(_ change: Change, _ view: ControllerView, _ wakes: inout Wakes)
  mutating func plan(_ key: ResourceKey, _ view: ControllerView) -> Decision
  mutating func recover(_ key: ResourceKey, _ failure: Failure, _ view: ControllerView) -> Decision
  mutating func forget()
}

private struct OneSeat<C: Controller>: Seat {
  let controller: C
  var memory = C.freshMemory

  init(_ controller: C) { self.controller = controller }

  func isWatching(_ resource: GroupResource) -> Bool {
    C.watches.contains(resource) || C.watches.contains(.any)
  }
  mutating func observe(_ change: Change, _ view: ControllerView, _ wakes: inout Wakes) {
    controller.observe(change, view, &memory, &wakes)
  }
  mutating func plan(_ key: ResourceKey, _ view: ControllerView) -> Decision {
    controller.plan(key, view, &memory)
  }
  mutating func recover(
    _ key: ResourceKey, _ failure: Failure, _ view: ControllerView
  ) -> Decision {
    controller.recover(key, from: failure, view, &memory)
  }
  mutating func forget() { memory = C.freshMemory }
}
