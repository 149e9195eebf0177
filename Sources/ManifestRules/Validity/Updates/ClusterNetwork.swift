import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The address families that a cluster gives to Services.
public struct ClusterNetwork: Hashable, Sendable {
  /// `IPv4`, `IPv6`, the cluster's first choice first.
  public var families: [String]

  public init(families: [String]) { self.families = families }

  /// What a server has that was not told otherwise.
  public static let standard = ClusterNetwork(families: ["IPv4"])

  public static let dualStack = ClusterNetwork(families: ["IPv4", "IPv6"])

  public var isDualStack: Bool { families.count > 1 }

  /// The network that a stored Service proves, or the standard one.
  static func proved(by service: NodeRef) -> ClusterNetwork {
    guard let spec = service["spec"].flatMap(ServiceSpec.read) else { return .standard }
    let addresses = ServiceAddresses(spec)
    // A service without address and selector may name families that its cluster does not have.
    if addresses.clusterIP == ServiceAddresses.none, !addresses.hasSelector { return .standard }
    let hasSecond =
      addresses.families.contains("IPv6") || addresses.policy == "RequireDualStack"
      || addresses.clusterIPs.contains { IPAddress($0)?.family == .v6 }
    return hasSecond ? .dualStack : .standard
  }
}
