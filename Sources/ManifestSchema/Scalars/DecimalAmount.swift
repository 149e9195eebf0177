/// An exact decimal number of any size: `digits × 10^exponent`.
///
/// Quantities need sums and comparisons that are exact beyond 64 bits, and must not be slowed
/// down by absurd input: everything here is linear in the number of written digits, never in the
/// size of an exponent.
struct DecimalAmount: Hashable, Sendable {
  var isNegative = false
  /// Decimal digits (0...9), most significant first, no zero at either end; empty for zero.
  private(set) var digits: [UInt8] = []
  private(set) var exponent = 0

  static let zero = DecimalAmount()

  /// Exponents this far apart do not interact in a sum: the smaller number is dropped.
  private static let gapMax = 100_000

  init() {}

  init(isNegative: Bool = false, digits: [UInt8], exponent: Int) {
    var digits = digits
    var exponent = exponent
    while let last = digits.last, last == 0 {
      digits.removeLast()
      exponent += 1
    }
    let zeros = digits.prefix { $0 == 0 }.count
    if zeros > 0 { digits.removeFirst(zeros) }
    guard !digits.isEmpty else { return }
    self.isNegative = isNegative
    self.digits = digits
    self.exponent = exponent
  }

  init(_ value: Int64, scale: Int = 0) {
    let digits = String(value.magnitude).utf8.map { $0 &- UInt8(ascii: "0") }
    self.init(isNegative: value < 0, digits: digits, exponent: scale)
  }

  var isZero: Bool { digits.isEmpty }
  var isInteger: Bool { exponent >= 0 }
  /// -1, 0 or 1.
  var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }
  /// Where the number ends on the left: 10 to this power is just above the magnitude.
  private var top: Int { digits.count + exponent }

  var negated: DecimalAmount {
    var copy = self
    copy.isNegative = !isNegative && !isZero
    return copy
  }

  var magnitude: DecimalAmount {
    var copy = self
    copy.isNegative = false
    return copy
  }

  static func isLess(_ left: DecimalAmount, _ right: DecimalAmount) -> Bool {
    if left.sign != right.sign { return left.sign < right.sign }
    return left.isNegative
      ? magnitudeIsLess(right, left) : magnitudeIsLess(left, right)
  }

  private static func magnitudeIsLess(_ left: DecimalAmount, _ right: DecimalAmount) -> Bool {
    if left.isZero || right.isZero { return left.isZero && !right.isZero }
    if left.top != right.top { return left.top < right.top }
    return left.digits.lexicographicallyPrecedes(right.digits)
  }

  static func + (left: DecimalAmount, right: DecimalAmount) -> DecimalAmount {
    if left.isZero { return right }
    if right.isZero { return left }
    let low = min(left.exponent, right.exponent)
    let high = max(left.top, right.top)
    if high - low > gapMax + max(left.digits.count, right.digits.count) {
      return magnitudeIsLess(left, right) ? right : left
    }
    let isSum = left.isNegative == right.isNegative
    let (larger, smaller) = magnitudeIsLess(left, right) ? (right, left) : (left, right)
    var digits = larger.spread(from: high, to: low)
    let other = smaller.spread(from: high, to: low)
    var carry = 0
    for index in digits.indices.reversed() {
      var digit = Int(digits[index]) + carry
      digit += isSum ? Int(other[index]) : -Int(other[index])
      carry = digit > 9 ? 1 : digit < 0 ? -1 : 0
      digits[index] = UInt8(digit - 10 * carry)
    }
    if carry > 0 { digits.insert(1, at: 0) }
    return DecimalAmount(isNegative: larger.isNegative, digits: digits, exponent: low)
  }

  /// The digits from position `high` down to `low`, filled up with zeros.
  private func spread(from high: Int, to low: Int) -> [UInt8] {
    Array(repeating: 0, count: high - top) + digits + Array(repeating: 0, count: exponent - low)
  }

  /// The product with a factor below 2^60 or equal to it.
  func multiplied(by factor: UInt64) -> DecimalAmount {
    var product: [UInt8] = []
    product.reserveCapacity(digits.count + 19)
    var carry: UInt64 = 0
    for digit in digits.reversed() {
      carry += UInt64(digit) * factor
      product.append(UInt8(carry % 10))
      carry /= 10
    }
    while carry > 0 {
      product.append(UInt8(carry % 10))
      carry /= 10
    }
    return DecimalAmount(isNegative: isNegative, digits: product.reversed(), exponent: exponent)
  }

  /// The number without places below `10^scale`, rounded away from zero.
  func roundedUp(toScale scale: Int) -> DecimalAmount {
    guard !isZero, exponent < scale else { return self }
    let dropped = scale - exponent
    let kept = dropped >= digits.count ? [] : Array(digits.dropLast(dropped))
    let whole = DecimalAmount(isNegative: isNegative, digits: kept, exponent: scale)
    // No zero ends the digits, so what is dropped is never nothing.
    return whole + DecimalAmount(isNegative: isNegative, digits: [1], exponent: scale)
  }

  /// The number in units of `10^scale`, rounded away from zero; nil beyond 64 bits.
  func int64(inUnitsOf scale: Int = 0) -> Int64? {
    let rounded = roundedUp(toScale: scale)
    guard rounded.top - scale <= 19 else { return rounded.isZero ? 0 : nil }
    var value: Int64 = 0
    for place in 0..<max(0, rounded.top - scale) {
      let digit = place < rounded.digits.count ? Int64(rounded.digits[place]) : 0
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = product.addingReportingOverflow(rounded.isNegative ? -digit : digit)
      if overflow || carry { return nil }
      value = next
    }
    return value
  }

  /// The low 64 bits of the number in units of `10^scale`, as two's complement.
  func wrappedInt64(inUnitsOf scale: Int) -> Int64 {
    let rounded = roundedUp(toScale: scale)
    guard !rounded.isZero else { return 0 }
    // 10^64 is a multiple of 2^64.
    let zeros = rounded.exponent - scale
    if zeros >= 64 { return 0 }
    var value: UInt64 = 0
    for digit in rounded.digits { value = value &* 10 &+ UInt64(digit) }
    for _ in 0..<zeros { value = value &* 10 }
    return Int64(bitPattern: rounded.isNegative ? 0 &- value : value)
  }

  /// The number divided by 1024 where nothing is left over, else nil; for whole numbers.
  func dividedBy1024() -> DecimalAmount? {
    var remainder = 0
    var quotient: [UInt8] = []
    quotient.reserveCapacity(digits.count)
    for digit in digits + Array(repeating: 0, count: min(exponent, 10)) {
      remainder = remainder * 10 + Int(digit)
      quotient.append(UInt8(remainder / 1024))
      remainder %= 1024
    }
    guard remainder == 0 else { return nil }
    return DecimalAmount(
      isNegative: isNegative, digits: quotient, exponent: exponent - min(exponent, 10))
  }

  /// The digits with zeros down to `10^scale`, and a minus sign.
  ///
  /// - Precondition: `scale <= exponent` or the number is zero.
  func text(inUnitsOf scale: Int) -> String {
    if isZero { return "0" }
    precondition(scale <= exponent, "digits below the unit would be lost")
    var bytes: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    bytes += digits.map { $0 &+ UInt8(ascii: "0") }
    bytes += Array(repeating: UInt8(ascii: "0"), count: exponent - scale)
    return String(decoding: bytes, as: UTF8.self)
  }
}
