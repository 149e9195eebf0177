import ManifestSchema

/// The addresses that Services may get from one range.
///
/// The first address of the range (and the last one of an IPv4 range) is nobody's. The lower band
/// is left to those who name an address; picks come from it only when the rest is full.
public struct AddressRange: Hashable, Sendable {
  public let cidr: CIDR

  /// Nil for a range without a single address to give.
  public init?(_ cidr: CIDR) {
    self.cidr = cidr.masked
    guard count > 0 else { return nil }
  }

  /// `IPv4` or `IPv6`, as Services spell it.
  public var family: String { Self.family(of: cidr.address) }

  public static func family(of address: IPAddress) -> String {
    address.family == .v4 ? "IPv4" : "IPv6"
  }

  private var hostBits: Int { cidr.address.family.width - cidr.prefixLength }

  /// How many addresses the range has, up to 2^63.
  private var size: UInt64 { hostBits >= 63 ? 1 << 63 : 1 << UInt64(hostBits) }

  /// How many of them can be given.
  var count: UInt64 {
    let unusable: UInt64 = cidr.address.family == .v4 ? 2 : 1
    return size > unusable ? size - unusable : 0
  }

  /// How many of these, from the lowest, are left to static addresses.
  var lowerBand: UInt64 { size <= 16 ? 0 : min(max(16, size / 16), 256) }

  /// The address that stands for one that a dry run would get.
  var placeholder: IPAddress { cidr.address }

  /// The address at `index`, counted from 0, which is below `count`.
  func address(at index: UInt64) -> IPAddress {
    let bits = cidr.address.bits &+ UInt128(index) &+ 1
    return cidr.address.family == .v4
      ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
  }

  /// Whether `address` can be given.
  public func contains(_ address: IPAddress) -> Bool {
    guard cidr.contains(address) else { return false }
    let offset = address.bits &- cidr.address.bits
    return offset > 0 && offset <= UInt128(count)
  }

  /// A free address, picked by `generator`; nil when all are taken.
  func pick(
    _ generator: inout SeededGenerator, in table: any AllocationTable
  ) throws(AdmissionRefusal) -> IPAddress? {
    let bands = BandedRange(count: count, lowerBand: min(lowerBand, count))
    return try bands.pick(&generator) { (index) throws(AdmissionRefusal) in
      try !table.isTaken(.address(address(at: index).description))
    }.map(address(at:))
  }
}

/// Numbers from 0 of which the lowest are picked last.
struct BandedRange {
  let count: UInt64
  let lowerBand: UInt64

  /// The first free number from a random place on, in the upper band, else in the lower.
  func pick(
    _ generator: inout SeededGenerator, isFree: (UInt64) throws(AdmissionRefusal) -> Bool
  ) throws(AdmissionRefusal) -> UInt64? {
    for (start, length) in [(lowerBand, count - lowerBand), (0, lowerBand)] where length > 0 {
      let first = generator.number(below: length)
      for step in 0..<length {
        let index = start + (first + step) % length
        if try isFree(index) { return index }
      }
    }
    return nil
  }
}
