import ManifestSchema

/// What a Kubernetes server holds in memory after it has read a quantity.
struct GoQuantity {
  /// How the deep printer shows it.
  let text: String

  /// - Parameter written: A quantity as the server stores it.
  init(_ written: String) {
    // Zero alone is kept as it is written, unlike all numbers that begin with a zero.
    guard written != "0" else {
      text = Self.text(value: "0", scale: 0, decimal: nil, written: "0", format: "DecimalSI")
      return
    }
    let parts = Parts(written)
    let quantity = Quantity(written)
    let format =
      switch quantity?.format {
      case .binarySI: "BinarySI"
      case .decimalExponent: "DecimalExponent"
      default: "DecimalSI"
      }
    if let value = parts.compactValue {
      let kept = quantity?.keepsWrittenText == true ? written : ""
      text = Self.text(
        value: String(value), scale: parts.compactScale, decimal: nil, written: kept, format: format
      )
    } else {
      text = Self.text(
        value: "0", scale: 0, decimal: parts.nanoWords, isNegative: parts.isNegative, written: "",
        format: format)
    }
  }

  private static func text(
    value: String, scale: Int, decimal: [UInt64]?, isNegative: Bool = false, written: String,
    format: String
  ) -> String {
    var dec = "<nil>"
    if let decimal {
      let words = decimal.isEmpty ? "<nil>" : "[\(decimal.map(String.init).joined(separator: " "))]"
      dec = "{unscaled:(big.Int){neg:(bool)\(isNegative) abs:(big.nat)\(words)} scale:(inf.Scale)9}"
    }
    return "{i:(resource.int64Amount){value:(int64)\(value) scale:(resource.Scale)\(scale)}"
      + " d:(resource.infDecAmount){Dec:(*inf.Dec)\(dec)} s:(string)\(written)"
      + " Format:(resource.Format)\(format)}"
  }

  /// A written quantity, taken apart.
  private struct Parts {
    var isNegative = false
    /// Digits before and after the point, without leading zeros.
    var whole: [UInt8] = []
    var fraction: [UInt8] = []
    /// Powers of ten and of two.
    var exponent = 0
    var power = 0
    var isBinary = false

    init(_ text: String) {
      var bytes = Array(text.utf8)[...]
      if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        isNegative = sign == UInt8(ascii: "-")
        bytes.removeFirst()
      }
      let isDigit: (UInt8) -> Bool = { $0 &- UInt8(ascii: "0") < 10 }
      whole = bytes.prefix(while: isDigit).map { $0 - UInt8(ascii: "0") }
      bytes = bytes.drop(while: isDigit)
      if bytes.first == UInt8(ascii: ".") {
        bytes.removeFirst()
        fraction = bytes.prefix(while: isDigit).map { $0 - UInt8(ascii: "0") }
        bytes = bytes.drop(while: isDigit)
      }
      whole = Array(whole.drop { $0 == 0 })
      let suffix = String(decoding: bytes, as: UTF8.self)
      if let step = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].firstIndex(of: suffix) {
        exponent = 3 * step - 9
      } else if let step = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: suffix) {
        power = 10 * (step + 1)
        isBinary = true
      } else {
        exponent = Int(Int32(suffix.dropFirst()) ?? 0)
      }
    }

    var compactScale: Int { isBinary ? 0 : exponent - fraction.count }

    /// The number in units of `compactScale`, where the server holds it in 64 bits.
    var compactValue: Int64? {
      let count = max(1, whole.count)
      if isBinary {
        guard fraction.isEmpty, count <= 14 - power * 3 / 10 else { return nil }
      } else {
        guard count + fraction.count <= 18, compactScale >= -9 else { return nil }
      }
      let number = (whole + fraction).reduce(Int64(0)) { $0 * 10 + Int64($1) }
      let (value, overflow) = number.multipliedReportingOverflow(by: 1 << Int64(power))
      return overflow ? nil : isNegative ? -value : value
    }

    /// The amount in billionths as words of 64 bits, the lowest first.
    var nanoWords: [UInt64] {
      var words: [UInt64] = []
      func multiply(by factor: UInt64, adding digit: UInt64) {
        var carry = digit
        for index in words.indices {
          let (high, low) = words[index].multipliedFullWidth(by: factor)
          let (sum, overflow) = low.addingReportingOverflow(carry)
          words[index] = sum
          carry = high + (overflow ? 1 : 0)
        }
        if carry > 0 { words.append(carry) }
      }
      // Finer digits than billionths were rounded away when the quantity was stored.
      let shift = min(max(9 + exponent - fraction.count, 0), 400)
      for digit in whole + fraction { multiply(by: 10, adding: UInt64(digit)) }
      for _ in 0..<shift { multiply(by: 10, adding: 0) }
      if power > 0 { multiply(by: 1 << UInt64(power), adding: 0) }
      return words
    }
  }
}
