/// Base 64 as the server reads and writes it: the standard alphabet, padded, line breaks ignored.
public enum Base64 {
  /// The bytes of `text`, nil when it is not base 64.
  ///
  /// Carriage returns and line feeds may stand anywhere; other blanks may not.
  public static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var group: UInt32 = 0
    var count = 0
    var padding = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
      case UInt8(ascii: "="):
        padding += 1
        // One or two at the end of a group that has two digits at least.
        guard count + padding <= 4, count >= 2 else { return nil }
      default:
        guard padding == 0, let digit = value(of: byte) else { return nil }
        group = group << 6 | UInt32(digit)
        count += 1
        guard count == 4 else { continue }
        bytes.append(contentsOf: [16, 8, 0].map { UInt8(truncatingIfNeeded: group >> $0) })
        group = 0
        count = 0
      }
    }
    if count == 0 { return padding == 0 ? bytes : nil }
    guard count + padding == 4 else { return nil }
    group <<= UInt32(6 * padding)
    bytes.append(UInt8(truncatingIfNeeded: group >> 16))
    if count == 3 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
    return bytes
  }

  /// The padded text of `bytes`, in one line.
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group: UInt32 = 0
    var count = 0
    for byte in bytes {
      group = group << 8 | UInt32(byte)
      count += 1
      guard count == 3 else { continue }
      text.append(contentsOf: [18, 12, 6, 0].map { digit(group >> $0) })
      group = 0
      count = 0
    }
    guard count > 0 else { return String(decoding: text, as: UTF8.self) }
    group <<= UInt32(8 * (3 - count))
    text.append(contentsOf: [18, 12, 6].prefix(count + 1).map { digit(group >> $0) })
    text.append(contentsOf: repeatElement(UInt8(ascii: "="), count: 3 - count))
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ bits: UInt32) -> UInt8 {
    let value = UInt8(truncatingIfNeeded: bits & 63)
    switch value {
    case 0..<26: return UInt8(ascii: "A") + value
    case 26..<52: return UInt8(ascii: "a") + value - 26
    case 52..<62: return UInt8(ascii: "0") + value - 52
    case 62: return UInt8(ascii: "+")
    default: return UInt8(ascii: "/")
    }
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): return byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): return 62
    case UInt8(ascii: "/"): return 63
    default: return nil
    }
  }
}
