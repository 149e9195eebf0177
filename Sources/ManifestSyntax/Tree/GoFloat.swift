/// Prints floats the way the server's JSON and YAML libraries do.
public enum GoFloat {
  /// The shortest decimal digits that read back as the same value: `0.digits × 10^point`.
  private struct Shortest {
    var isNegative: Bool
    var digits: [UInt8]
    /// Where the decimal point stands, counted from before the first digit.
    var point: Int

    /// Takes apart what Swift prints, which is the shortest form too.
    init(description: String) {
      isNegative = false
      digits = []
      point = 0
      var exponent = 0
      var exponentIsNegative = false
      var isAfterPoint = false
      var isExponent = false
      for byte in description.utf8 {
        switch byte {
        case UInt8(ascii: "-") where isExponent: exponentIsNegative = true
        case UInt8(ascii: "-"): isNegative = true
        case UInt8(ascii: "+"): break
        case UInt8(ascii: "."): isAfterPoint = true
        case UInt8(ascii: "e"), UInt8(ascii: "E"): isExponent = true
        default:
          let digit = byte &- UInt8(ascii: "0")
          if isExponent {
            exponent = exponent * 10 + Int(digit)
            continue
          }
          if !isAfterPoint { point += 1 }
          digits.append(byte)
        }
      }
      point += exponentIsNegative ? -exponent : exponent
      while let last = digits.last, last == UInt8(ascii: "0") { digits.removeLast() }
      let leading = digits.prefix { $0 == UInt8(ascii: "0") }.count
      digits.removeFirst(leading)
      point = digits.isEmpty ? 1 : point - leading
    }

    private var sign: String { isNegative ? "-" : "" }

    /// Without an exponent: `0.001`, `1200`.
    var fixed: String {
      guard !digits.isEmpty else { return sign + "0" }
      let text = String(decoding: digits, as: UTF8.self)
      if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text }
      if point >= digits.count {
        return sign + text + String(repeating: "0", count: point - digits.count)
      }
      return sign + text.prefix(point) + "." + text.dropFirst(point)
    }

    /// With an exponent of at least `width` digits: `1.5e+21`.
    func scientific(exponentWidth width: Int) -> String {
      let text = digits.isEmpty ? "0" : String(decoding: digits, as: UTF8.self)
      let exponent = point - 1
      let size = String(exponent.magnitude)
      let padding = String(repeating: "0", count: max(0, width - size.utf8.count))
      let fraction = text.utf8.count > 1 ? "." + text.dropFirst() : ""
      return sign + text.prefix(1) + fraction + "e" + (exponent < 0 ? "-" : "+") + padding + size
    }
  }

  /// How JSON prints `value`: an exponent only below 1e-6 and from 1e21 on.
  public static func jsonText(_ value: Double) -> String {
    guard value.isFinite else { return notFinite(value) }
    let shortest = Shortest(description: value.description)
    let size = value.magnitude
    if size != 0, size < 1e-6 || size >= 1e21 {
      // A negative exponent of one digit loses its zero here, a positive one has two digits anyway.
      return shortest.scientific(exponentWidth: 1)
    }
    return shortest.fixed
  }

  /// The text of a float as a map key: rounded to 32 bits, with an exponent below 1e-4 and from
  /// 1e6 on.
  static func keyText(_ value: Double) -> String {
    let narrow = Float(value)
    guard narrow.isFinite else {
      return narrow.isNaN ? ".nan" : narrow < 0 ? "-.inf" : ".inf"
    }
    let shortest = Shortest(description: narrow.description)
    if shortest.point - 1 < -4 || shortest.point - 1 >= 6 {
      return shortest.scientific(exponentWidth: 2)
    }
    return shortest.fixed
  }

  /// The number that is left of `value` after JSON printed it.
  static func number(_ value: Double) -> ScalarResolution.Number {
    // 2^64 and more cannot become an integer; text below has at most 20 digits then.
    guard value.magnitude < 0x1p64 else { return .double(value) }
    let text = jsonText(value)
    if let int = Int64(text) { return .int(int) }
    if let uint = UInt64(text) { return .uint(uint) }
    return .double(value)
  }

  private static func notFinite(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    return value < 0 ? "-Inf" : "+Inf"
  }
}
