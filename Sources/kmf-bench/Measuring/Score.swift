import Glibc

/// One line of the table: what was measured, and what it should have been.
struct Score {
  var what: String
  var value: Double
  var unit: String
  var target: Double
  /// Whether more is better.
  var wantsMore = false
  var remark = ""

  var isMet: Bool { wantsMore ? value >= target : value <= target }
}

/// The outcome of a run.
struct Scores {
  private(set) var all: [Score] = []
  /// What could not be measured here, and why.
  private(set) var skipped: [String] = []

  mutating func add(_ score: Score) {
    all.append(score)
    print(Self.line(score))
    fflush(nil)
  }

  mutating func skip(_ what: String, because reason: String) {
    skipped.append(what)
    print("\(Self.padded(what, 46)) not measured: \(reason)")
  }

  var areMet: Bool { all.allSatisfy(\.isMet) }

  static let heading =
    padded("", 46) + padded("measured", 14) + padded("target", 14) + "verdict"

  private static func line(_ score: Score) -> String {
    let sign = score.wantsMore ? "≥ " : "≤ "
    return padded(score.what, 46) + padded(rounded(score.value) + score.unit, 14)
      + padded(sign + rounded(score.target) + score.unit, 14)
      + (score.isMet ? "met" : "MISSED") + (score.remark.isEmpty ? "" : "  (\(score.remark))")
  }

  /// Two digits after the point.
  static func rounded(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
}
