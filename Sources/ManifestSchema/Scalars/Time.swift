/// A point in time, in whole seconds since 1970 and the nanoseconds after them.
///
/// Read and written by RFC 3339 as the API does: written in UTC with whole seconds.
public struct Time: Hashable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// 0 ..< 1 000 000 000.
  public private(set) var nanoseconds: Int32

  public static let nanosecondsPerSecond: Int64 = 1_000_000_000

  public init(seconds: Int64, nanoseconds: Int64 = 0) {
    let (whole, part) = Self.split(nanoseconds)
    self.seconds = Self.saturatingSum(seconds, whole)
    self.nanoseconds = part
  }

  /// Reads an RFC 3339 time; nil when the server would refuse it.
  ///
  /// `T` and `Z` must be capitals; digits finer than nanoseconds are dropped.
  public init?(_ text: String) {
    guard let time = TimeReader.read(text, fraction: .optional) else { return nil }
    self = time
  }

  /// The time `seconds` and `nanoseconds` later; it stays at the ends of 64 bits.
  public func advanced(bySeconds seconds: Int64, nanoseconds: Int64 = 0) -> Time {
    let (whole, part) = Self.split(Int64(self.nanoseconds) &+ Self.split(nanoseconds).part.int64)
    var sum = Self.saturatingSum(self.seconds, seconds)
    sum = Self.saturatingSum(sum, Self.split(nanoseconds).whole)
    return Time(
      seconds: Self.saturatingSum(sum, whole), nanoseconds: Int64(part))
  }

  /// Whole seconds from `other` to this time, rounded down.
  public func seconds(since other: Time) -> Int64 {
    let (difference, overflow) = seconds.subtractingReportingOverflow(other.seconds)
    if overflow { return seconds < other.seconds ? .min : .max }
    return nanoseconds < other.nanoseconds ? Self.saturatingSum(difference, -1) : difference
  }

  /// Nanoseconds from `other` to this time; it stays at the ends of 64 bits (292 years).
  public func nanoseconds(since other: Time) -> Int64 {
    let (difference, overflow) = seconds.subtractingReportingOverflow(other.seconds)
    let end: Int64 = self < other ? .min : .max
    if overflow { return end }
    let (scaled, tooLarge) = difference.multipliedReportingOverflow(by: Self.nanosecondsPerSecond)
    let (sum, carry) = scaled.addingReportingOverflow(Int64(nanoseconds - other.nanoseconds))
    return tooLarge || carry ? end : sum
  }

  private static func split(_ nanoseconds: Int64) -> (whole: Int64, part: Int32) {
    var (whole, part) = nanoseconds.quotientAndRemainder(dividingBy: nanosecondsPerSecond)
    if part < 0 {
      whole -= 1
      part += nanosecondsPerSecond
    }
    return (whole, Int32(part))
  }

  private static func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? (right < 0 ? .min : .max) : sum
  }
}

extension Int32 {
  fileprivate var int64: Int64 { Int64(self) }
}

extension Time: Comparable {
  public static func < (left: Time, right: Time) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

extension Time: CustomStringConvertible {
  /// `2024-01-01T00:00:00Z`.
  public var description: String { Calendar.text(of: seconds) + "Z" }
}

/// A point in time that is written with six digits of a second.
public struct MicroTime: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var time: Time

  public init(_ time: Time) { self.time = time }

  /// Reads an RFC 3339 time, which must have exactly six digits after the second.
  public init?(_ text: String) {
    guard let time = TimeReader.read(text, fraction: .exactly(6)) else { return nil }
    self.time = time
  }

  public static func < (left: MicroTime, right: MicroTime) -> Bool { left.time < right.time }

  /// `2024-01-01T00:00:00.000000Z`.
  public var description: String {
    Calendar.text(of: time.seconds) + "."
      + Calendar.padded(Int64(time.nanoseconds) / 1000, 6) + "Z"
  }
}

/// Days and dates of the Gregorian calendar, carried back before its beginning.
enum Calendar {
  private static let daysPerEra: Int64 = 146_097

  static func isLeap(_ year: Int64) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  static func days(inMonth month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: return isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: return 30
    default: return 31
    }
  }

  /// Days from 1970-01-01 to a date of the years 0...9999.
  ///
  /// Years begin in March here, so that the leap day ends one.
  static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 + 400 : year + 400
    let monthFromMarch = (month + 9) % 12
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    let dayOfEra = shifted % 400 * 365 + shifted % 400 / 4 - shifted % 400 / 100 + dayOfYear
    return (shifted / 400 - 1) * daysPerEra + dayOfEra - 719_468
  }

  /// Date and time of day in UTC, without the zone.
  static func text(of seconds: Int64) -> String {
    var (day, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
    if second < 0 {
      day -= 1
      second += 86_400
    }
    let (year, month, dayOfMonth) = date(ofDay: day)
    let (hour, minute) = (second / 3600, second / 60 % 60)
    guard (0...9999).contains(year) else {
      let clock = [hour, minute, second % 60].map { padded($0, 2) }
      return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfMonth, 2) + "T"
        + clock.joined(separator: ":")
    }
    // The shape of almost all times there are, written in place.
    return String(unsafeUninitializedCapacity: 19) { bytes in
      func put(_ number: Int64, _ place: Int, after mark: Unicode.Scalar? = nil) {
        if let mark { bytes[place - 1] = UInt8(ascii: mark) }
        bytes[place] = UInt8(ascii: "0") + UInt8(number / 10)
        bytes[place + 1] = UInt8(ascii: "0") + UInt8(number % 10)
      }
      put(year / 100, 0)
      put(year % 100, 2)
      put(month, 5, after: "-")
      put(dayOfMonth, 8, after: "-")
      put(hour, 11, after: "T")
      put(minute, 14, after: ":")
      put(second % 60, 17, after: ":")
      return 19
    }
  }

  private static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    var (era, dayOfEra) = (day + 719_468).quotientAndRemainder(dividingBy: daysPerEra)
    if dayOfEra < 0 {
      era -= 1
      dayOfEra += daysPerEra
    }
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
  }

  static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value.magnitude)
    let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
    return (value < 0 ? "-" : "") + zeros + digits
  }
}

/// Reads RFC 3339 as the server's library does, which takes an hour of one digit too.
private struct TimeReader {
  enum Fraction {
    case optional
    case exactly(Int)
  }

  private var rest: Slice<UnsafeBufferPointer<UInt8>>

  static func read(_ text: String, fraction: Fraction) -> Time? {
    var text = text
    return text.withUTF8 { bytes in
      var reader = TimeReader(rest: bytes[...])
      return reader.read(fraction: fraction)
    }
  }

  private mutating func read(fraction: Fraction) -> Time? {
    guard let year = number(4), take("-"), let month = number(2), (1...12).contains(month),
      take("-"), let day = number(2), take("T"), let hour = number(2) ?? number(1), hour < 24,
      take(":"), let minute = number(2), minute < 60, take(":"), let second = number(2),
      second < 60, day >= 1, day <= Calendar.days(inMonth: month, of: year),
      let nanoseconds = readFraction(fraction), let offset = readZone(), rest.isEmpty
    else { return nil }
    let days = Calendar.days(year: year, month: month, day: day)
    let clock = hour * 3600 + minute * 60 + second
    return Time(seconds: days * 86_400 + clock - offset, nanoseconds: nanoseconds)
  }

  private mutating func readFraction(_ fraction: Fraction) -> Int64? {
    let digits = rest.dropFirst().prefix { $0 &- UInt8(ascii: "0") < 10 }
    switch fraction {
    case .optional:
      guard !digits.isEmpty, rest.first == UInt8(ascii: ".") || rest.first == UInt8(ascii: ",")
      else { return 0 }
    case .exactly(let count):
      guard digits.count == count, rest.first == UInt8(ascii: ".") else { return nil }
    }
    var value: Int64 = 0
    var unit = Time.nanosecondsPerSecond
    for digit in digits.prefix(9) {
      value = value * 10 + Int64(digit - UInt8(ascii: "0"))
      unit /= 10
    }
    rest = rest[digits.endIndex...]
    return value * unit
  }

  /// The zone's distance from UTC in seconds.
  private mutating func readZone() -> Int64? {
    if take("Z") { return 0 }
    let isWest = rest.first == UInt8(ascii: "-")
    guard take("+") || take("-"), let hours = number(2), hours <= 24, take(":"),
      let minutes = number(2), minutes <= 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, UInt32(first) == character.value else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// A number of exactly `count` digits.
  private mutating func number(_ count: Int) -> Int64? {
    let digits = rest.prefix(count)
    guard digits.count == count, digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else {
      return nil
    }
    rest = rest.dropFirst(count)
    return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
  }
}
