import ManifestSchema
import ManifestSyntax

/// What a cluster is set up with; kept in its store.
public struct ClusterSettings: Hashable, Sendable {
  /// Which Kubernetes it behaves as.
  public var version: KubernetesVersion
  /// The ranges of Services' addresses, the first family first; one or two.
  public var serviceCIDRs: [String]
  public var nodePortRange: ClosedRange<Int>
  /// The range that nodes' pods take their addresses from.
  public var podCIDR: String
  /// Where all chance begins: names, uids, addresses.
  public var seed: UInt64
  /// Admission plugins that do not run, by the names that the server's flags have.
  public var disabledAdmissionPlugins: [String]

  /// A cluster as it comes: Kubernetes 1.36, one address family.
  public init(
    version: KubernetesVersion = KubernetesVersion(minor: 36),
    serviceCIDRs: [String] = ["10.96.0.0/12"], nodePortRange: ClosedRange<Int> = 30000...32767,
    podCIDR: String = "10.244.0.0/16", seed: UInt64 = 0, disabledAdmissionPlugins: [String] = []
  ) {
    self.version = version
    self.serviceCIDRs = serviceCIDRs
    self.nodePortRange = nodePortRange
    self.podCIDR = podCIDR
    self.seed = seed
    self.disabledAdmissionPlugins = disabledAdmissionPlugins
  }

  /// As `GET /version` says it: `v1.36.2`.
  public var gitVersion: String {
    // The patch level that verdicts were compared with; others are told by their first.
    "v1.\(version.minor).\(version.minor == 36 ? 2 : 0)"
  }

  /// As it is stored.
  public var value: Value {
    [
      "version": .string(version.description),
      "serviceCIDRs": .list(serviceCIDRs.map(Value.string)),
      "nodePortRange": .string("\(nodePortRange.lowerBound)-\(nodePortRange.upperBound)"),
      "podCIDR": .string(podCIDR),
      "seed": .string(String(seed)),
      "disabledAdmissionPlugins": .list(disabledAdmissionPlugins.map(Value.string)),
    ]
  }

  /// Reads what ``value`` wrote; what is missing or cannot be read is as in a new cluster.
  public init(_ value: Value) {
    self.init()
    if let known = value["version"]?.string.flatMap({ KubernetesVersion($0) }) { version = known }
    let ranges = value["serviceCIDRs"]?.list?.compactMap(\.string) ?? []
    if !ranges.isEmpty { serviceCIDRs = ranges }
    if let ports = value["nodePortRange"]?.string?.split(separator: "-"), ports.count == 2,
      let first = Int(ports[0]), let last = Int(ports[1]), first <= last
    {
      nodePortRange = first...last
    }
    if let range = value["podCIDR"]?.string { podCIDR = range }
    if let number = value["seed"]?.string.flatMap({ UInt64($0) }) { seed = number }
    disabledAdmissionPlugins = value["disabledAdmissionPlugins"]?.list?.compactMap(\.string) ?? []
  }
}
