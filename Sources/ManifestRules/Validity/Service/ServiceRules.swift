import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Services: their type, what the type needs, and how they choose pods.
enum ServiceRules: KindRules {
  static let title = "Services"
  static let kinds = [GroupVersionKind(group: "", version: "v1", kind: "Service")]
  static let types = ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(ServiceSpec.read) else { return }
    let addresses = ServiceAddresses(spec)
    if spec.ports.isEmpty, !addresses.isHeadless, addresses.type != "ExternalName" {
      report.error(
        "SVC-01", .required, at: spec.node, "ports",
        "a service without ports leads nowhere",
        help: "list its ports, or make it headless with 'clusterIP: None'")
    }
    report.refuseUnknown("SVC-02", addresses.type, among: types, at: spec.node, "type")
    checkType(addresses, into: &report)
    LabelChecks.labels(
      spec.selector, at: spec.node, "selector", codes: ("SVC-21", "SVC-21"), into: &report)
    checkAffinity(spec, into: &report)
  }

  private static func checkType(_ addresses: ServiceAddresses, into report: inout Report) {
    switch addresses.type {
    case "LoadBalancer", "NodePort":
      guard addresses.isHeadless else { return }
      let isBalanced = addresses.type == "LoadBalancer"
      report.error(
        isBalanced ? "SVC-03" : "SVC-04", .invalid, at: addresses.spec.node,
        addresses.path(of: 0),
        "a service of type '\(addresses.type)' needs an address within the cluster",
        help: "remove 'clusterIP: None', or make the type 'ClusterIP'", server: "clusterIPs[0]")
    case "ExternalName": checkExternalName(addresses, into: &report)
    default: break
    }
  }

  private static func checkExternalName(_ addresses: ServiceAddresses, into report: inout Report) {
    let spec = addresses.spec
    func forbid(_ code: String, _ part: FieldPath, _ server: FieldPath, _ report: inout Report) {
      report.error(
        code, .forbidden, at: spec.node, part,
        "a service of type 'ExternalName' is a name for another host and has no address",
        help: "remove '\(part)'", server: server)
    }
    if !addresses.clusterIPs.isEmpty { forbid("SVC-05", addresses.path, "clusterIPs", &report) }
    if !addresses.families.isEmpty { forbid("SVC-06", "ipFamilies", "ipFamilies", &report) }
    if addresses.policy != nil { forbid("SVC-07", "ipFamilyPolicy", "ipFamilyPolicy", &report) }
    let name = spec.externalName ?? ""
    let host = name.hasSuffix(".") ? String(name.dropLast()) : name
    guard !host.isEmpty else {
      report.error(
        "SVC-08", .required, at: spec.node, "externalName",
        "a service of type 'ExternalName' needs the name that it stands for",
        help: "set 'externalName' to a host name")
      return
    }
    report.refuse(
      "SVC-09", NameFormat.dnsSubdomain(host), of: name, as: "host name", at: spec.node,
      "externalName")
  }

  private static func checkAffinity(_ spec: ServiceSpec, into report: inout Report) {
    let affinity = spec.sessionAffinity ?? ""
    report.refuseUnknown(
      "SVC-22", affinity, among: ["ClientIP", "None"], at: spec.node, "sessionAffinity")
    guard affinity == "ClientIP", let config = spec.sessionAffinityConfig?.clientIP,
      let seconds = config.timeoutSeconds, !(1...86400).contains(seconds)
    else { return }
    report.error(
      "SVC-23", .invalid, at: config.node, "timeoutSeconds",
      "timeoutSeconds is '\(seconds)'; a client stays with its pod for 1 to 86400 seconds",
      help: "write at most 86400, a day")
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "SVC-01", "A service has ports, unless it is headless or of type ExternalName.",
      on: .service, bad: "spec.ports = []", "spec =",
      good: "spec.ports =\nspec.clusterIP = None",
      "spec.ports =\nspec.type = ExternalName\nspec.externalName = example.com"),
    RuleDescription(
      "SVC-02", "The type is ClusterIP, NodePort, LoadBalancer or ExternalName.", on: .service,
      bad: "spec.type = Nodeport", good: "spec.type = ''", "spec.type = LoadBalancer"),
    RuleDescription(
      "SVC-03", "A load balancer needs an address within the cluster.", on: .service,
      bad: "spec.type = LoadBalancer\nspec.clusterIP = None", good: "spec.type = LoadBalancer"),
    RuleDescription(
      "SVC-04", "Ports of the nodes need an address within the cluster.", on: .service,
      bad: "spec.type = NodePort\nspec.clusterIP = None",
      good: "spec.type = NodePort\nspec.clusterIP = ''"),
    RuleDescription(
      "SVC-05", "A name for another host has no address.", on: .service,
      bad: "spec.type = ExternalName\nspec.externalName = a.b\nspec.clusterIP = None",
      good: "spec.type = ExternalName\nspec.externalName = a.b"),
    RuleDescription(
      "SVC-06", "A name for another host has no address families.", on: .service,
      bad: "spec.type = ExternalName\nspec.externalName = a.b\nspec.ipFamilies = [IPv4]",
      good: "spec.type = ExternalName\nspec.externalName = a.b\nspec.ipFamilies = []"),
    RuleDescription(
      "SVC-07", "A name for another host has no policy about families.", on: .service,
      bad: "spec.type = ExternalName\nspec.externalName = a.b\nspec.ipFamilyPolicy = SingleStack",
      good: "spec.type = ExternalName\nspec.externalName = a.b\nspec.ipFamilyPolicy = null"),
    RuleDescription(
      "SVC-08", "A name for another host says which.", on: .service,
      bad: "spec.type = ExternalName", "spec.type = ExternalName\nspec.externalName = .",
      good: "spec.type = ExternalName\nspec.externalName = a.b."),
    RuleDescription(
      "SVC-09", "The other host is a DNS name.", on: .service,
      bad: "spec.type = ExternalName\nspec.externalName = http://a.b",
      good: "spec.type = ExternalName\nspec.externalName = 192.0.2.1"),
    RuleDescription(
      "SVC-21", "The selector's labels are keys and values that labels can have.", on: .service,
      bad: "spec.selector = {'app name': web}", "spec.selector = {app: 'my web'}",
      good: "spec.selector = {example.com/app: ''}"),
    RuleDescription(
      "SVC-22", "The session affinity is ClientIP or None.", on: .service,
      bad: "spec.sessionAffinity = clientIP", good: "spec.sessionAffinity = ClientIP"),
    RuleDescription(
      "SVC-23", "A client stays with its pod for 1 to 86400 seconds.", on: .service,
      bad:
        """
        spec.sessionAffinity = ClientIP\nspec.sessionAffinityConfig = {clientIP: \
        {timeoutSeconds: 0}}
        """,
      good:
        """
        spec.sessionAffinity = ClientIP\nspec.sessionAffinityConfig = {clientIP: \
        {timeoutSeconds: 86400}}
        """,
      "spec.sessionAffinity = ClientIP"),
    .untestable(
      "SVC-24", "Without session affinity there is no configuration of it.",
      because: "defaulting erases it first"),
    .untestable(
      "SVC-55", "The address of the load balancer is not checked.",
      because: "the server takes any text"),
    .untestable(
      "SVC-56", "Publishing pods that are not ready is not checked.",
      because: "any truth value will do"),
    .untestable(
      "SVC-57", "The metadata follow the rules of all objects.",
      because: "each of those rules has its own id (META-*) and examples"),
  ]
}
