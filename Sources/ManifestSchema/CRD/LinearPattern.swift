/// A regular expression in RE2's syntax that never takes long: see `PatternSyntax.swift`.
public struct LinearPattern: Sendable {
  /// The pattern as it was written.
  public let text: String
  private let program: PatternProgram

  /// How many steps a match may take before it is given up: seconds, not hours, at the worst.
  private static let stepsMax = 30_000_000

  /// Reads a pattern.
  public init(_ text: String) throws(PatternError) {
    self.text = text
    program = try PatternProgram(PatternParser.parse(text))
  }

  /// Whether any part of `text` matches; nil when that would take too long to find out.
  ///
  /// - Complexity: O(n·m) in the lengths of the text and of the pattern.
  public func matches(_ text: String) -> Bool? {
    var run = PatternRun(program)
    var previous: Unicode.Scalar?
    var steps = 0
    for scalar in text.unicodeScalars {
      run.begin(previous: previous, next: scalar)
      if run.hasMatched { return true }
      run.advance(over: scalar)
      steps &+= run.work
      if steps > Self.stepsMax { return nil }
      previous = scalar
    }
    run.begin(previous: previous, next: nil)
    return run.hasMatched
  }
}

/// A pattern as steps to take.
struct PatternProgram: Sendable {
  enum Step: Sendable {
    case scalar(Unicode.Scalar)
    case set(Int)
    case fork(Int, Int)
    case jump(Int)
    case assertion(PatternAssertion)
    case match
  }

  private static let stepsMax = 20_000
  private static let workMax = 200_000

  private(set) var steps: [Step] = []
  private(set) var sets: [ScalarSet] = []
  private var work = 0

  init(_ node: PatternNode) throws(PatternError) {
    try add(node)
    steps.append(.match)
  }

  private mutating func add(_ node: PatternNode) throws(PatternError) {
    work += 1
    // Repetitions of repetitions multiply, even where they repeat nothing.
    guard steps.count < Self.stepsMax, work < Self.workMax else {
      throw .unsupported("the pattern is too large")
    }
    switch node {
    case .empty: break
    case .set(let set): add(set)
    case .assertion(let assertion): steps.append(.assertion(assertion))
    case .sequence(let parts): for part in parts { try add(part) }
    case .choice(let ways): try add(choice: ways)
    case .repeated(let part, let min, let max): try add(part, min: min, max: max)
    }
  }

  private mutating func add(_ set: ScalarSet) {
    if !set.isInverted, !set.ignoresCase, set.categories.isEmpty, set.ranges.count == 1,
      set.ranges[0].count == 1, let scalar = Unicode.Scalar(set.ranges[0].lowerBound)
    {
      steps.append(.scalar(scalar))
      return
    }
    steps.append(.set(sets.count))
    sets.append(set)
  }

  private mutating func add(choice ways: [PatternNode]) throws(PatternError) {
    var exits: [Int] = []
    for (number, way) in ways.enumerated() {
      guard number < ways.count - 1 else {
        try add(way)
        break
      }
      let fork = steps.count
      steps.append(.fork(fork + 1, 0))
      try add(way)
      exits.append(steps.count)
      steps.append(.jump(0))
      steps[fork] = .fork(fork + 1, steps.count)
    }
    for exit in exits { steps[exit] = .jump(steps.count) }
  }

  private mutating func add(_ part: PatternNode, min: Int, max: Int?) throws(PatternError) {
    for _ in 0..<min { try add(part) }
    guard let max else {
      let fork = steps.count
      steps.append(.fork(fork + 1, 0))
      try add(part)
      steps.append(.jump(fork))
      steps[fork] = .fork(fork + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in 0..<(max - min) {
      forks.append(steps.count)
      steps.append(.fork(steps.count + 1, 0))
      try add(part)
    }
    for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
  }
}

/// All places of a program that the text read so far leads to.
private struct PatternRun {
  private let program: PatternProgram
  /// The places that wait for the next scalar.
  private var waiting: [Int] = []
  /// The places reached over the last scalar, whose jumps are still to be followed.
  private var reached: [Int] = [0]
  /// The round in which each place was last visited.
  private var visits: [Int]
  private var round = 0
  private(set) var hasMatched = false
  /// How much the last round cost.
  private(set) var work = 0

  init(_ program: PatternProgram) {
    self.program = program
    visits = [Int](repeating: 0, count: program.steps.count)
  }

  /// Follows everything that takes no scalar, from where the run is and from the pattern's start.
  mutating func begin(previous: Unicode.Scalar?, next: Unicode.Scalar?) {
    round += 1
    waiting.removeAll(keepingCapacity: true)
    work = reached.count
    while let place = reached.popLast() {
      guard visits[place] != round else { continue }
      visits[place] = round
      work &+= 1
      switch program.steps[place] {
      case .match: hasMatched = true
      case .scalar, .set: waiting.append(place)
      case .jump(let target): reached.append(target)
      case .fork(let one, let other):
        reached.append(other)
        reached.append(one)
      case .assertion(let assertion):
        if assertion.holds(between: previous, and: next) { reached.append(place + 1) }
      }
    }
  }

  /// Takes one scalar.
  mutating func advance(over scalar: Unicode.Scalar) {
    for place in waiting {
      let isTaken =
        switch program.steps[place] {
        case .scalar(let wanted): wanted == scalar
        case .set(let number): program.sets[number].contains(scalar)
        default: false
        }
      if isTaken { reached.append(place + 1) }
    }
    // A match may begin anywhere.
    reached.append(0)
  }
}

extension PatternAssertion {
  fileprivate func holds(between previous: Unicode.Scalar?, and next: Unicode.Scalar?) -> Bool {
    switch self {
    case .textStart: previous == nil
    case .textEnd: next == nil
    case .lineStart: previous == nil || previous == "\n"
    case .lineEnd: next == nil || next == "\n"
    case .wordBoundary: Self.isWord(previous) != Self.isWord(next)
    case .noWordBoundary: Self.isWord(previous) == Self.isWord(next)
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map(ScalarSet.word.contains) ?? false
  }
}
