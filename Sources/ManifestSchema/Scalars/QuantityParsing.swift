/// Reading quantities, with the server's leniencies: a sign alone is zero, `1.` and `.5` are
/// numbers, an exponent wraps around at 32 bits. Which text survives unchanged is decided here.
extension Quantity {
  /// Reads a quantity; nil when the server would refuse it.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard let parts = Parts(bytes), let suffix = Suffix(bytes[parts.suffix]) else { return nil }
    var digits: [UInt8] = []
    digits.reserveCapacity(parts.whole.count + parts.fraction.count)
    for index in parts.whole { digits.append(bytes[index] &- UInt8(ascii: "0")) }
    for index in parts.fraction { digits.append(bytes[index] &- UInt8(ascii: "0")) }
    let scale = suffix.exponent - parts.fraction.count
    let isNegative = bytes.first == UInt8(ascii: "-")
    var number = DecimalAmount(isNegative: isNegative, digits: digits, exponent: scale)
    number = suffix.factor == 1 ? number : number.multiplied(by: suffix.factor)

    guard !Self.isCompact(parts, suffix, scale) else {
      self.init(amount: number, format: suffix.format, isCompact: true)
      if Self.keepsText(parts, suffix, digits, scale) {
        written = (String(text), suffix.format == .binarySI ? 0 : scale)
      }
      return
    }
    // What is too long for 64 bits must have a digit; the short way takes "Ki" for zero.
    guard parts.hasDigits else { return nil }
    number = number.roundedUp(toScale: Scale.nano.rawValue)
    var format = suffix.format
    if format == .binarySI {
      if DecimalAmount.isLess(Self.binaryMax, number.magnitude) {
        number = number.isNegative ? Self.binaryMax.negated : Self.binaryMax
      }
      if !number.isZero, DecimalAmount.isLess(number.magnitude, DecimalAmount(1)) {
        format = .decimalSI
      }
    }
    self.init(amount: number, format: format, isCompact: false)
  }

  /// Reads a quantity out of a manifest, where blanks around it do not count.
  ///
  /// The server trims the JSON text before it is unescaped, so tabs and line breaks, which JSON
  /// escapes, are not blanks.
  public init?(decoding text: String) {
    // A letter or digit at both ends: no blanks to look for.
    if let first = text.utf8.first, let last = text.utf8.last, first > 0x20, last > 0x20,
      first < 0x7F, last < 0x7F
    {
      self.init(text)
      return
    }
    let isBlank: (Unicode.Scalar) -> Bool = { scalar in
      scalar.value >= 0x20 && scalar.properties.isWhitespace
        && scalar.value != 0x2028 && scalar.value != 0x2029
    }
    let scalars = text.unicodeScalars
    if let first = scalars.first, let last = scalars.last, !isBlank(first), !isBlank(last) {
      self.init(text)
      return
    }
    let front = scalars.drop(while: isBlank)
    let end = front.lastIndex { !isBlank($0) }.map { front.index(after: $0) } ?? front.startIndex
    self.init(Substring(front[..<end]))
  }

  /// Whether the text is a quantity as nearly all are: a few digits and a suffix, `500m` or `2Gi`.
  ///
  /// No says nothing; it takes a whole reading to tell.
  public static func isPlain(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
    guard digits > 0, digits <= 12 else { return false }
    switch text.count - digits {
    case 0: return true
    case 1: return "mkMGT".utf8.contains(text[digits])
    case 2: return "KMGT".utf8.contains(text[digits]) && text[digits + 1] == UInt8(ascii: "i")
    default: return false
    }
  }

  /// The amount of a plain text in thousandths; nil for everything that needs a closer look.
  public static func plainMilliValue(_ text: UnsafeRawBufferPointer) -> Int64? {
    guard isPlain(text), text[0] != UInt8(ascii: "0") || text.count == 1 else { return nil }
    var number: Int64 = 0
    var at = 0
    while at < text.count, text[at] &- UInt8(ascii: "0") < 10 {
      number = number * 10 + Int64(text[at] &- UInt8(ascii: "0"))
      at += 1
    }
    if at == text.count { return number * 1000 }
    let isBinary = text.count - at == 2
    let power: Int64
    switch text[at] {
    case UInt8(ascii: "m"): return number
    case UInt8(ascii: "k"), UInt8(ascii: "K"): power = 1
    case UInt8(ascii: "M"): power = 2
    case UInt8(ascii: "G"): power = 3
    default: return nil
    }
    var factor: Int64 = 1000
    for _ in 0..<power { factor *= isBinary ? 1024 : 1000 }
    let (product, overflow) = number.multipliedReportingOverflow(by: factor)
    return overflow ? nil : product
  }

  /// Whether a text is plain and already what the server makes of the amount: `500m` or `2Gi`, and
  /// not `1000m`, which becomes `1`.
  ///
  /// No says nothing, as with ``isPlain(_:)``.
  public static func isPlainAndCanonical(_ text: UnsafeRawBufferPointer) -> Bool {
    let digits = text.prefix { $0 &- UInt8(ascii: "0") < 10 }.count
    guard isPlain(text), digits <= 5 else { return false }
    // A zero in front is dropped, and zero itself is written without a suffix.
    if text[0] == UInt8(ascii: "0") { return text.count == 1 }
    let number = text[..<digits].reduce(0) { $0 * 10 + Int($1 &- UInt8(ascii: "0")) }
    // What a larger suffix divides gets that one.
    return number % (text.count - digits == 2 ? 1024 : 1000) != 0
  }

  private static let binaryMax = DecimalAmount(.max)

  /// Whether the server reads the number straight into 64 bits.
  private static func isCompact(_ parts: Parts, _ suffix: Suffix, _ scale: Int) -> Bool {
    let whole = max(1, parts.whole.count)
    guard suffix.format == .binarySI else {
      return whole + parts.fraction.count <= 18 && scale >= Scale.nano.rawValue
    }
    return parts.fraction.isEmpty && whole <= 14 - suffix.power * 3 / 10
  }

  /// Whether the server takes the text for canonical already and keeps it.
  private static func keepsText(
    _ parts: Parts, _ suffix: Suffix, _ digits: [UInt8], _ scale: Int
  ) -> Bool {
    if suffix.format == .binarySI {
      return digits.reduce(0) { ($0 &* 10 &+ Int($1)) & 7 } != 0
    }
    let isShort = digits.suffix(3).contains { $0 != 0 } || digits.count < 3
    // A fraction below one begins with the zero that stands for its whole part.
    return scale % 3 == 0 && isShort && !parts.whole.isEmpty
  }

  /// Where the parts of a written quantity are.
  private struct Parts {
    /// Digits before the point, without leading zeros.
    var whole: Range<Int>
    var fraction: Range<Int>
    var suffix: Range<Int>
    var hasDigits: Bool

    init?(_ bytes: [UInt8]) {
      guard !bytes.isEmpty else { return nil }
      var index = 0
      func skip(while matches: (UInt8) -> Bool) -> Range<Int> {
        let start = index
        while index < bytes.count, matches(bytes[index]) { index += 1 }
        return start..<index
      }
      let isDigit: (UInt8) -> Bool = { $0 &- UInt8(ascii: "0") < 10 }
      let isSign: (UInt8) -> Bool = { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      if isSign(bytes[0]) { index = 1 }
      let zeros = skip { $0 == UInt8(ascii: "0") }
      whole = skip(while: isDigit)
      fraction = index..<index
      if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
        index += 1
        fraction = skip(while: isDigit)
      }
      hasDigits = !zeros.isEmpty || !whole.isEmpty || !fraction.isEmpty
      let start = index
      _ = skip { "eEinumkKMGTP".utf8.contains($0) }
      if index < bytes.count, isSign(bytes[index]) { index += 1 }
      _ = skip(while: isDigit)
      guard index == bytes.count else { return nil }
      suffix = start..<index
    }
  }

  /// What a suffix stands for.
  private struct Suffix {
    var format = Format.decimalSI
    /// Power of ten.
    var exponent = 0
    /// Power of two.
    var power = 0
    var factor: UInt64 { 1 << UInt64(power) }

    init?(_ bytes: ArraySlice<UInt8>) {
      switch String(decoding: bytes, as: UTF8.self) {
      case "": break
      case "n": exponent = -9
      case "u": exponent = -6
      case "m": exponent = -3
      case "k": exponent = 3
      case "M": exponent = 6
      case "G": exponent = 9
      case "T": exponent = 12
      case "P": exponent = 15
      case "E": exponent = 18
      case "Ki": (format, power) = (.binarySI, 10)
      case "Mi": (format, power) = (.binarySI, 20)
      case "Gi": (format, power) = (.binarySI, 30)
      case "Ti": (format, power) = (.binarySI, 40)
      case "Pi": (format, power) = (.binarySI, 50)
      case "Ei": (format, power) = (.binarySI, 60)
      case let text:
        guard text.hasPrefix("e") || text.hasPrefix("E"), let value = Int64(text.dropFirst())
        else { return nil }
        format = .decimalExponent
        // The server narrows the exponent without looking.
        exponent = Int(Int32(truncatingIfNeeded: value))
      }
    }
  }
}
