/// The formats that the API server knows in schemas of custom resources.
///
/// As lenient as the server: unknown formats say nothing, and known ones refuse what is certainly
/// wrong.
enum CustomFormat {
  /// What a text should have been, and an example of it.
  struct Help {
    var what: String
    var how: String
  }

  /// What is wrong with `text` as a value of `format`; nil when nothing is.
  static func help(for text: String, as format: String) -> Help? {
    guard let (isValid, what, example) = formats[format.filter { $0 != "-" }] else { return nil }
    return isValid(text) ? nil : Help(what: what, how: "write it like '\(example)'")
  }

  private static let formats: [String: (@Sendable (String) -> Bool, String, String)] = [
    "byte": ({ Base64.decode($0) != nil }, "base64", "aGVsbG8="),
    "date": (isDate, "a date", "2026-01-31"),
    "datetime": (isDateTime, "an RFC 3339 time", "2026-01-31T12:00:00Z"),
    "duration": (isDuration, "a duration", "1h30m"),
    "email": (isEmail, "an email address", "name@example.com"),
    "hostname": (isHostname, "a host name", "www.example.com"),
    "ipv4": ({ IPAddress($0)?.family == .v4 }, "an IPv4 address", "10.0.0.1"),
    "ipv6": ({ IPAddress($0)?.family == .v6 }, "an IPv6 address", "2001:db8::1"),
    "cidr": ({ CIDR($0) != nil }, "a CIDR block", "10.0.0.0/8"),
    "mac": (isMAC, "a hardware address", "00:1b:44:11:3a:b7"),
    "uri": (isURI, "a URI", "https://example.com/path"),
    "uuid": (isUUID, "a UUID", "8f14e45f-ceea-467f-9575-2b1b2d3c4e5f"),
  ]

  @Sendable private static func isDate(_ text: String) -> Bool {
    text.utf8.count == 10 && Time("\(text)T00:00:00Z") != nil
  }

  /// RFC 3339, with small letters allowed.
  @Sendable private static func isDateTime(_ text: String) -> Bool {
    let parts = text.lowercased().split(separator: "t", omittingEmptySubsequences: false)
    guard parts.count >= 2, isDate(String(parts[0])) else { return false }
    guard var rest = clock(parts[1]) else { return false }
    if rest.first == "." || rest.first == "," {
      let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(fraction.count + 1)
    }
    if rest == "z" { return true }
    guard rest.first == "+" || rest.first == "-" else { return false }
    let zone = Array(rest.dropFirst().utf8)
    return zone.count == 5 && zone[2] == UInt8(ascii: ":")
      && [0, 1, 3, 4].allSatisfy { (0x30...0x39).contains(zone[$0]) }
  }

  /// Takes `hh:mm:ss` off the front; nil when it is not there.
  private static func clock(_ text: Substring) -> Substring? {
    let bytes = Array(text.utf8.prefix(8))
    guard bytes.count == 8, bytes[2] == 0x3A, bytes[5] == 0x3A else { return nil }
    for (place, max) in [(0, 23), (3, 59), (6, 59)] {
      guard (0x30...0x39).contains(bytes[place]), (0x30...0x39).contains(bytes[place + 1]),
        Int(bytes[place] - 0x30) * 10 + Int(bytes[place + 1] - 0x30) <= max
      else { return nil }
    }
    return text.dropFirst(8)
  }

  /// Numbers with units: `1h30m`, also `3 days`.
  @Sendable private static func isDuration(_ text: String) -> Bool {
    if text == "0" || text == "+0" || text == "-0" { return true }
    let units = [
      "ns", "us", "µs", "μs", "ms", "s", "m", "h", "d", "w", "nano", "micro", "milli", "sec",
      "min", "hr", "hour", "day", "wk", "week",
    ]
    var rest = text.lowercased()[...]
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    guard !rest.isEmpty else { return false }
    while !rest.isEmpty {
      let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      rest = rest.dropFirst(number.count).drop { $0 == " " }
      let unit = rest.prefix { $0.isLetter }
      rest = rest.dropFirst(unit.count).drop { $0 == " " }
      guard number.contains(where: \.isNumber), number.count(where: { $0 == "." }) <= 1,
        units.contains(where: { unit == $0 || $0.count > 2 && unit.hasPrefix($0) })
      else { return false }
    }
    return true
  }

  @Sendable private static func isEmail(_ text: String) -> Bool {
    guard let at = text.lastIndex(of: "@") else { return false }
    let domain = text[text.index(after: at)...]
    return at > text.startIndex && !domain.isEmpty && domain.first != ">"
      && !domain.contains(where: \.isWhitespace)
  }

  @Sendable private static func isHostname(_ text: String) -> Bool {
    guard !text.isEmpty, text.utf8.count <= 255 else { return false }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    if labels.count > 1, labels.last?.unicodeScalars.count ?? 0 < 2 { return false }
    return labels.allSatisfy { label in
      guard !label.isEmpty, label.utf8.count <= 63, label.first != "-", label.last != "-" else {
        return false
      }
      return label.unicodeScalars.allSatisfy(isHostScalar)
    }
  }

  private static func isHostScalar(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == "-" || scalar.isASCII && scalar.properties.numericType != nil { return true }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
      return true
    default: return false
    }
  }

  @Sendable private static func isMAC(_ text: String) -> Bool {
    let separator: Character = text.contains(":") ? ":" : text.contains("-") ? "-" : "."
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let width = separator == "." ? 4 : 2
    let digits = parts.count * width
    return [12, 16, 40].contains(digits)
      && parts.allSatisfy { $0.utf8.count == width && $0.allSatisfy(\.isHexDigit) }
  }

  /// An absolute URI, or a path from the root.
  @Sendable private static func isURI(_ text: String) -> Bool {
    guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      return false
    }
    if text.hasPrefix("/") { return true }
    guard let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII,
      first.isLetter
    else { return false }
    return text[..<colon].allSatisfy {
      $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+" || $0 == "-" || $0 == ".")
    }
  }

  @Sendable private static func isUUID(_ text: String) -> Bool {
    let digits = text.filter { $0 != "-" }
    guard digits.utf8.count == 32, digits.allSatisfy(\.isHexDigit) else { return false }
    let places = text.enumerated().filter { $0.element == "-" }.map(\.offset)
    // Each hyphen may be missing, which moves those after it.
    var expected = [8, 12, 16, 20]
    for (number, place) in places.enumerated() {
      let digitsBefore = place - number
      guard let position = expected.firstIndex(of: digitsBefore) else { return false }
      expected.removeFirst(position + 1)
    }
    return true
  }
}
