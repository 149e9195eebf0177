import ManifestSchema

/// What a cluster has for its Services.
public struct ServiceNetwork: Hashable, Sendable {
  /// One range for each family; the first is the default.
  public let ranges: [AddressRange]
  /// The ports that nodes open.
  public let nodePorts: ClosedRange<Int>

  /// `10.96.0.0/12` and the ports 30000 to 32767.
  public static let standard: ServiceNetwork = {
    guard let cidr = CIDR("10.96.0.0/12"),
      let network = ServiceNetwork(serviceCIDRs: [cidr], nodePorts: 30000...32767)
    else { preconditionFailure("the literal range holds addresses") }
    return network
  }()

  private init(ranges: [AddressRange], nodePorts: ClosedRange<Int>) {
    self.ranges = ranges
    self.nodePorts = nodePorts
  }

  /// Nil without a range, with one that holds no address, with two of one family, or with ports
  /// beyond 1 to 65535.
  public init?(serviceCIDRs: [CIDR], nodePorts: ClosedRange<Int>) {
    let ranges = serviceCIDRs.compactMap { AddressRange($0) }
    guard !ranges.isEmpty, ranges.count == serviceCIDRs.count,
      Set(ranges.map(\.family)).count == ranges.count, nodePorts.lowerBound >= 1,
      nodePorts.upperBound <= 65535
    else { return nil }
    self.init(ranges: ranges, nodePorts: nodePorts)
  }

  public var isDualStack: Bool { ranges.count > 1 }

  func range(_ family: String) -> AddressRange? { ranges.first { $0.family == family } }

  /// The ports as numbers from 0.
  var portBands: BandedRange {
    let count = nodePorts.count
    // Ranges of 16 ports and fewer have no lower band.
    let lower = count <= 16 ? 0 : min(max(16, count / 32), 128)
    return BandedRange(count: UInt64(count), lowerBand: UInt64(lower))
  }
}
