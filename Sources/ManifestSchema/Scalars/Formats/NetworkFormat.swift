/// Addresses, ranges and header names (FMT-23…FMT-25).
public enum NetworkFormat {
  /// An address, in the strict reading unless told otherwise (strict since Kubernetes 1.36).
  public static func ip(
    _ text: some StringProtocol, _ reading: IPAddress.Reading = .strict
  ) -> [String] {
    guard let address = IPAddress(text) else {
      return ["it must be an IP address, like 10.9.8.7 or 2001:db8::ffff"]
    }
    if reading == .legacy { return [] }
    if IPAddress(text, .strict) == nil {
      return ["it must not have leading zeros; write '\(address)'"]
    }
    return address.isIPv4Mapped
      ? ["it must not be an IPv4 address inside an IPv6 address; write '\(address.unmapped)'"] : []
  }

  /// A range of addresses, in the strict reading unless told otherwise.
  public static func cidr(
    _ text: some StringProtocol, _ reading: IPAddress.Reading = .strict
  ) -> [String] {
    guard let range = CIDR(text) else {
      return ["it must be an address range, like 10.9.8.0/24 or 2001:db8::/64"]
    }
    if reading == .legacy { return [] }
    if CIDR(text, .strict) == nil {
      return ["it must not have leading zeros; write '\(range.masked)'"]
    }
    if range.address.isIPv4Mapped {
      return ["it must not have an IPv4 address inside an IPv6 address"]
    }
    return range.hasHostBits
      ? ["it has bits set after its prefix; write '\(range.masked)'"] : []
  }

  /// The name of an HTTP header.
  public static func headerName(_ text: some StringProtocol) -> [String] {
    let isFine = text.utf8.allSatisfy {
      CharacterClasses.isAlphanumeric($0) || $0 == UInt8(ascii: "-")
    }
    return isFine && !text.isEmpty ? [] : ["it must consist of letters, digits and '-'"]
  }
}
