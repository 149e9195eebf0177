import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The ports of Services.
enum ServicePortRules: KindRules {
  static let title = "Ports of Services"
  static let kinds = ServiceRules.kinds

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let spec = object.node[.spec].flatMap(ServiceSpec.read) else { return }
    let type = spec.type ?? ""
    let isOnlyPort = spec.ports.count == 1
    // Filled only where two may be equal.
    var names: Set<String>? = DistinctTexts.fill(spec.ports.node, under: .name) ? nil : []
    var nodePorts: Set<PortKey> = []
    var ports: Set<PortKey> = []
    for port in spec.ports {
      checkName(port, isOnlyPort: isOnlyPort, &names, into: &report)
      checkValues(port, type: type, into: &report)
      let transport = port.protocol ?? ""
      if let number = port.nodePort, number != 0,
        !nodePorts.insert(PortKey(number: number, transport: transport)).inserted
      {
        report.error(
          "SVC-18", .duplicate, at: port.node, "nodePort",
          "port \(number)/\(transport) of the nodes is taken by another entry",
          help: "choose another nodePort, or leave it to the cluster")
      }
      if !isOnlyPort, !ports.insert(PortKey(number: port.port ?? 0, transport: transport)).inserted
      {
        report.error(
          "SVC-17", .duplicate, at: port.node, .root,
          """
          port \(port.port ?? 0)/\(transport) is listed twice; a client could not tell which \
          is meant
          """,
          help: "remove the entry, or give it another port or protocol")
      }
    }
  }

  private struct PortKey: Hashable {
    var number: Int32
    var transport: String
  }

  private static func checkName(
    _ port: ServicePort, isOnlyPort: Bool, _ names: inout Set<String>?, into report: inout Report
  ) {
    guard let name = port.name, !name.isEmpty else {
      guard !isOnlyPort else { return }
      report.error(
        "SVC-10", .required, at: port.node, "name",
        "a service with several ports must name each of them",
        help: "add a 'name', like 'http'")
      return
    }
    report.refuse(
      "SVC-11", NameFormat.dnsLabel(name), of: name, as: "name of a service's port", at: port.node,
      "name")
    guard names?.insert(name).inserted == false else { return }
    report.error(
      "SVC-12", .duplicate, at: port.node, "name",
      "another port of this service is called '\(name)'",
      help: "give this port another name")
  }

  private static func checkValues(_ port: ServicePort, type: String, into report: inout Report) {
    let number = port.port ?? 0
    report.refuse(
      "SVC-13", PortFormat.number(Int64(number)), of: String(number), as: "port", at: port.node,
      "port")
    report.refuseUnknown(
      "SVC-14", port.protocol ?? "", among: ["TCP", "UDP", "SCTP"], at: port.node, "protocol")
    let target = port.targetPort ?? .int(number)
    // A missing port is the reason for both; the server still names both.
    report.refuse(
      "SVC-15", PortFormat.numberOrName(target), of: target.description, as: "port of a pod",
      at: port.node, "targetPort",
      help: Int32(target.description) == nil
        ? "write a number, or the name of a container's port" : "write the number without quotes")
    if let text = port.appProtocol {
      report.refuse(
        "SVC-16", LabelFormat.key(text), of: text, as: "application protocol", at: port.node,
        "appProtocol", help: "write a name like 'http' or 'example.com/my-protocol'")
    }
    guard let nodePort = port.nodePort, nodePort != 0 else { return }
    if type == "ClusterIP" {
      report.error(
        "SVC-19", .forbidden, at: port.node, "nodePort",
        "a service of type 'ClusterIP' takes no port of the nodes",
        help: "remove 'nodePort', or make the type 'NodePort'")
    }
    if type == "LoadBalancer" || type == "NodePort", !(30000...32767).contains(nodePort) {
      report.warning(
        "SVA-05", at: port.node, "nodePort",
        """
        port \(nodePort) of the nodes lies outside of 30000 to 32767, the range that clusters \
        have unless configured otherwise
        """,
        help: "choose a port in that range, or leave it to the cluster")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "SVC-10", "Each of several ports has a name.", on: .service,
      bad: "spec.ports = [{port: 80}, {name: b, port: 81}]", good: "spec.ports = [{port: 80}]",
      "spec.ports = [{name: a, port: 80}, {name: b, port: 81}]"),
    RuleDescription(
      "SVC-11", "A port's name is a DNS label.", on: .service,
      bad: "spec.ports[0].name = HTTP", "spec.ports[0].name = a_b",
      good: "spec.ports[0].name = http-2"),
    RuleDescription(
      "SVC-12", "Ports have different names.", on: .service,
      bad: "spec.ports = [{name: a, port: 80}, {name: a, port: 81}]",
      good: "spec.ports = [{name: a, port: 80}, {name: b, port: 81}]"),
    RuleDescription(
      "SVC-13", "A port lies between 1 and 65535.", on: .service,
      bad: "spec.ports[0].port = 0", "spec.ports[0].port = 65536", "spec.ports = [{name: http}]",
      good: "spec.ports[0].port = 65535"),
    RuleDescription(
      "SVC-14", "The protocol is TCP, UDP or SCTP.", on: .service,
      bad: "spec.ports[0].protocol = tcp", "spec.ports[0].protocol = HTTP",
      good: "spec.ports[0].protocol = SCTP"),
    RuleDescription(
      "SVC-15", "The pods' port is a number or the name of a port.", on: .service,
      bad: "spec.ports[0].targetPort = '80'", "spec.ports[0].targetPort = 70000",
      "spec.ports[0].targetPort = HTTP", good: "spec.ports[0].targetPort = http",
      "spec.ports[0].targetPort = 0", "spec.ports[0].targetPort = ''"),
    RuleDescription(
      "SVC-16",
      "The application protocol is a name, with a domain in front where it is not standard.",
      on: .service, bad: "spec.ports[0].appProtocol = ''", "spec.ports[0].appProtocol = a/b/c",
      good: "spec.ports[0].appProtocol = kubernetes.io/h2c"),
    RuleDescription(
      "SVC-17", "No two ports have the same number and protocol.", on: .service,
      bad: "spec.ports = [{name: a, port: 80}, {name: b, port: 80}]",
      good: "spec.ports = [{name: a, port: 80}, {name: b, port: 80, protocol: UDP}]"),
    RuleDescription(
      "SVC-19", "A service within the cluster takes no port of the nodes.", on: .service,
      bad: "spec.ports[0].nodePort = 30080",
      good: "spec.ports[0].nodePort = 30080\nspec.type = NodePort"),
    .untestable(
      "SVC-20", "A port of the nodes may be any number to the rules.",
      because: "only the allocation refuses it (SVA-05)"),
    RuleDescription(
      "SVA-05", "A port of the nodes lies in the cluster's range.", on: .service,
      bad: "spec.ports[0].nodePort = 8080\nspec.type = NodePort",
      good: "spec.ports[0].nodePort = 32767\nspec.type = NodePort"),
  ]
}
