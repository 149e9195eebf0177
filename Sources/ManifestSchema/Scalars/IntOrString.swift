/// A number or a text, told apart: a port or its name, a count or a percentage.
public enum IntOrString: Hashable, Sendable {
  case int(Int32)
  case string(String)

  /// Which way a share that is not whole goes.
  public enum Rounding: Sendable {
    case up, down
  }

  /// The count that this stands for among `total`, nil for text that is no percentage.
  ///
  /// Deployments round `maxSurge` up and `maxUnavailable` down. What exceeds 64 bits stops there.
  public func count(of total: Int, rounding: Rounding) -> Int? {
    switch self {
    case .int(let value): return Int(value)
    case .string(let text): return Percent(lenient: text)?.share(of: total, rounding: rounding)
    }
  }

  /// Whether it is an integer zero or a percentage of zero.
  public var isZero: Bool {
    switch self {
    case .int(let value): return value == 0
    case .string(let text): return Percent(text)?.value == 0
    }
  }
}

extension IntOrString: CustomStringConvertible {
  public var description: String {
    switch self {
    case .int(let value): return String(value)
    case .string(let text): return text
    }
  }
}

/// A percentage: digits and a percent sign.
public struct Percent: Hashable, Sendable {
  public var value: Int

  public init(value: Int) { self.value = value }

  /// Reads `[0-9]+%`; nil for all else and beyond 64 bits.
  public init?(_ text: String) {
    guard ValueFormat.percent(text).isEmpty, let percent = Percent(lenient: text) else {
      return nil
    }
    self = percent
  }

  /// Reads what the controllers read: a sign may stand in front.
  init?(lenient text: String) {
    guard text.utf8.last == UInt8(ascii: "%"), let value = Int(text.dropLast()) else { return nil }
    self.value = value
  }

  /// This share of `total`, as a whole number.
  public func share(of total: Int, rounding: IntOrString.Rounding) -> Int {
    let (product, overflow) = value.multipliedReportingOverflow(by: total)
    if overflow { return (value < 0) == (total < 0) ? .max : .min }
    let (quotient, remainder) = product.quotientAndRemainder(dividingBy: 100)
    switch rounding {
    case .up: return remainder > 0 ? quotient + 1 : quotient
    case .down: return remainder < 0 ? quotient - 1 : quotient
    }
  }
}
