/// An amount of a resource as Kubernetes writes it: `100m`, `1.5Gi`, `1e3`.
///
/// Arithmetic is exact; nothing finer than 10⁻⁹ is ever kept (it is rounded away from zero), and
/// amounts with a binary suffix end at 2⁶³-1, both as on the server. Two quantities are equal when
/// their amounts are, however they are written.
public struct Quantity: Sendable {
  /// How a quantity is written, kept through arithmetic.
  public enum Format: UInt8, Sendable {
    /// `12M`: suffixes of powers of 1000.
    case decimalSI
    /// `12Mi`: suffixes of powers of 1024.
    case binarySI
    /// `12e6`.
    case decimalExponent
  }

  /// A unit of rounding: 10 to the power of the raw value.
  public enum Scale: Int, Sendable {
    case nano = -9
    case micro = -6
    case milli = -3
    case one = 0
    case kilo = 3
    case mega = 6
    case giga = 9
  }

  public internal(set) var format: Format
  var amount: DecimalAmount
  /// The text as it was written, where the server keeps it (`+1`, `1E3`), and its unit.
  var written: (text: String, scale: Int)?
  /// Whether the server holds the number in 64 bits: decides what it does on overflow.
  var isCompact: Bool

  init(amount: DecimalAmount, format: Format, isCompact: Bool? = nil) {
    self.amount = amount
    self.format = format
    self.isCompact = isCompact ?? (amount.int64(inUnitsOf: Scale.nano.rawValue) != nil)
  }

  /// Whether the server keeps the text as it was written, beside the number.
  public var keepsWrittenText: Bool { written != nil }

  /// Zero.
  public static let zero = Quantity(0)

  /// `value` units of `scale`.
  public init(_ value: Int64, _ scale: Scale = .one, format: Format = .decimalSI) {
    self.init(
      amount: DecimalAmount(value, scale: scale.rawValue), format: format, isCompact: true)
  }

  public var isZero: Bool { amount.isZero }
  /// -1, 0 or 1.
  public var sign: Int { amount.sign }
  /// Whether the amount has no fraction.
  public var isInteger: Bool { amount.isInteger }

  /// The amount as a whole number, rounded away from zero; nil beyond 64 bits.
  public var value: Int64? { amount.int64() }
  /// The amount in thousandths, rounded away from zero; nil beyond 64 bits.
  public var milliValue: Int64? { amount.int64(inUnitsOf: Scale.milli.rawValue) }

  /// The amount in units of `scale`, rounded away from zero; nil beyond 64 bits.
  public func value(in scale: Scale) -> Int64? { amount.int64(inUnitsOf: scale.rawValue) }

  /// The amount in thousandths as the server computes it, overflow and all.
  ///
  /// It is zero for short numbers that overflow and wraps around for long ones; the server's check
  /// for whole numbers stands on this value.
  public var serverMilliValue: Int64 {
    milliValue ?? (isCompact ? 0 : amount.wrappedInt64(inUnitsOf: Scale.milli.rawValue))
  }

  /// Rounds away from zero to a multiple of `scale`, as the server does with resources (`milli`).
  public func roundedUp(to scale: Scale) -> Quantity {
    var copy = self
    if let written, written.scale < scale.rawValue || !isCompact { copy.written = nil }
    copy.amount = amount.roundedUp(toScale: scale.rawValue)
    return copy
  }

  public static func + (left: Quantity, right: Quantity) -> Quantity {
    Quantity(
      amount: left.amount + right.amount, format: left.isZero ? right.format : left.format)
  }

  public static func - (left: Quantity, right: Quantity) -> Quantity { left + -right }

  public static prefix func - (quantity: Quantity) -> Quantity {
    Quantity(amount: quantity.amount.negated, format: quantity.format)
  }

  public static func += (left: inout Quantity, right: Quantity) { left = left + right }
  public static func -= (left: inout Quantity, right: Quantity) { left = left - right }
}

extension Quantity: Comparable, Hashable {
  public static func == (left: Quantity, right: Quantity) -> Bool { left.amount == right.amount }

  public static func < (left: Quantity, right: Quantity) -> Bool {
    DecimalAmount.isLess(left.amount, right.amount)
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(amount) }
}

extension Quantity: CustomStringConvertible {
  /// The text that the server stores: as written where it keeps that, else the canonical form.
  public var description: String { written?.text ?? canonicalText }

  /// The canonical form: no fraction, the largest suffix that needs none, three digits a step.
  public var canonicalText: String {
    guard !isZero else { return "0" }
    switch format {
    case .binarySI where amount.isInteger && !DecimalAmount.isLess(amount.magnitude, Self.ki):
      return binaryText
    case .binarySI, .decimalSI: return decimalText(withExponent: false)
    case .decimalExponent: return decimalText(withExponent: true)
    }
  }

  private static let ki = DecimalAmount(1024)
  private static let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
  private static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

  private func decimalText(withExponent: Bool) -> String {
    let exponent = amount.exponent
    // The largest multiple of three that is not above the exponent.
    let unit = exponent - ((exponent % 3) + 3) % 3
    // Suffixes end at 10^18; sums of huge numbers go on with an exponent instead of zeros.
    if withExponent || unit > 1000 {
      return amount.text(inUnitsOf: unit) + (unit == 0 ? "" : "e\(unit)")
    }
    let shown = min(unit, 18)
    return amount.text(inUnitsOf: shown) + Self.decimalSuffixes[(shown + 9) / 3]
  }

  private var binaryText: String {
    guard amount.exponent <= 1000 else { return decimalText(withExponent: true) }
    var number = amount
    var power = 0
    while power < 6, let quotient = number.dividedBy1024() {
      number = quotient
      power += 1
    }
    return number.text(inUnitsOf: 0) + Self.binarySuffixes[power]
  }
}
