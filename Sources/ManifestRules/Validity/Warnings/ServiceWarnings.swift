import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Services that the server accepts with a warning, and what it drops of them.
enum ServiceWarnings: KindRules {
  static let title = "Warnings about Services"
  static let needs = [
    ServiceExposureRules.topologyHints, "clusterIP", "clusterIPs", "externalIPs", "externalName",
    "loadBalancerIP", "loadBalancerSourceRanges", "sessionAffinityConfig", "trafficDistribution",
  ]
  static let kinds = ServiceRules.kinds

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(ServiceSpec.read) else { return }
    if let annotations = object.node[.metadata]?[.annotations],
      annotations.member(named: ServiceExposureRules.topologyHints) != nil,
      report.version.minor >= 27
    {
      report.warning(
        "WRN-50", at: annotations, FieldPath().key(ServiceExposureRules.topologyHints),
        "the annotation '\(ServiceExposureRules.topologyHints)' is deprecated",
        help: "use '\(ServiceExposureRules.topologyMode)'")
    }
    let addresses = ServiceAddresses(spec)
    checkIgnored(addresses, into: &report)
    checkAddresses(addresses, into: &report)
    if spec.trafficDistribution == "PreferClose", report.version.minor >= 34 {
      report.warning(
        "WRN-57", at: spec.node, "trafficDistribution", "'PreferClose' is deprecated",
        help: "write 'PreferSameZone', which means the same",
        fixes: [
          FixIt(
            "write 'PreferSameZone'", safety: .safe,
            edits: [.set(spec.node.path.field("trafficDistribution"), to: "PreferSameZone")])
        ])
    }
  }

  private static func checkIgnored(
    _ addresses: ServiceAddresses, into report: inout Report
  ) {
    let spec = addresses.spec
    func ignored(_ code: String, _ part: FieldPath, _ why: String, _ report: inout Report) {
      report.warning(code, at: spec.node, part, "\(part) has no effect: \(why)", help: "remove it")
    }
    let type = spec.type ?? ""
    if addresses.isHeadless {
      let why = "the service is headless"
      if spec.loadBalancerIP?.isEmpty == false { ignored("WRN-52", "loadBalancerIP", why, &report) }
      if !spec.externalIPs.isEmpty { ignored("WRN-52", "externalIPs", why, &report) }
      if spec.sessionAffinity == "ClientIP" { ignored("WRN-52", "sessionAffinity", why, &report) }
    }
    if type == "ExternalName" {
      if !spec.externalIPs.isEmpty {
        ignored("WRN-54", "externalIPs", "the service is a name for another host", &report)
      }
    } else if spec.externalName?.isEmpty == false {
      ignored("WRN-54", "externalName", "the type is '\(type)', not 'ExternalName'", &report)
    }
    if spec.sessionAffinity == "None",
      let config = spec.node.member(named: "sessionAffinityConfig"),
      !config.isSynthetic
    {
      ignored("DRP-08", "sessionAffinityConfig", "sessionAffinity is 'None'", &report)
    }
  }

  private static func checkAddresses(
    _ addresses: ServiceAddresses, into report: inout Report
  ) {
    let spec = addresses.spec
    for (index, text) in addresses.clusterIPs.enumerated() {
      AddressForm.warn("WRN-51", text, at: spec.node, addresses.path(of: index), into: &report)
    }
    if !spec.externalIPs.isEmpty, report.version.minor >= 36 {
      report.warning(
        "WRN-53", at: spec.node, "externalIPs",
        "externalIPs is deprecated, as any user could claim any address by it",
        help: "use a load balancer or a Gateway")
    }
    for (index, text) in spec.externalIPs.enumerated() {
      AddressForm.warn(
        "WRN-53", text, at: spec.node, FieldPath("externalIPs").index(index), into: &report)
    }
    if let text = spec.loadBalancerIP, !text.isEmpty {
      if IPAddress(text) == nil {
        report.warning(
          "WRN-55", at: spec.node, "loadBalancerIP", "'\(text)' is no IP address",
          help: "write an address, or leave it to the load balancer")
      } else {
        AddressForm.warn("WRN-55", text, at: spec.node, "loadBalancerIP", into: &report)
      }
    }
    for (index, text) in spec.loadBalancerSourceRanges.enumerated() {
      AddressForm.warnRange(
        "WRN-56", text, at: spec.node, FieldPath("loadBalancerSourceRanges").index(index),
        into: &report)
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "WRN-50", "Topology is asked for by the present annotation.", on: .service,
      bad: "metadata.annotations = {service.kubernetes.io/topology-aware-hints: auto}",
      good: "metadata.annotations = {service.kubernetes.io/topology-mode: auto}"),
    RuleDescription(
      "WRN-51", "Cluster addresses are in their usual form.", on: .service,
      bad: "spec.clusterIP = 'FD00::1'", good: "spec.clusterIP = 'fd00::1'"),
    RuleDescription(
      "WRN-52", "A headless service has nothing that needs an address.", on: .service,
      bad: "spec.clusterIP = None\nspec.sessionAffinity = ClientIP",
      "spec.clusterIP = None\nspec.loadBalancerIP = 192.0.2.1", good: "spec.clusterIP = None"),
    RuleDescription(
      "WRN-53", "External addresses are not used, and in their usual form.", on: .service,
      bad: "spec.externalIPs = [192.0.2.1]", good: "spec.externalIPs = []"),
    RuleDescription(
      "WRN-54", "A host name stands with the type ExternalName only.", on: .service,
      bad: "spec.externalName = a.b",
      "spec.type = ExternalName\nspec.externalName = a.b\nspec.externalIPs = [192.0.2.1]",
      good: "spec.type = ExternalName\nspec.externalName = a.b"),
    RuleDescription(
      "WRN-55", "The load balancer's address is an address in its usual form.", on: .service,
      bad: "spec.type = LoadBalancer\nspec.loadBalancerIP = example",
      "spec.type = LoadBalancer\nspec.loadBalancerIP = 'FD00::1'",
      good: "spec.type = LoadBalancer\nspec.loadBalancerIP = 192.0.2.1"),
    RuleDescription(
      "WRN-56", "Source ranges are in their usual form.", on: .service,
      bad: "spec.type = LoadBalancer\nspec.loadBalancerSourceRanges = ['FD00::/8']",
      good: "spec.type = LoadBalancer\nspec.loadBalancerSourceRanges = ['fd00::/8']"),
    RuleDescription(
      "WRN-57", "The traffic distribution has its present name.", on: .service,
      bad: "spec.trafficDistribution = PreferClose",
      good: "spec.trafficDistribution = PreferSameZone"),
    .untestable(
      "DRP-08", "Without session affinity there is no configuration of it.",
      because: "defaulting takes it out before the rules look"),
  ]
}
