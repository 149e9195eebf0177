/// Spans of time as settings and annotations write them: `12s`, `1m30s`, `500ms`, or seconds as a
/// plain number.
public enum DurationText {
  /// Nothing in a simulation lasts longer; keeps sums far from their limits.
  private static let secondsMax = 3_153_600_000.0

  /// nil when `text` is no span, or a negative one.
  public static func duration(_ text: String) -> Duration? {
    if let seconds = Double(text) { return duration(seconds: seconds) }
    var total = 0.0
    var number = ""
    var unit = ""
    func add() -> Bool {
      guard let value = Double(number), let scale = scales[unit] else { return false }
      total += value * scale
      (number, unit) = ("", "")
      return true
    }
    for character in text {
      if character.isASCII, character.isNumber || character == "." {
        if !unit.isEmpty, !add() { return nil }
        number.append(character)
      } else {
        unit.append(character)
      }
    }
    return add() ? duration(seconds: total) : nil
  }

  /// A span as people read it: `850ms`, `12s`, `3.5s`, `5m`, `1h2m`.
  public static func text(_ span: Duration) -> String {
    let (seconds, attoseconds) = span.components
    if seconds < 0 || attoseconds < 0 { return "-" + text(.zero - span) }
    let tenths = attoseconds / 100_000_000_000_000_000
    guard seconds >= 60 else {
      if seconds == 0 { return "\(attoseconds / 1_000_000_000_000_000)ms" }
      return tenths == 0 ? "\(seconds)s" : "\(seconds).\(tenths)s"
    }
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
  }

  private static let scales = [
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
  ]

  private static func duration(seconds: Double) -> Duration? {
    guard seconds.isFinite, seconds >= 0, seconds <= secondsMax else { return nil }
    return .nanoseconds(Int64((seconds * 1e9).rounded()))
  }
}
