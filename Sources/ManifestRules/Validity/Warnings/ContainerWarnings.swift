import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Containers that the server accepts with a warning.
enum ContainerWarnings: PodRules {
  static let title = "Warnings about containers"

  static let needs = ["env", "overhead", "ports", "resources"]
  private static let env = KeySketch(ofKeys: ["env"])
  private static let overhead = KeySketch(ofKeys: ["overhead"])
  private static let resources = KeySketch(ofKeys: ["resources"])

  static func check(_ pod: PodSubject, into report: inout Report) {
    let keys = pod.object.keys
    if keys.mayMeet(overhead) { checkAmounts(pod.spec.overhead.node, "WRN-28", into: &report) }
    if keys.mayMeet(resources) {
      for placed in pod.containers {
        guard let resources = placed.container.node[.resources] else { continue }
        checkAmounts(resources[.limits], "WRN-29", into: &report)
        checkAmounts(resources[.requests], "WRN-29", into: &report)
      }
    }
    if keys.mayMeet(env) {
      for placed in pod.containers { checkVariables(placed.container, into: &report) }
    }
    checkPorts(pod, into: &report)
  }

  /// What is counted in bytes.
  private static let bytes = [Key("memory"), Key("ephemeral-storage")]

  private static func checkAmounts(_ list: NodeRef?, _ code: String, into report: inout Report) {
    guard let list else { return }
    for key in bytes {
      guard let amount = list[key], !amount.isSynthetic else { continue }
      FractionalBytes.warn(code, amount, at: list, FieldPath().key(key.text), into: &report)
    }
  }

  private static func checkVariables(_ container: Container, into report: inout Report) {
    if DistinctTexts.fill(container.env.node, under: .name) { return }
    var seen: Set<String> = []
    for variable in container.env {
      let name = variable.name ?? ""
      guard !seen.insert(name).inserted, !(variable.value ?? "").contains("$(\(name))") else {
        continue
      }
      report.warning(
        "WRN-30", at: variable.node, .root,
        """
        '\(name)' is defined before and hidden here; tools that apply changes may drop one of \
        the two
        """,
        help: "remove one of them")
    }
  }

  // MARK: - Ports

  private struct PortKey: Hashable {
    var number: Int32
    var transport: String
  }

  private struct HostKey: Hashable {
    var port: PortKey
    var host: Int32
    var ip: String
  }

  private static func checkPorts(_ pod: PodSubject, into report: inout Report) {
    let count = pod.containers.reduce(0) { $0 + $1.container.ports.count }
    if count == 0 { return }
    let areDistinct = count < 2 || PortsInFile.areDistinct(pod.containers, count: count)
    var known: [PortKey: (hosts: Set<HostKey>, hasPlain: Bool, ips: [Int32: Set<String>])] = [:]
    var names: [String: Int] = [:]
    for (number, placed) in pod.containers.enumerated()
    where placed.role == .regular || placed.container.isSidecar {
      for port in placed.container.ports {
        let host = port.hostPort ?? 0
        let ip = port.hostIP ?? ""
        if host == 0, !ip.isEmpty {
          report.warning(
            "WRN-31", at: port.node, "hostIP",
            "hostIP is '\(ip)' without a hostPort, so it has no effect",
            help: "add 'hostPort', or remove it")
        }
        // A port alone can be at odds with no other one, nor can ports that share nothing.
        if areDistinct { continue }
        if let name = port.name, !name.isEmpty {
          if let other = names[name], other != number {
            report.warning(
              "WRN-36", at: port.node, "name",
              """
              another container calls a port '\(name)' as well; services cannot tell which is \
              meant
              """,
              help: "give the ports different names")
          } else {
            names[name] = number
          }
        }
        let key = PortKey(number: port.containerPort ?? 0, transport: port.protocol ?? "")
        let own = HostKey(port: key, host: host, ip: ip)
        var entry = known[key] ?? ([], false, [:])
        if known[key] != nil { warn(port, own, entry, into: &report) }
        entry.hosts.insert(own)
        entry.hasPlain = entry.hasPlain || host == 0
        entry.ips[host, default: []].insert(ip)
        known[key] = entry
      }
    }
  }

  private static func warn(
    _ port: ContainerPort, _ own: HostKey,
    _ known: (hosts: Set<HostKey>, hasPlain: Bool, ips: [Int32: Set<String>]),
    into report: inout Report
  ) {
    let what = "port \(own.port.number)/\(own.port.transport)"
    if known.hosts.contains(own) {
      report.warning(
        "WRN-32", at: port.node, .root, "\(what) is listed before", help: "remove one of the two")
    } else if own.host == 0 || known.hasPlain {
      report.warning(
        "WRN-33", at: port.node, .root,
        "\(what) is listed before, once with and once without a port of the host",
        help: "keep the entry that has 'hostPort'")
    } else if let ips = known.ips[own.host], own.ip.isEmpty || ips.contains("") {
      report.warning(
        "WRN-34", at: port.node, .root,
        "\(what) is bound to port \(own.host) of all addresses of the host and of one of them",
        help: "keep one of the two")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "WRN-28", "Overhead is whole bytes.", bad: "spec.overhead = {memory: 100m}",
      good: "spec.overhead = {memory: 100M, cpu: 100m}"),
    RuleDescription(
      "WRN-29", "Memory and storage are whole bytes.",
      bad: "spec.containers[0].resources = {limits: {memory: 128m}}",
      "spec.containers[0].resources = {requests: {ephemeral-storage: '0.5'}}",
      good: "spec.containers[0].resources = {limits: {memory: 128Mi, cpu: 128m}}"),
    RuleDescription(
      "WRN-30", "A variable is defined once, or the second time from the first.",
      bad: "spec.containers[0].env = [{name: A, value: a}, {name: A, value: b}]",
      good: "spec.containers[0].env = [{name: A, value: a}, {name: A, value: '$(A):b'}]"),
    RuleDescription(
      "WRN-31", "An address of the host stands with a port of the host.",
      bad: "spec.containers[0].ports = [{containerPort: 80, hostIP: 192.0.2.1}]",
      good: "spec.containers[0].ports = [{containerPort: 80, hostIP: 192.0.2.1, hostPort: 80}]"),
    RuleDescription(
      "WRN-32", "A port is listed once.",
      bad: "spec.containers[0].ports = [{containerPort: 80}, {containerPort: 80}]",
      good: "spec.containers[0].ports = [{containerPort: 80}, {containerPort: 80, protocol: UDP}]"),
    RuleDescription(
      "WRN-33", "A port is listed with or without a port of the host, not both.",
      bad: "spec.containers[0].ports = [{containerPort: 80}, {containerPort: 80, hostPort: 80}]",
      good:
        """
        spec.containers[0].ports = [{containerPort: 80, hostPort: 81}, {containerPort: 80, \
        hostPort: 80}]
        """
    ),
    RuleDescription(
      "WRN-34", "A port of the host is bound on all addresses or on single ones.",
      bad:
        """
        spec.containers[0].ports = [{containerPort: 80, hostPort: 80}, {containerPort: 80, \
        hostPort: 80, hostIP: 192.0.2.1}]
        """,
      good:
        """
        spec.containers[0].ports = [{containerPort: 80, hostPort: 80, hostIP: 192.0.2.2}, \
        {containerPort: 80, hostPort: 80, hostIP: 192.0.2.1}]
        """
    ),
    RuleDescription(
      "WRN-36", "Ports of different containers have different names.",
      bad:
        """
        spec.containers = [{name: a, image: a:1, ports: [{containerPort: 80, name: http}]}, \
        {name: b, image: b:1, ports: [{containerPort: 81, name: http}]}]
        """,
      good:
        """
        spec.containers = [{name: a, image: a:1, ports: [{containerPort: 80, name: http}]}, \
        {name: b, image: b:1, ports: [{containerPort: 81, name: https}]}]
        """
    ),
  ]
}
