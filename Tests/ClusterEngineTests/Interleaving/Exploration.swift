import ClusterControl
import ManifestSchema

@testable import ClusterEngine

/// Every order in which controllers can act, followed to its end.
///
/// At each state the next thing may be any key that is ready to be looked at and, on late caches,
/// any change that is on its way to a controller; time passes when nothing else is left.
/// States that were seen before (``Fingerprint``) are not followed again, so the search ends.
///
/// A change on its way to a controller that has nothing to do, or that does not watch its kind, is
/// delivered at once: only the controller itself could tell, and it cannot act before.
///
/// A reduced exploration also looks at once at keys about which there is nothing to do
/// (``Fingerprint/isIdle(_:_:_:)``). No end and no write is lost by it. In any run that looks at
/// such a key later, either something has woken it again by then, so that the look that is taken
/// now changes nothing; or there is still nothing to do about it, and the look may as well be taken
/// now. That a key about which there is nothing to do stays so until it is woken is not believed
/// but checked, at every state up to the next tick of the clock. Where it does not hold, the
/// exploration begins anew and tries the keys of that controller in every order.
///
/// On late caches a reduced exploration delivers changes to a controller only right before it looks
/// at a key: none, one, or all that are on their way. Nobody else can tell when a change was
/// delivered, so a delivery may as well wait until the controller acts.
struct Exploration {
  /// What to tell of the end of a run.
  typealias Summary = @Sendable (ClusterState) -> [String]
  /// What must hold after every write, beside the laws; nil when it does.
  typealias Law = @Sendable (_ writer: String, ClusterState, ClusterState) -> String?

  /// A state, and the keys about which there was nothing to do since the clock moved.
  private struct Place {
    var engine: Engine
    var idle: Set<Work> = []
  }

  private struct Frame {
    /// What can come next, the first last.
    var successors: [Place]
    var schedules = 0.0
    let fingerprints: [Int]
  }

  enum Choice {
    case work(Work)
    case deliver(Int)
  }

  let end: Time
  let summary: Summary
  let law: Law
  /// Whether keys about which there is nothing to do are looked at at once.
  let isReduced: Bool
  private(set) var stateCount = 0
  private(set) var transitionCount = 0
  /// Different runs from the first state to an end; many share their states.
  private(set) var scheduleCount = 0.0
  /// How runs ended, with how many ends of each kind.
  private(set) var ends: [[String]: Int] = [:]
  private(set) var breaches: Set<String> = []
  /// The controllers whose keys may have something to do without being woken.
  private(set) var restless: Set<Int> = []
  private var schedules: [Int: Double] = [:]
  private var isOnPath: Set<Int> = []
  private var watch = InvariantWatch()
  private var prints = Fingerprint()

  init(until end: Time, isReduced: Bool, law: @escaping Law, summary: @escaping Summary) {
    self.end = end
    self.isReduced = isReduced
    self.law = law
    self.summary = summary
  }

  mutating func explore(_ start: Engine) {
    var known = -1
    // Begins anew when a controller turns out to be restless.
    while known < restless.count {
      known = restless.count
      (stateCount, transitionCount, schedules, isOnPath) = (0, 0, [:], [])
      (ends, breaches, watch) = ([:], [], InvariantWatch())
      scheduleCount = follow(start)
    }
  }

  private mutating func follow(_ start: Engine) -> Double {
    let known = restless.count
    var stack: [Frame] = []
    var done = enter(Place(engine: start), &stack)
    while let top = stack.indices.last, restless.count == known {
      if let count = done { stack[top].schedules += count }
      done = nil
      if let next = stack[top].successors.popLast() {
        done = enter(next, &stack)
        continue
      }
      let frame = stack.removeLast()
      leave(frame.fingerprints, frame.schedules)
      done = frame.schedules
    }
    return done ?? 0
  }

  /// Goes on from a state unless that was done before; then returns in how many ways it ends.
  private mutating func enter(_ state: Place, _ stack: inout [Frame]) -> Double? {
    var place = state
    var choices = prepare(&place)
    check(place)
    var fingerprints = [prints.of(place.engine, place.idle)]
    if let known = known(fingerprints) { return known }
    var isMoved = false
    while let next = idle(place, choices) {
      place = next
      choices = prepare(&place)
      isMoved = true
    }
    if isMoved {
      fingerprints.append(prints.of(place.engine, place.idle))
      if let known = known(fingerprints) { return known }
    }
    let successors = successors(of: place, choices)
    stateCount += 1
    if successors.isEmpty {
      ends[summary(place.engine.state), default: 0] += 1
      leave(fingerprints, 1)
      return 1
    }
    stack.append(Frame(successors: successors.reversed(), fingerprints: fingerprints))
    return nil
  }

  /// In how many ways it ends from the last of these states, if that is known.
  private mutating func known(_ fingerprints: [Int]) -> Double? {
    guard let last = fingerprints.last else { return nil }
    if let known = schedules[last] {
      leave(fingerprints, known)
      return known
    }
    if isOnPath.insert(last).inserted { return nil }
    breaches.insert("controllers go round in a circle")
    return 0
  }

  private mutating func leave(_ fingerprints: [Int], _ count: Double) {
    for print in fingerprints {
      isOnPath.remove(print)
      schedules[print] = count
    }
  }

  /// Goes on to where there is a choice.
  private mutating func prepare(_ place: inout Place) -> [Choice] {
    while true {
      deliverUnnoticed(&place)
      let ready = place.engine.readyWork
      place.idle.subtract(ready)
      var choices = ready.map { Choice.work($0) }
      if !isReduced {
        let inboxes = place.engine.inboxes
        choices += inboxes.indices.filter { !inboxes[$0].changes.isEmpty }.map { .deliver($0) }
      }
      if !choices.isEmpty { return choices }
      guard let next = place.engine.nextTimer, next <= end else { return [] }
      place.engine.advance(to: max(next, place.engine.now))
      place.idle = []
    }
  }

  private mutating func deliverUnnoticed(_ place: inout Place) {
    for controller in place.engine.inboxes.indices {
      while !place.engine.inboxes[controller].changes.isEmpty {
        let isBusy = place.engine.readyWork.contains { $0.controller == controller }
        if isBusy, isListening(controller, place.engine) { break }
        deliver(to: controller, &place)
      }
    }
  }

  /// Whether the next change on its way to a controller, if any, is of a kind that it watches.
  private func isListening(_ controller: Int, _ engine: Engine) -> Bool {
    engine.inboxes[controller].changes.first.map {
      engine.runners[controller].isWatching($0.key.resource)
    } ?? true
  }

  private mutating func deliver(to controller: Int, _ place: inout Place) {
    place.engine.deliver(to: controller)
    place.idle.subtract(place.engine.readyWork)
    check(place, of: controller)
  }

  /// What can come next.
  private mutating func successors(of place: Place, _ choices: [Choice]) -> [Place] {
    var successors: [Place] = []
    var isDone: Set<Int> = []
    for choice in choices {
      var next = place
      switch choice {
      case .deliver(let inbox): next.engine.deliver(to: inbox)
      case .work(let work) where !isReduced || place.engine.inboxes.isEmpty:
        next.engine.run(work)
      case .work(let work):
        guard isDone.insert(work.controller).inserted else { continue }
        successors += turns(of: work.controller, next)
        continue
      }
      successors.append(next)
    }
    for index in successors.indices { judge(&successors[index].engine, place.engine.state) }
    return successors
  }

  /// What a controller can do, having heard of none, some, or all that is on its way to it.
  private mutating func turns(of controller: Int, _ start: Place) -> [Place] {
    var turns: [Place] = []
    var place = start
    while true {
      for work in place.engine.readyWork where work.controller == controller {
        var next = place
        next.engine.run(work)
        turns.append(next)
      }
      guard !place.engine.inboxes[controller].changes.isEmpty else { return turns }
      repeat { deliver(to: controller, &place) } while !isListening(controller, place.engine)
    }
  }

  // MARK: - Nothing to do

  /// Looks at a key about which there is nothing to do; nil when there is none.
  private mutating func idle(_ place: Place, _ choices: [Choice]) -> Place? {
    guard isReduced else { return nil }
    for case .work(let work) in choices where !restless.contains(work.controller) {
      var next = place
      next.engine.run(work)
      guard prints.isIdle(place.engine, next.engine, work) else { continue }
      _ = next.engine.takeLog()
      next.idle.insert(work)
      return next
    }
    return nil
  }

  /// There is still nothing to do about keys that nobody has woken.
  private mutating func check(_ place: Place, of controller: Int? = nil) {
    for work in place.idle where work.controller == controller ?? work.controller {
      var before = place.engine
      before.queue.add(work)
      var after = before
      after.run(work)
      if !prints.isIdle(before, after, work) { restless.insert(work.controller) }
    }
  }

  /// Holds what was written against the laws.
  private mutating func judge(_ engine: inout Engine, _ start: ClusterState) {
    transitionCount += 1
    var state = start
    for entry in engine.takeLog() {
      guard case .change(let change) = entry.what else { continue }
      let before = state
      state.take(change)
      watch.judge(change, before: before, after: state)
      if let breach = law(entry.writer, before, state) {
        breaches.insert("\(entry.writer): \(breach)")
      }
    }
    if !watch.breaches.isEmpty { breaches.formUnion(watch.breaches) }
  }
}
