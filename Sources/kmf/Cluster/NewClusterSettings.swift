import ClusterAPI
import ClusterControl
import ManifestSchema

/// What `kmf cluster create` was asked to make.
struct NewClusterSettings {
  var version: String?
  var serviceCIDRs: [String]
  var nodePortRange: String?
  var podCIDR: String?
  var disabledAdmission: [String]

  /// The settings, once they make sense.
  func checked() throws(CommandFailure) -> ClusterSettings {
    var settings = ClusterSettings()
    if let version {
      guard let known = KubernetesVersion(version), known.isCovered else {
        throw CommandFailure(
          "'\(version)' is no version that kmf covers",
          help: "write one from \(KubernetesVersion.oldest) to \(KubernetesVersion.latest)")
      }
      settings.version = known
    }
    if let nodePortRange { settings.nodePortRange = try Self.ports(nodePortRange) }
    if !serviceCIDRs.isEmpty { settings.serviceCIDRs = serviceCIDRs }
    var ranges: [CIDR] = []
    for text in settings.serviceCIDRs { ranges.append(try Self.range(text, "--service-cidr")) }
    guard ServiceNetwork(serviceCIDRs: ranges, nodePorts: settings.nodePortRange) != nil else {
      throw CommandFailure(
        "--service-cidr cannot be \(settings.serviceCIDRs.joined(separator: " and "))",
        help: "name one range, or two of different families, none of them too small")
    }
    if let podCIDR { settings.podCIDR = try Self.range(podCIDR, "--pod-cidr").description }
    settings.disabledAdmissionPlugins = disabledAdmission
    return settings
  }

  private static func range(_ text: String, _ option: String) throws(CommandFailure) -> CIDR {
    guard let range = CIDR(text) else {
      throw CommandFailure("\(option): '\(text)' is no range; write one like 10.96.0.0/12")
    }
    return range
  }

  private static func ports(_ text: String) throws(CommandFailure) -> ClosedRange<Int> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last,
      (1...65535).contains(first), last <= 65535
    else {
      throw CommandFailure("--node-port-range: '\(text)' is no range; write one like 30000-32767")
    }
    return first...last
  }
}
