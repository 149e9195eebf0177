/// How text is made safe for the place that it is printed in.
enum Escaping {
  /// Text for an XML attribute or element: nothing in it is markup, and what XML 1.0 cannot hold
  /// is spelled out.
  static func xml(_ text: String) -> String { xml(text, keepsLines: false) }

  /// The same for the content of an element, where lines stay lines.
  static func xmlLines(_ text: String) -> String { xml(text, keepsLines: true) }

  private static func xml(_ text: String, keepsLines: Bool) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x26: result += "&amp;"
      case 0x3C: result += "&lt;"
      case 0x3E: result += "&gt;"
      case 0x22: result += "&quot;"
      case 0x27: result += "&apos;"
      case 10 where keepsLines: result += "\n"
      // Written as they are, these would become spaces in an attribute.
      case 9, 10, 13: result += "&#\(scalar.value);"
      case 0x7F...0x9F: result += "&#\(scalar.value);"
      case 0..<32, 0xFFFE, 0xFFFF: result += spelled(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Text for one line of a terminal: no line breaks, no escape sequences, no reordering of what
  /// the reader sees.
  static func terminal(_ text: String) -> String {
    var text = text
    if text.withUTF8({ isPlain(UnsafeRawBufferPointer($0)) }) { return text }
    guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 9: result += "\\t"
      case 10: result += "\\n"
      case 13: result += "\\r"
      default:
        if isUnprintable(scalar) {
          result += spelled(scalar)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// Whether all bytes are characters of ASCII that take a column each.
  static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // All are looked at, which the compiler does many at a time.
    var odd: UInt8 = 0
    for byte in bytes { odd |= byte &- 0x20 < 0x5F ? 0 : 1 }
    return odd == 0
  }

  /// Whether a terminal would not show the character but obey it.
  static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<32, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// The message of a GitHub workflow command.
  static func workflowData(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A property of a GitHub workflow command, where `:` and `,` have a meaning too.
  static func workflowProperty(_ text: String) -> String {
    var result = ""
    for scalar in workflowData(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A file's path as a URI reference: relative as it is, absolute with the `file` scheme.
  static func uri(path: String) -> String {
    var path = Substring(path)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    var result = path.hasPrefix("/") ? "file://" : ""
    for byte in path.utf8 {
      let isPlain =
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        case UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "="): true
        default: false
        }
      if isPlain {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16))}"
  }
}
