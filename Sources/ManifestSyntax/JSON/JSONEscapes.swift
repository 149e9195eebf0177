/// The escapes of JSON strings.
enum JSONEscapes {
  /// The text that the escaped bytes in `range` stand for; nil where an escape is unknown.
  ///
  /// A surrogate without its partner becomes U+FFFD, as in the API server's decoder.
  static func decode(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> [UInt8]? {
    var text: [UInt8] = []
    text.reserveCapacity(range.count)
    var at = range.lowerBound
    while at < range.upperBound {
      guard bytes[at] == 0x5C else {
        text.append(bytes[at])
        at += 1
        continue
      }
      guard at + 1 < range.upperBound else { return nil }
      at += 2
      switch bytes[at - 1] {
      case 0x22, 0x5C, 0x2F: text.append(bytes[at - 1])
      case 0x62: text.append(8)
      case 0x66: text.append(12)
      case 0x6E: text.append(10)
      case 0x72: text.append(13)
      case 0x74: text.append(9)
      case 0x75:
        guard let unit = hex(bytes, at, range.upperBound) else { return nil }
        at += 4
        text += utf8(of: scalar(unit, bytes, &at, range.upperBound))
      default: return nil
      }
    }
    return text
  }

  private static func scalar(
    _ unit: UInt32, _ bytes: UnsafeRawBufferPointer, _ at: inout Int, _ end: Int
  ) -> Unicode.Scalar {
    if (0xD800..<0xDC00).contains(unit), at + 6 <= end, bytes[at] == 0x5C, bytes[at + 1] == 0x75,
      let low = hex(bytes, at + 2, end), (0xDC00..<0xE000).contains(low)
    {
      at += 6
      return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
    }
    return Unicode.Scalar(unit) ?? "\u{FFFD}"
  }

  private static func hex(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ end: Int) -> UInt32? {
    guard at + 4 <= end else { return nil }
    var value: UInt32 = 0
    for offset in at..<(at + 4) {
      guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private static func utf8(of scalar: Unicode.Scalar) -> [UInt8] { Array(String(scalar).utf8) }
}
