/// An IPv4 or IPv6 address, without a zone.
public struct IPAddress: Hashable, Sendable {
  public enum Family: UInt8, Sendable {
    case v4 = 4
    case v6 = 6
    /// How many bits an address has.
    public var width: Int { self == .v4 ? 32 : 128 }
  }

  public let family: Family
  /// The address as a number; an IPv4 address in the low 32 bits.
  public let bits: UInt128

  public init(v4 bits: UInt32) {
    family = .v4
    self.bits = UInt128(bits)
  }

  public init(v6 bits: UInt128) {
    family = .v6
    self.bits = bits
  }

  /// How strictly an address is read.
  public enum Reading: Sendable {
    /// As older fields are read: zeros may stand in front of octets and groups.
    case legacy
    /// Without leading zeros in octets and with at most four digits in a group.
    case strict
  }

  /// Reads an address; zones are refused in both readings.
  public init?(_ text: some StringProtocol, _ reading: Reading = .legacy) {
    let bytes = Substring(text).utf8
    if bytes.contains(UInt8(ascii: ":")) {
      guard let bits = IPReader.v6(bytes, reading) else { return nil }
      self.init(v6: bits)
    } else {
      guard let bits = IPReader.v4(bytes, reading) else { return nil }
      self.init(v4: bits)
    }
  }

  /// Whether it is an IPv6 address that stands for an IPv4 address (`::ffff:1.2.3.4`).
  public var isIPv4Mapped: Bool { family == .v6 && bits >> 32 == 0xFFFF }

  /// The IPv4 address itself for a mapped one: what the server compares and judges by.
  public var unmapped: IPAddress {
    isIPv4Mapped ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : self
  }

  /// `0.0.0.0` or `::`.
  public var isUnspecified: Bool { unmapped.bits == 0 }

  /// `127.0.0.0/8` or `::1`.
  public var isLoopback: Bool {
    let address = unmapped
    return address.family == .v4 ? address.bits >> 24 == 127 : address.bits == 1
  }

  /// `169.254.0.0/16` or `fe80::/10`.
  public var isLinkLocalUnicast: Bool {
    let address = unmapped
    return address.family == .v4
      ? address.bits >> 16 == 0xA9FE : address.bits >> 118 == 0xFE80 >> 6
  }

  /// `224.0.0.0/24` or `ff02::/16` with any flags.
  public var isLinkLocalMulticast: Bool {
    let address = unmapped
    return address.family == .v4
      ? address.bits >> 8 == 0xE00000 : (address.bits >> 112) & 0xFF0F == 0xFF02
  }

  /// `224.0.0.0/4` or `ff00::/8`.
  public var isMulticast: Bool {
    let address = unmapped
    return address.family == .v4 ? address.bits >> 28 == 0xE : address.bits >> 120 == 0xFF
  }
}

extension IPAddress: CustomStringConvertible {
  /// The canonical form: RFC 5952 for IPv6.
  public var description: String {
    guard family == .v6 else { return Self.dotted(bits) }
    if isIPv4Mapped { return "::ffff:" + Self.dotted(bits & 0xFFFF_FFFF) }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> UInt128(112 - 16 * $0)) }
    let gap = Self.longestZeros(groups)
    let texts = groups.map { String($0, radix: 16) }
    guard gap.count >= 2 else { return texts.joined(separator: ":") }
    return texts[..<gap.lowerBound].joined(separator: ":") + "::"
      + texts[gap.upperBound...].joined(separator: ":")
  }

  private static func dotted(_ bits: UInt128) -> String {
    [24, 16, 8, 0].map { String((bits >> UInt128($0 as Int)) & 0xFF) }.joined(separator: ".")
  }

  /// The first of the longest runs of zero groups.
  private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
    var best = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > best.count {
        best = start..<(index + 1)
      }
    }
    return best
  }
}

/// Reads addresses out of bytes, linear in their number.
private enum IPReader {
  static func v4(_ bytes: some Collection<UInt8>, _ reading: IPAddress.Reading) -> UInt32? {
    var bits: UInt32 = 0
    var octet = 0
    var digits = 0
    var octets = 0
    for byte in bytes {
      if byte == UInt8(ascii: ".") {
        guard digits > 0, octets < 3 else { return nil }
        bits = bits << 8 | UInt32(octet)
        (octet, digits, octets) = (0, 0, octets + 1)
        continue
      }
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      if reading == .strict, digits > 0, octet == 0 { return nil }
      octet = octet * 10 + Int(digit)
      digits += 1
      guard octet <= 255 else { return nil }
    }
    return digits > 0 && octets == 3 ? bits << 8 | UInt32(octet) : nil
  }

  static func v6(
    _ bytes: TextBytes, _ reading: IPAddress.Reading
  ) -> UInt128? {
    let colon = UInt8(ascii: ":")
    var groups: [UInt16] = []
    var gap: Int?
    var rest = bytes
    if rest.starts(with: [colon, colon]) {
      gap = 0
      rest = rest.dropFirst(2)
    }
    while !rest.isEmpty {
      guard groups.count < 8 else { return nil }
      let part = rest.prefix { $0 != colon }
      let after = rest[part.endIndex...]
      if part.contains(UInt8(ascii: ".")) {
        // An IPv4 address may only fill the end.
        guard after.isEmpty, groups.count <= 6, gap != nil || groups.count == 6,
          let bits = v4(part, reading)
        else { return nil }
        groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
        break
      }
      guard let group = group(part, reading) else { return nil }
      groups.append(group)
      rest = after
      guard !rest.isEmpty else { break }
      rest = rest.dropFirst()
      guard let next = rest.first else { return nil }
      if next == colon {
        guard gap == nil else { return nil }
        gap = groups.count
        rest = rest.dropFirst()
      }
    }
    return joined(groups, gap)
  }

  private static func joined(_ groups: [UInt16], _ gap: Int?) -> UInt128? {
    var all = groups
    if let gap {
      // A gap stands for one group at least.
      guard groups.count < 8 else { return nil }
      all.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard all.count == 8 else { return nil }
    return all.reduce(0) { $0 << 16 | UInt128($1) }
  }

  private static func group(
    _ bytes: some Collection<UInt8>, _ reading: IPAddress.Reading
  ) -> UInt16? {
    var value = 0
    var count = 0
    for byte in bytes {
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: return nil
      }
      value = value << 4 | Int(digit)
      count += 1
      guard value <= 0xFFFF, reading == .legacy || count <= 4 else { return nil }
    }
    return count > 0 ? UInt16(value) : nil
  }
}
