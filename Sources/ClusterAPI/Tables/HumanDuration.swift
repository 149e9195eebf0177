import ManifestSchema

/// Spans of time with two or three figures, as people read them: `45s`, `5m30s`, `3d4h`, `2y10d`.
public enum HumanDuration {
  /// The text for `seconds`; clocks may differ by a second, more is `<invalid>`.
  public static func text(seconds: Int64) -> String {
    if seconds < -1 { return "<invalid>" }
    let seconds = max(seconds, 0)
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
    if seconds < 120 { return "\(seconds)s" }
    if minutes < 10 { return joined(minutes, "m", seconds % 60, "s") }
    if minutes < 180 { return "\(minutes)m" }
    if hours < 8 { return joined(hours, "h", minutes % 60, "m") }
    if hours < 48 { return "\(hours)h" }
    if days < 8 { return joined(days, "d", hours % 24, "h") }
    if days < 730 { return "\(days)d" }
    if days < 8 * 365 { return joined(days / 365, "y", days % 365, "d") }
    return "\(days / 365)y"
  }

  /// The span from `start` to `end`.
  public static func text(from start: Time, to end: Time) -> String {
    let nanoseconds = end.nanoseconds(since: start)
    // Towards zero: half a second into the future is still now.
    return text(seconds: nanoseconds / Time.nanosecondsPerSecond)
  }

  private static func joined(_ large: Int64, _ unit: String, _ small: Int64, _ part: String)
    -> String
  { small == 0 ? "\(large)\(unit)" : "\(large)\(unit)\(small)\(part)" }
}
