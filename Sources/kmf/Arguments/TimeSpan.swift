import ArgumentParser
import ClusterControl

/// Spans of time on the command line: `90s`, `10m`, `1h30m`, or seconds as a plain number.
enum TimeSpan {
  static func read(_ text: String) throws -> Duration {
    guard let span = DurationText.duration(text) else {
      throw ValidationError("'\(text)' is no span of time; write one like 90s or 10m")
    }
    return span
  }
}
