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
    var successors: [Place] = []
    var isMoved = false
    while let next = look(place, choices, &successors) {
      place = next
      choices = prepare(&place)
      if !place.engine.inboxes.isEmpty { check(place) }
      isMoved = true
    }
    if isMoved {
      fingerprints.append(prints.of(place.engine, place.idle))
      if let known = known(fingerprints) { return known }
    }
    stateCount += 1
    if successors.isEmpty {
      ends[summary(place.engine.state), default: 0] += 1
      leave(fingerprints, 1)
      return 1
    }
    successors.reverse()
    stack.append(Frame(successors: successors, fingerprints: fingerprints))
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
  private func prepare(_ place: inout Place) -> [Choice] {
    while true {
      deliverUnnoticed(&place.engine)
      let ready = place.engine.readyWork
      place.idle.subtract(ready)
      var choices = ready.map { Choice.work($0) }
      for (place, count) in place.engine.undelivered.enumerated() where count > 0 {
        choices.append(.deliver(place))
      }
      if !choices.isEmpty { return choices }
      guard let next = place.engine.nextTimer, next <= end else { return [] }
      place.engine.advance(to: max(next, place.engine.now))
      place.idle = []
    }
  }

  private func deliverUnnoticed(_ engine: inout Engine) {
    for place in engine.undelivered.indices {
      while let change = engine.inboxes[place].changes.first {
        let isBusy = engine.readyWork.contains { $0.controller == place }
        if isBusy, engine.runners[place].isWatching(change.key.resource) { break }
        engine.deliver(to: place)
      }
    }
  }

  // MARK: - Nothing to do

  /// Tries all choices; returns where one of them leads when that is as good as nothing.
  private mutating func look(
    _ place: Place, _ choices: [Choice], _ successors: inout [Place]
  ) -> Place? {
    successors = []
    for choice in choices {
      var next = place
      switch choice {
      case .work(let work):
        next.engine.run(work)
        if isReduced, !restless.contains(work.controller),
          prints.isIdle(place.engine, next.engine, work)
        {
          _ = next.engine.takeLog()
          next.idle.insert(work)
          return next
        }
      case .deliver(let inbox): next.engine.deliver(to: inbox)
      }
      successors.append(next)
    }
    for index in successors.indices { judge(&successors[index].engine, place.engine.state) }
    return nil
  }

  /// There is still nothing to do about keys that nobody has woken.
  private mutating func check(_ place: Place) {
    for work in place.idle {
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
