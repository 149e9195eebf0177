import ManifestSyntax

/// Names and addresses that only storage servers have.
enum StorageNames {
  /// A name of iSCSI: `iqn.2001-04.com.example:disk`, `eui.` or `naa.` and letters and digits.
  static func isISCSIName(_ name: String) -> Bool {
    if name.hasPrefix("iqn") { return isQualifiedName(name) }
    if name.hasPrefix("eui") { return isDigits(name, count: 16) }
    return name.hasPrefix("naa") && isDigits(name, count: 32)
  }

  /// Any character after the three letters, then so many letters and digits.
  private static func isDigits(_ name: String, count: Int) -> Bool {
    let rest = name.unicodeScalars.dropFirst(3)
    guard let mark = rest.first, mark != "\n" else { return false }
    let digits = rest.dropFirst()
    return digits.count == count
      && digits.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || isDigit($0)) }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// Whether the text ends in `iqn.`, year and month, a domain, a colon and a name. What is before
  /// does not matter to the server.
  private static func isQualifiedName(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    let forbidden = Set(",;*&$| \t\n\u{0C}\r".utf8)
    let lastForbidden = bytes.lastIndex { forbidden.contains($0) } ?? -1
    // The first colon after the domain's beginning, and the last byte before it that no domain has.
    var (colon, lastStrange) = (-1, -1)
    for start in bytes.indices where beginsName(bytes[start...]) {
      let domain = start + nameHead
      while colon < domain {
        colon += 1
        while colon < bytes.count, bytes[colon] != UInt8(ascii: ":") {
          if !isDomainByte(bytes[colon]) { lastStrange = colon }
          colon += 1
        }
        if colon >= bytes.count { return false }
      }
      if lastStrange < domain, colon > domain, colon + 1 < bytes.count, lastForbidden < colon {
        return true
      }
    }
    return false
  }

  /// The bytes of `iqn.2001-04.`.
  private static let nameHead = 12

  private static func beginsName(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.count > nameHead, bytes.starts(with: "iqn.".utf8) else { return false }
    return zip(bytes.dropFirst(4), "dddd-dd.".utf8).allSatisfy { byte, pattern in
      pattern == UInt8(ascii: "d") ? byte &- UInt8(ascii: "0") < 10 : byte == pattern
    }
  }

  private static func isDomainByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10
  }

  /// `host:port`, an IPv6 host in brackets; both may be empty.
  static func isHostAndPort(_ text: Substring.UTF8View) -> Bool {
    let (open, close) = (UInt8(ascii: "["), UInt8(ascii: "]"))
    guard let colon = text.lastIndex(of: UInt8(ascii: ":")) else { return false }
    let port = text[text.index(after: colon)...]
    if port.contains(open) || port.contains(close) { return false }
    var host = text[..<colon]
    if host.first == open {
      guard host.last == close else { return false }
      host = host.dropFirst().dropLast()
      return !host.contains(open) && !host.contains(close)
    }
    return !host.contains { $0 == open || $0 == close || $0 == UInt8(ascii: ":") }
  }
}
