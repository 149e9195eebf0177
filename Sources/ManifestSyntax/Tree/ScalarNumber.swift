/// A plain scalar read as a number of YAML 1.1, before JSON prints it.
enum ScalarNumber {
  case notNumber
  case int(Int64)
  case uint(UInt64)
  case float(Double)

  /// Reads `bytes`, which begin with a digit, a sign or a dot.
  init(_ bytes: UnsafeRawBufferPointer) {
    if let value = Self.special(bytes) {
      self = .float(value)
      return
    }
    if bytes.first == UInt8(ascii: ".") {
      self = Self.dotted(bytes)
      return
    }
    // Addresses, versions, dates and quantities end the scan at their first odd byte.
    var underscores = 0
    for byte in bytes {
      if byte == UInt8(ascii: "_") {
        underscores += 1
      } else if !Self.mayOccur(byte) {
        self = .notNumber
        return
      }
    }
    guard underscores > 0 else {
      self = Self.plain(bytes)
      return
    }
    let bare = bytes.filter { $0 != UInt8(ascii: "_") }
    self = bare.withUnsafeBytes { Self.plain($0) }
  }

  private static func mayOccur(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"), UInt8(ascii: "x"), UInt8(ascii: "X"),
      UInt8(ascii: "o"), UInt8(ascii: "O"), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      return true
    default: return false
    }
  }

  /// `.inf` and `.nan` in their three spellings; only the infinities may have a sign.
  private static func special(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard bytes.count == 4 || bytes.count == 5 else { return nil }
    let isSigned = bytes.count == 5
    guard bytes[isSigned ? 1 : 0] == UInt8(ascii: ".") else { return nil }
    switch String(decoding: bytes.suffix(3), as: UTF8.self) {
    case "inf", "Inf", "INF":
      if !isSigned || bytes[0] == UInt8(ascii: "+") { return .infinity }
      return bytes[0] == UInt8(ascii: "-") ? -.infinity : nil
    case "nan", "NaN", "NAN": return isSigned ? nil : .nan
    default: return nil
    }
  }

  /// A scalar without underscores that does not begin with a dot.
  private static func plain(_ bytes: UnsafeRawBufferPointer) -> ScalarNumber {
    let sign = bytes.first.flatMap { $0 == minus || $0 == plus ? $0 : nil }
    let digits = UnsafeRawBufferPointer(rebasing: bytes[(sign == nil ? 0 : 1)...])
    guard let first = digits.first else { return .notNumber }
    var radix: UInt64 = 10
    var start = 0
    if first == zero, digits.count > 1 {
      switch digits[1] | 0x20 {
      case UInt8(ascii: "x") where digits.count > 2: (radix, start) = (16, 2)
      case UInt8(ascii: "o") where digits.count > 2: (radix, start) = (8, 2)
      case UInt8(ascii: "b") where digits.count > 2: (radix, start) = (2, 2)
      default: (radix, start) = (8, 1)
      }
    }
    switch magnitude(UnsafeRawBufferPointer(rebasing: digits[start...]), radix: radix) {
    case .value(let magnitude):
      if let number = signed(magnitude, sign) { return number }
    case .overflow: break
    case .malformed:
      if radix == 2, digits[1] == UInt8(ascii: "b") { return oddBinary(digits, sign) }
    }
    return isFloat(digits) ? float(bytes) : .notNumber
  }

  /// What the magnitude is with its sign, nil where no 64-bit integer holds it.
  ///
  /// A plus sign keeps a number out of the unsigned range: it goes on as a float.
  private static func signed(_ magnitude: UInt64, _ sign: UInt8?) -> ScalarNumber? {
    if magnitude <= UInt64(Int64.max) {
      return .int(sign == minus ? -Int64(magnitude) : Int64(magnitude))
    }
    if sign == minus, magnitude == UInt64(Int64.max) + 1 { return .int(.min) }
    return sign == nil ? .uint(magnitude) : nil
  }

  /// `0b-1` and `0b+1`: the server's reader takes a second sign after the prefix.
  private static func oddBinary(
    _ digits: UnsafeRawBufferPointer, _ sign: UInt8?
  ) -> ScalarNumber {
    guard sign == nil, digits.count > 3, digits[2] == minus || digits[2] == plus,
      case .value(let magnitude) = magnitude(
        UnsafeRawBufferPointer(rebasing: digits[3...]), radix: 2)
    else { return .notNumber }
    guard let number = signed(magnitude, digits[2]) else { return .notNumber }
    return number
  }

  private enum Magnitude {
    case value(UInt64)
    case overflow, malformed
  }

  private static func magnitude(
    _ digits: UnsafeRawBufferPointer, radix: UInt64
  ) -> Magnitude {
    guard !digits.isEmpty else { return .malformed }
    var value: UInt64 = 0
    var isTooLarge = false
    for byte in digits {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- zero
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
      default: return .malformed
      }
      guard UInt64(digit) < radix else { return .malformed }
      let (product, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
      if overflow || carry { isTooLarge = true }
      value = sum
    }
    return isTooLarge ? .overflow : .value(value)
  }

  /// Digits with at most one dot and an exponent; a dot in front needs a digit after it.
  private static func isFloat(_ text: UnsafeRawBufferPointer) -> Bool {
    var index = 0
    let whole = skipDigits(text, &index)
    if index < text.count, text[index] == UInt8(ascii: ".") {
      index += 1
      let fraction = skipDigits(text, &index)
      if whole == 0, fraction == 0 { return false }
    } else if whole == 0 {
      return false
    }
    if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
      index += 1
      if index < text.count, text[index] == plus || text[index] == minus { index += 1 }
      if skipDigits(text, &index) == 0 { return false }
    }
    return index == text.count
  }

  private static func skipDigits(_ text: UnsafeRawBufferPointer, _ index: inout Int) -> Int {
    let start = index
    while index < text.count, text[index] &- zero < 10 { index += 1 }
    return index - start
  }

  /// A scalar that begins with a dot: here underscores count, and must stand between digits.
  private static func dotted(_ bytes: UnsafeRawBufferPointer) -> ScalarNumber {
    var previousIsDigit = false
    var underscores = 0
    for (index, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "_") {
        guard previousIsDigit, index + 1 < bytes.count, bytes[index + 1] &- zero < 10 else {
          return .notNumber
        }
        underscores += 1
      }
      previousIsDigit = byte &- zero < 10
    }
    guard underscores > 0 else { return isFloat(bytes) ? float(bytes) : .notNumber }
    let bare = bytes.filter { $0 != UInt8(ascii: "_") }
    return bare.withUnsafeBytes { isFloat($0) ? float($0) : .notNumber }
  }

  /// Evaluates text of the float grammar; what overflows a double stays a string.
  private static func float(_ bytes: UnsafeRawBufferPointer) -> ScalarNumber {
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), value.isFinite else {
      return .notNumber
    }
    return .float(value)
  }
}

private let zero = UInt8(ascii: "0")
private let plus = UInt8(ascii: "+")
private let minus = UInt8(ascii: "-")
