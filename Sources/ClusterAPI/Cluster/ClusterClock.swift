import Synchronization

/// Tells a cluster the time, in the forms in which objects carry it.
public protocol ClusterClock: Sendable {
  /// Seconds since 1970, in UTC.
  func now() -> Double
}

/// A clock that stands still until it is moved: for tests and forecasts.
public final class ManualClock: ClusterClock {
  private let seconds: Mutex<Double>

  public init(_ seconds: Double = 1_767_225_600) { self.seconds = Mutex(seconds) }

  public func now() -> Double { seconds.withLock { $0 } }

  public func advance(by duration: Double) { seconds.withLock { $0 += duration } }
}

/// A moment as objects write it.
public enum Timestamp {
  /// RFC 3339 in UTC, to the second: `2026-01-01T00:00:00Z`.
  public static func seconds(_ moment: Double) -> String { text(moment, fraction: "") }

  /// RFC 3339 in UTC, to the microsecond.
  public static func micro(_ moment: Double) -> String {
    let fraction = moment - moment.rounded(.down)
    return text(moment, fraction: "." + padded(Int(fraction * 1_000_000), 6))
  }

  private static func text(_ moment: Double, fraction: String) -> String {
    // Beyond these there is no four-digit year.
    let bounded = min(max(moment.isFinite ? moment : 0, -62_135_596_800), 253_402_300_799)
    let total = Int(bounded.rounded(.down))
    let day = Int((Double(total) / 86_400).rounded(.down))
    let rest = total - day * 86_400
    let (year, month, dayOfMonth) = civil(day)
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2) + "T"
      + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2)
      + fraction + "Z"
  }

  /// The date of a day counted from 1970-01-01, in the Gregorian calendar.
  private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
    // Counted from 0000-03-01, so that leap days come last in their year.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let ofEra = shifted - era * 146_097
    let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * ofYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, ofYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
