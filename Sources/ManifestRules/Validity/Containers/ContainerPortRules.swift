import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The ports of containers, and the host's ports that they take.
enum ContainerPortRules: PodRules {
  static let title = "Container ports"
  static let needs = ["ports"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    // Regular containers run together and share the host's ports; init ones run one by one.
    var taken: Set<HostPort> = []
    for placed in pod.containers {
      let ports = placed.container.ports
      guard !ports.isEmpty else { continue }
      // Filled only where two names may be equal.
      var names: Set<String>? = DistinctTexts.fill(ports.node, under: .name) ? nil : []
      var ownTaken: Set<HostPort> = []
      for (index, port) in ports.enumerated() {
        checkName(port, &names, into: &report)
        checkNumbers(port, into: &report)
        switch placed.role {
        case .regular: checkHostPort(port, &taken, into: &report)
        case .initial: checkInitHostPort(port, placed, index, &ownTaken, pod, into: &report)
        case .ephemeral: break
        }
      }
    }
  }

  private struct HostPort: Hashable {
    var number: Int32
    var ip: String
    var transport: String

    init?(_ port: ContainerPort) {
      guard let number = port.hostPort, number != 0 else { return nil }
      self.number = number
      ip = port.hostIP ?? ""
      let name = port.protocol ?? ""
      transport = name.isEmpty ? "TCP" : name
    }
  }

  private static func checkName(
    _ port: ContainerPort, _ names: inout Set<String>?, into report: inout Report
  ) {
    guard let name = port.name, !name.isEmpty else { return }
    let problems = PortFormat.name(name)
    PodFieldChecks.format(
      "PRT-04", problems, of: name, as: "a port's name", at: port.node, "name",
      help: "write at most 15 characters, like 'http' or 'metrics-2'", into: &report)
    if problems.isEmpty, names?.insert(name).inserted == false {
      report.error(
        "PRT-05", .duplicate, at: port.node, "name",
        "the port name '\(name)' occurs twice in this container; "
          + "probes and services could not tell which is meant",
        help: "give this port another name")
    }
  }

  private static func checkNumbers(_ port: ContainerPort, into report: inout Report) {
    let number = port.containerPort ?? 0
    if number == 0 {
      report.error(
        "PRT-01", .required, at: port.node, "containerPort",
        port.containerPort == nil
          ? "'containerPort' is missing; a port needs its number"
          : "'containerPort' is 0, which stands for no port", help: "write the port's number")
    } else {
      PodFieldChecks.format(
        "PRT-02", PortFormat.number(Int64(number)), of: String(number), as: "a port", at: port.node,
        "containerPort", into: &report)
    }
    if let host = port.hostPort, host != 0 {
      PodFieldChecks.format(
        "PRT-03", PortFormat.number(Int64(host)), of: String(host), as: "a port of the host",
        at: port.node, "hostPort", into: &report)
    }
    PodFieldChecks.choice(
      "PRT-06", port.protocol, among: ["TCP", "UDP", "SCTP"], absence: .isDefaulted, at: port.node,
      "protocol", into: &report)
  }

  private static func checkHostPort(
    _ port: ContainerPort, _ taken: inout Set<HostPort>, into report: inout Report
  ) {
    guard let host = HostPort(port), !taken.insert(host).inserted else { return }
    report.error(
      "PRT-07", .duplicate, at: port.node, "hostPort", message(host),
      help: "remove 'hostPort', or choose another number")
  }

  private static func checkInitHostPort(
    _ port: ContainerPort, _ placed: PlacedContainer, _ index: Int, _ taken: inout Set<HostPort>,
    _ pod: PodSubject, into report: inout Report
  ) {
    guard let host = HostPort(port), !taken.insert(host).inserted else { return }
    // The server looks at each init container alone, and so counts it as the first.
    let list = FieldPath("ports").index(index).field("hostPort")
    report.error(
      "PRT-08", .duplicate, at: pod.spec.node, placed.path + list, message(host),
      help: "remove 'hostPort', or choose another number", server: "initContainers[0]" + list)
  }

  private static func message(_ host: HostPort) -> String {
    "port \(host.number)/\(host.transport) of the host is taken by another port of this pod; "
      + "a node gives it out once"
  }
}

extension ContainerPortRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "PRT-01", "a port has a number", bad: "spec.containers[0].ports = [{name: http}]",
      "spec.containers[0].ports = [{containerPort: 0}]",
      good: "spec.containers[0].ports = [{containerPort: 1}]"),
    RuleDescription(
      "PRT-02", "a port's number lies between 1 and 65535",
      bad: "spec.containers[0].ports = [{containerPort: 65536}]",
      "spec.containers[0].ports = [{containerPort: -1}]",
      good: "spec.containers[0].ports = [{containerPort: 65535}]"),
    RuleDescription(
      "PRT-03", "a host's port lies between 1 and 65535, or is left out",
      bad: "spec.containers[0].ports = [{containerPort: 80, hostPort: 70000}]",
      good: "spec.containers[0].ports = [{containerPort: 80, hostPort: 0}]"),
    RuleDescription(
      "PRT-04", "a port's name is a service name: 15 characters, one of them a letter",
      bad: "spec.containers[0].ports = [{containerPort: 80, name: '8080'}]",
      "spec.containers[0].ports = [{containerPort: 80, name: metrics-endpoint}]",
      "spec.containers[0].ports = [{containerPort: 80, name: a--b}]",
      good: "spec.containers[0].ports = [{containerPort: 80, name: metrics-endpoin}]"),
    RuleDescription(
      "PRT-05", "a container's ports have different names",
      bad:
        "spec.containers[0].ports = [{containerPort: 80, name: a}, {containerPort: 81, name: a}]",
      good:
        "spec.containers[0].ports = [{containerPort: 80, name: a}, {containerPort: 81, name: b}]"),
    RuleDescription(
      "PRT-06", "a port's protocol is TCP, UDP or SCTP",
      bad: "spec.containers[0].ports = [{containerPort: 80, protocol: http}]",
      "spec.containers[0].ports = [{containerPort: 80, protocol: tcp}]",
      good: "spec.containers[0].ports = [{containerPort: 80, protocol: SCTP}]"),
    RuleDescription(
      "PRT-07", "no two ports of regular containers take the same port of the host",
      bad:
        """
        spec.containers[0].ports = [{containerPort: 80, hostPort: 80}, {containerPort: 81, \
        hostPort: 80}]
        """,
      good:
        """
        spec.containers[0].ports = [{containerPort: 80, hostPort: 80}, {containerPort: 81, \
        hostPort: 80, protocol: UDP}]
        """
    ),
    RuleDescription(
      "PRT-08", "no two ports of one init container take the same port of the host",
      bad:
        """
        spec.initContainers = [{name: i, image: b, ports: [{containerPort: 80, hostPort: 80}, \
        {containerPort: 81, hostPort: 80}]}]
        """,
      good:
        """
        spec.initContainers = [{name: i, image: b, ports: [{containerPort: 80, hostPort: 80}]}, \
        {name: j, image: b, ports: [{containerPort: 80, hostPort: 80}]}]
        """
    ),
    .untestable(
      "PRT-09", "the host address of a port is not checked", because: "the server takes any text"),
  ]
}
