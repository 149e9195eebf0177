/// Numbers in fields and in text (FMT-15, FMT-20…FMT-22, FMT-28).
public enum ValueFormat {
  /// A number of a closed range.
  public static func range(_ value: Int64, _ allowed: ClosedRange<Int64>) -> [String] {
    allowed.contains(value)
      ? [] : ["it must be between \(allowed.lowerBound) and \(allowed.upperBound)"]
  }

  /// A number that is not below zero.
  public static func notNegative(_ value: Int64) -> [String] {
    value >= 0 ? [] : ["it must be at least 0"]
  }

  /// A user's or group's number.
  public static func userOrGroup(_ value: Int64) -> [String] {
    range(value, 0...Int64(Int32.max))
  }

  /// A quantity as manifests may write it.
  public static func quantity(_ text: String) -> [String] {
    if Quantity(decoding: text) != nil { return [] }
    return [
      "it must be a number with an optional suffix (n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or e3)"
    ]
  }

  /// Digits and a percent sign.
  public static func percent(_ text: some StringProtocol) -> [String] {
    let bytes = Substring(text).utf8
    let digits = bytes.dropLast()
    let isFine =
      bytes.last == UInt8(ascii: "%") && !digits.isEmpty
      && digits.allSatisfy(CharacterClasses.isDigit)
    return isFine ? [] : ["it must be digits and a '%' after them, like '25%'"]
  }

  /// A count that is not below zero, or a percentage.
  public static func countOrPercent(_ value: IntOrString) -> [String] {
    switch value {
    case .int(let count): return notNegative(Int64(count))
    case .string(let text): return percent(text)
    }
  }

  /// An integer in its plain decimal form: no plus sign, no leading zeros, no `-0`.
  public static func decimalInteger(_ text: some StringProtocol) -> [String] {
    let isNegative = text.utf8.first == UInt8(ascii: "-")
    let digits = text.utf8.dropFirst(isNegative ? 1 : 0)
    let hasLeadingZero = digits.first == UInt8(ascii: "0") && (digits.count > 1 || isNegative)
    let isFine =
      !digits.isEmpty && !hasLeadingZero && digits.allSatisfy(CharacterClasses.isDigit)
    return isFine ? [] : ["it must be an integer without '+' and leading zeros"]
  }
}
