import ManifestSyntax

/// How text is made safe for the place that it is printed in.
enum Escaping {
  /// Text for an XML attribute or element: nothing in it is markup, and what XML 1.0 cannot hold
  /// is spelled out.
  static func xml(_ text: String) -> String { xml(text, keepsLines: false) }

  /// The same for the content of an element, where lines stay lines.
  static func xmlLines(_ text: String) -> String { xml(text, keepsLines: true) }

  private static func xml(_ text: String, keepsLines: Bool) -> String {
    replaced(text) { scalar in
      switch scalar.value {
      case 0x26: "&amp;"
      case 0x3C: "&lt;"
      case 0x3E: "&gt;"
      case 0x22: "&quot;"
      case 0x27: "&apos;"
      case 10 where keepsLines: nil
      // Written as they are, these would become spaces in an attribute.
      case 9, 10, 13: "&#\(scalar.value);"
      case 0x7F...0x9F: "&#\(scalar.value);"
      case 0..<32, 0xFFFE, 0xFFFF: spelled(scalar)
      default: nil
      }
    }
  }

  /// The text with those characters written otherwise for which `spelling` has something.
  ///
  /// All others are copied as the bytes that they are: to append them to a string one by one would
  /// take many times as long.
  static func replaced(
    _ text: String, by spelling: (Unicode.Scalar) -> String?
  ) -> String {
    text.withBytes { bytes in
      var result: [UInt8] = []
      var copied = 0
      var at = 0
      while at < bytes.count {
        let next = at + length(ofCharacterFrom: bytes[at])
        if let other = spelling(scalar(of: bytes[at..<next])) {
          result += bytes[copied..<at]
          result += other.utf8
          copied = next
        }
        at = next
      }
      if copied == 0 { return text }
      result += bytes[copied...]
      return String(decoding: result, as: UTF8.self)
    }
  }

  private static func length(ofCharacterFrom first: UInt8) -> Int {
    first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }

  /// The character that valid UTF-8 stands for.
  private static func scalar(of bytes: Slice<UnsafeRawBufferPointer>) -> Unicode.Scalar {
    let first = bytes[bytes.startIndex]
    if first < 0x80 { return Unicode.Scalar(first) }
    let marked = UInt32(first) & (0x7F >> UInt32(bytes.count))
    let value = bytes.dropFirst().reduce(marked) { $0 << 6 | UInt32($1 & 0x3F) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  /// Text for one line of a terminal: no line breaks, no escape sequences, no reordering of what
  /// the reader sees.
  static func terminal(_ text: String) -> String {
    var text = text
    if text.withUTF8({ isPlain(UnsafeRawBufferPointer($0)) }) { return text }
    return replaced(text) { scalar in
      switch scalar.value {
      case 9: "\\t"
      case 10: "\\n"
      case 13: "\\r"
      default: isUnprintable(scalar) ? spelled(scalar) : nil
      }
    }
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
    replaced(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: nil
      }
    }
  }

  /// A property of a GitHub workflow command, where `:` and `,` have a meaning too.
  static func workflowProperty(_ text: String) -> String {
    replaced(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }

  /// A file's path as a URI reference: relative as it is, absolute with the `file` scheme.
  static func uri(path: String) -> String {
    var path = Substring(path)
    while path.hasPrefix("./") { path = path.dropFirst(2) }
    var result = Array((path.hasPrefix("/") ? "file://" : "").utf8)
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
        result.append(byte)
      } else {
        let digits = (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        result += "%\(digits)".utf8
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    "\\u{\(String(scalar.value, radix: 16))}"
  }
}
