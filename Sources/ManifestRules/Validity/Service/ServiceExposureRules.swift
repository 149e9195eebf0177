import ManifestModel
import ManifestSchema
import ManifestSyntax

/// How a Service is reached from outside of the cluster, and where its traffic goes.
enum ServiceExposureRules: KindRules {
  static let title = "Services and the outside"
  static let needs = [
    sourceRangesAnnotation, topologyMode, topologyHints, "allocateLoadBalancerNodePorts",
    "externalIPs", "externalTrafficPolicy", "healthCheckNodePort", "internalTrafficPolicy",
    "loadBalancerClass", "loadBalancerSourceRanges", "trafficDistribution",
  ]
  static let kinds = ServiceRules.kinds

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(ServiceSpec.read) else { return }
    let type = spec.type ?? ""
    checkExternalIPs(spec, into: &report)
    checkSourceRanges(object, spec, type, into: &report)
    checkLoadBalancer(spec, type, into: &report)
    checkTraffic(spec, type, into: &report)
    checkTopologyAnnotations(object, into: &report)
  }

  /// Whether clients outside of the cluster can reach the service by its own fields.
  static func isExternallyAccessible(_ spec: ServiceSpec) -> Bool {
    switch spec.type ?? "" {
    case "LoadBalancer", "NodePort": true
    case "ClusterIP": !spec.externalIPs.isEmpty
    default: false
    }
  }

  /// Whether the load balancer asks nodes for the health of their own pods.
  static func needsHealthCheckPort(_ spec: ServiceSpec) -> Bool {
    spec.type == "LoadBalancer" && spec.externalTrafficPolicy == "Local"
  }

  private static func checkExternalIPs(_ spec: ServiceSpec, into report: inout Report) {
    let reading: IPAddress.Reading = report.version.minor >= 36 ? .strict : .legacy
    for (index, text) in spec.externalIPs.enumerated() {
      let part = FieldPath("externalIPs").index(index)
      let problems = NetworkFormat.ip(text, reading)
      report.refuse("SVC-35", problems, of: text, as: "IP address", at: spec.node, part)
      guard problems.isEmpty, let address = IPAddress(text) else { continue }
      func refuse(_ code: String, _ what: String, _ report: inout Report) {
        report.error(
          code, .invalid, at: spec.node, part,
          "'\(text)' is \(what), which clients outside of a node cannot mean",
          help: "write an address that is routed to the nodes")
      }
      if address.isUnspecified { refuse("SVC-36", "the unspecified address", &report) }
      if address.isLoopback { refuse("SVC-37", "a loopback address", &report) }
      if address.isLinkLocalUnicast { refuse("SVC-38", "a link-local address", &report) }
      if address.isLinkLocalMulticast {
        refuse("SVC-39", "a link-local multicast address", &report)
      }
    }
  }

  static let sourceRangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges"

  private static func checkSourceRanges(
    _ object: ObjectSubject, _ spec: ServiceSpec, _ type: String, into report: inout Report
  ) {
    let reading: IPAddress.Reading = report.version.minor >= 36 ? .strict : .legacy
    let message = "only load balancers can keep clients out by their address"
    if !spec.loadBalancerSourceRanges.isEmpty {
      let field = "spec.LoadBalancerSourceRanges"
      if type != "LoadBalancer" {
        report.error(
          "SVC-40", .forbidden, at: spec.node, "loadBalancerSourceRanges", message,
          help: "remove 'loadBalancerSourceRanges', or make the type 'LoadBalancer'",
          serverField: field)
      }
      for (index, text) in spec.loadBalancerSourceRanges.enumerated() {
        let range = TextTrimming.trimmed(text)
        report.refuse(
          "SVC-41", NetworkFormat.cidr(range, reading), of: text, as: "address range",
          at: spec.node, FieldPath("loadBalancerSourceRanges").index(index),
          serverField: "\(field)[\(index)]")
      }
      return
    }
    guard let annotations = object.node[.metadata]?[.annotations],
      let node = annotations.member(named: sourceRangesAnnotation)
    else { return }
    let part = FieldPath().key(sourceRangesAnnotation)
    if type != "LoadBalancer" {
      report.error(
        "SVC-42", .forbidden, at: annotations, part, message, help: "remove the annotation")
    }
    let text = TextTrimming.trimmed(node.string ?? "")
    guard !text.isEmpty else { return }
    for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
      let range = TextTrimming.trimmed(String(piece))
      report.refuse(
        "SVC-42", NetworkFormat.cidr(range, reading), of: range, as: "address range",
        at: annotations, part)
    }
  }

  private static func checkLoadBalancer(
    _ spec: ServiceSpec, _ type: String, into report: inout Report
  ) {
    guard type != "LoadBalancer" else {
      if let name = spec.loadBalancerClass {
        report.refuse(
          "SVC-46", LabelFormat.key(name), of: name, as: "load balancer class", at: spec.node,
          "loadBalancerClass", help: "write a name like 'example.com/internal'")
      }
      return
    }
    for (code, part) in [
      ("SVC-43", "allocateLoadBalancerNodePorts"), ("SVC-45", "loadBalancerClass"),
    ] where spec.has(part) {
      report.error(
        code, .forbidden, at: spec.node, FieldPath([.field(part)]),
        "'\(part)' is for services of type 'LoadBalancer', and this one is '\(type)'",
        help: "remove it, or make the type 'LoadBalancer'")
    }
  }

  private static func checkTraffic(_ spec: ServiceSpec, _ type: String, into report: inout Report) {
    let policies = ["Cluster", "Local"]
    let external = spec.externalTrafficPolicy ?? ""
    if isExternallyAccessible(spec) {
      report.refuseUnknown(
        "SVC-48", external, among: policies, at: spec.node, "externalTrafficPolicy")
    } else if !external.isEmpty {
      report.error(
        "SVC-47", .invalid, at: spec.node, "externalTrafficPolicy",
        """
        externalTrafficPolicy is '\(external)', but no traffic comes from outside to a service \
        of type '\(type)'
        """,
        help: "remove it, or make the type 'NodePort' or 'LoadBalancer'")
    }
    let healthPort = spec.healthCheckNodePort ?? 0
    if healthPort != 0 {
      if needsHealthCheckPort(spec) {
        report.refuse(
          "SVC-50", PortFormat.number(Int64(healthPort)), of: String(healthPort), as: "port",
          at: spec.node, "healthCheckNodePort")
      } else {
        report.error(
          "SVC-49", .invalid, at: spec.node, "healthCheckNodePort",
          "healthCheckNodePort is for load balancers with 'externalTrafficPolicy: Local'",
          help: "remove it")
      }
    }
    if let internalPolicy = spec.internalTrafficPolicy {
      report.refuseUnknown(
        "SVC-51", internalPolicy, among: policies, at: spec.node, "internalTrafficPolicy")
    }
    if let distribution = spec.trafficDistribution {
      let known =
        report.version.minor >= 34
        ? ["PreferClose", "PreferSameZone", "PreferSameNode"] : ["PreferClose"]
      report.refuseUnknown(
        "SVC-53", distribution, among: known, at: spec.node, "trafficDistribution")
    }
  }

  static let topologyMode = "service.kubernetes.io/topology-mode"
  static let topologyHints = "service.kubernetes.io/topology-aware-hints"

  private static func checkTopologyAnnotations(_ object: ObjectSubject, into report: inout Report) {
    guard let annotations = object.node[.metadata]?[.annotations],
      let mode = annotations.member(named: topologyMode),
      let hints = annotations.member(named: topologyHints)
    else { return }
    let (new, old) = (mode.string ?? "", hints.string ?? "")
    guard new != old else { return }
    report.error(
      "SVC-54", .invalid, at: annotations, FieldPath().key(topologyMode),
      "the annotations for topology disagree: '\(new)' here and '\(old)' under the old name",
      help: "remove '\(topologyHints)'")
  }
}

/// Blanks around a text, as the server takes them away.
enum TextTrimming {
  static func trimmed(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
      let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
    else { return "" }
    return String(scalars[first...last])
  }
}
