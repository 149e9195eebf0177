/// How a text is written in YAML: bare where that is safe, quoted where it is not.
enum YAMLText {
  /// `text` on one line: bare, in single quotes, or in double quotes with escapes.
  static func inLine(_ text: String) -> String {
    let bytes = Array(text.utf8)
    if !isPrintable(text) || bytes.contains(10) || meansSomethingElse(bytes) { return quoted(text) }
    if canBePlain(bytes) { return text }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "''") + "'"
  }

  /// Whether `text` has several lines and a literal block can hold it as it is.
  static func fitsBlock(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.contains(10), bytes.last != 32, isPrintable(text) else { return false }
    for index in bytes.indices.dropFirst() where bytes[index] == 10 && bytes[index - 1] == 32 {
      return false
    }
    return true
  }

  // MARK: - What needs quotes

  /// Whether a reader would take the bare text for a number, a truth value, null, a time, a merge.
  private static func meansSomethingElse(_ bytes: [UInt8]) -> Bool {
    if bytes == [UInt8(ascii: "<"), UInt8(ascii: "<")] { return true }
    let kind = bytes.withUnsafeBytes { ScalarResolution.kind(ofPlain: $0) }
    return kind != .string || isSexagesimal(bytes) || isTime(bytes)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// `12:30:45`: a number to other readers of YAML 1.1.
  private static func isSexagesimal(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    if let first = rest.first, first == 0x2B || first == 0x2D { rest = rest.dropFirst() }
    let parts = rest.split(separator: 0x3A, omittingEmptySubsequences: false)
    guard parts.count >= 2, let first = parts.first?.first, isDigit(first) else { return false }
    return parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { isDigit($0) || $0 == 0x5F || $0 == 0x2E }
    }
  }

  /// `2024-01-31`, alone or before a time of day: a date to other readers of YAML 1.1.
  private static func isTime(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 8, bytes[..<4].allSatisfy(isDigit), bytes[4] == 0x2D else { return false }
    let month = bytes[5...].prefix(while: isDigit)
    let dash = month.endIndex
    guard (1...2).contains(month.count), dash < bytes.count, bytes[dash] == 0x2D else {
      return false
    }
    let day = bytes[(dash + 1)...].prefix(while: isDigit)
    guard (1...2).contains(day.count) else { return false }
    guard day.endIndex < bytes.count else { return true }
    return [UInt8(ascii: "T"), UInt8(ascii: "t"), 32].contains(bytes[day.endIndex])
  }

  /// Whether a reader finds the end of the bare text where it is.
  private static func canBePlain(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, first != 32, bytes.last != 32 else { return false }
    let isMarker = bytes.starts(with: Array("---".utf8)) || bytes.starts(with: Array("...".utf8))
    if isMarker || Array("#,[]{}&*!|>'\"%@`".utf8).contains(first) { return false }
    for (index, byte) in bytes.enumerated() {
      let isBeforeSpace = index + 1 == bytes.count || bytes[index + 1] == 32
      switch byte {
      case UInt8(ascii: ":") where isBeforeSpace: return false
      case UInt8(ascii: "?") where index == 0 && isBeforeSpace: return false
      case UInt8(ascii: "-") where index == 0 && isBeforeSpace: return false
      case UInt8(ascii: "#") where index > 0 && bytes[index - 1] == 32: return false
      default: break
      }
    }
    return true
  }

  /// Whether all characters stand for themselves in a file; line feeds count as such.
  private static func isPrintable(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(isPrintable)
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x0A, 0x20...0x7E: true
    // Line and paragraph separators end a line; a byte order mark is not text.
    case 0x2028, 0x2029, 0xFEFF: false
    case 0xA0...0xD7FF, 0xE000...0xFFFD: true
    default: false
    }
  }

  // MARK: - Double quotes

  /// `text` in double quotes, with escapes for all that cannot stand for itself.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if let letter = letter(of: scalar) {
        result += "\\" + letter
      } else if isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
      } else if scalar.value <= 0xFF {
        result += "\\x" + hex(scalar.value, 2)
      } else if scalar.value <= 0xFFFF {
        result += "\\u" + hex(scalar.value, 4)
      } else {
        result += "\\U" + hex(scalar.value, 8)
      }
    }
    return result + "\""
  }

  private static func letter(of scalar: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x00: "0"
    case 0x07: "a"
    case 0x08: "b"
    case 0x09: "t"
    case 0x0A: "n"
    case 0x0B: "v"
    case 0x0C: "f"
    case 0x0D: "r"
    case 0x1B: "e"
    case 0x22: "\""
    case 0x5C: "\\"
    case 0x85: "N"
    case 0x2028: "L"
    case 0x2029: "P"
    default: nil
    }
  }

  private static func hex(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
