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
struct Exploration {
  /// What to tell of the end of a run.
  typealias Summary = @Sendable (ClusterState) -> [String]
  /// What must hold after every write, beside the laws; nil when it does.
  typealias Law = @Sendable (_ writer: String, ClusterState, ClusterState) -> String?

  private struct Frame {
    var engine: Engine
    var choices: [Choice]
    var next = 0
    var schedules = 0.0
    let fingerprint: Int
  }

  enum Choice {
    case work(Work)
    case deliver(Int)
  }

  let end: Time
  let summary: Summary
  let law: Law
  private(set) var stateCount = 0
  private(set) var transitionCount = 0
  /// Different runs from the first state to an end; many share their states.
  private(set) var scheduleCount = 0.0
  /// How runs ended, with how many ends of each kind.
  private(set) var ends: [[String]: Int] = [:]
  private(set) var breaches: Set<String> = []
  private var schedules: [Int: Double] = [:]
  private var isOnPath: Set<Int> = []
  private var watch = InvariantWatch()
  private var prints = Fingerprint()

  init(until end: Time, law: @escaping Law, summary: @escaping Summary) {
    self.end = end
    self.law = law
    self.summary = summary
  }

  mutating func explore(_ start: Engine) {
    var stack: [Frame] = []
    var done = enter(start, &stack)
    while let top = stack.indices.last {
      if let count = done { stack[top].schedules += count }
      done = nil
      guard stack[top].next < stack[top].choices.count else {
        let frame = stack.removeLast()
        isOnPath.remove(frame.fingerprint)
        schedules[frame.fingerprint] = frame.schedules
        done = frame.schedules
        continue
      }
      let choice = stack[top].choices[stack[top].next]
      stack[top].next += 1
      // The last one needs no copy.
      var engine = stack[top].engine
      if stack[top].next == stack[top].choices.count { stack[top].engine = start }
      take(choice, &engine)
      done = enter(engine, &stack)
    }
    scheduleCount = done ?? 0
  }

  /// Goes on from a state unless that was done before; then returns in how many ways it ends.
  private mutating func enter(_ state: Engine, _ stack: inout [Frame]) -> Double? {
    var engine = state
    let choices = prepare(&engine)
    let fingerprint = prints.of(engine)
    if let known = schedules[fingerprint] { return known }
    guard isOnPath.insert(fingerprint).inserted else {
      breaches.insert("controllers go round in a circle")
      return 0
    }
    stateCount += 1
    if choices.isEmpty {
      ends[summary(engine.state), default: 0] += 1
      isOnPath.remove(fingerprint)
      schedules[fingerprint] = 1
      return 1
    }
    stack.append(Frame(engine: engine, choices: choices, fingerprint: fingerprint))
    return nil
  }

  /// Goes on to where there is a choice.
  private func prepare(_ engine: inout Engine) -> [Choice] {
    while true {
      deliverUnnoticed(&engine)
      var choices = engine.readyWork.map { Choice.work($0) }
      for (place, count) in engine.undelivered.enumerated() where count > 0 {
        choices.append(.deliver(place))
      }
      if !choices.isEmpty { return choices }
      guard let next = engine.nextTimer, next <= end else { return [] }
      engine.advance(to: max(next, engine.now))
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

  private mutating func take(_ choice: Choice, _ engine: inout Engine) {
    transitionCount += 1
    var state = engine.state
    switch choice {
    case .work(let work): engine.run(work)
    case .deliver(let place): engine.deliver(to: place)
    }
    for entry in engine.takeLog() {
      guard case .change(let change) = entry.what else { continue }
      let before = state
      state.take(change)
      watch.judge(change, before: before, after: state)
      if let breach = law(entry.writer, before, state) {
        breaches.insert("\(entry.writer): \(breach)")
      }
    }
    breaches.formUnion(watch.breaches)
  }
}
