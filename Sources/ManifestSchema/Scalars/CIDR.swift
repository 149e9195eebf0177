/// A range of addresses: an address and how many of its bits count (`10.0.0.0/8`).
public struct CIDR: Hashable, Sendable {
  /// The address as written, bits after the prefix included.
  public let address: IPAddress
  public let prefixLength: Int

  /// Nil when the prefix is longer than the address.
  public init?(address: IPAddress, prefixLength: Int) {
    guard (0...address.family.width).contains(prefixLength) else { return nil }
    self.address = address
    self.prefixLength = prefixLength
  }

  /// Reads `ADDRESS/LENGTH`; the strict reading refuses leading zeros in both.
  public init?(_ text: some StringProtocol, _ reading: IPAddress.Reading = .legacy) {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let length = text.utf8[text.utf8.index(after: slash)...]
    guard let address = IPAddress(text[..<slash], reading), !length.isEmpty,
      reading == .legacy || length.count == 1 || length.first != UInt8(ascii: "0")
    else { return nil }
    var value = 0
    for byte in length {
      let digit = byte &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int(digit)
      guard value <= 128 else { return nil }
    }
    self.init(address: address, prefixLength: value)
  }

  private var hostMask: UInt128 {
    let hostBits = address.family.width - prefixLength
    return hostBits == 128 ? .max : (1 << UInt128(hostBits)) - 1
  }

  /// Whether bits are set that the prefix does not cover.
  public var hasHostBits: Bool { address.bits & hostMask != 0 }

  /// The same range with those bits cleared.
  public var masked: CIDR {
    let bits = address.bits & ~hostMask
    let first =
      address.family == .v4
      ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
    return CIDR(address: first, prefixLength: prefixLength) ?? self
  }

  /// Whether `other` lies in the range; addresses of the other family never do.
  public func contains(_ other: IPAddress) -> Bool {
    other.family == address.family && (other.bits ^ address.bits) & ~hostMask == 0
  }
}

extension CIDR: CustomStringConvertible {
  public var description: String { "\(address)/\(prefixLength)" }
}
