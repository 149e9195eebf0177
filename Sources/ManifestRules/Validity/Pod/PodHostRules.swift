import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What a pod shares with its node: names, network and other namespaces (POD-12 … POD-15,
/// POD-24 … POD-29).
enum PodHostRules: PodRules {
  static let title = "Pods and their host"
  static let needs = ["hostNetwork", "hostUsers", "hostnameOverride", "shareProcessNamespace"]

  private static let hostnameMax = 64

  static func check(_ pod: PodSubject, into report: inout Report) {
    let spec = pod.spec
    if report.version.minor >= 35 { checkHostname(spec, into: &report) }
    if spec.hostNetwork == true { checkPorts(spec, into: &report) }
    if spec.shareProcessNamespace == true, spec.hostPID == true {
      report.error(
        "POD-25", .invalid, at: spec.node, "shareProcessNamespace",
        "the containers cannot share processes among themselves and with the host ('hostPID')",
        help: "remove 'shareProcessNamespace' or 'hostPID'",
        server: report.version.minor < 37 ? "securityContext.shareProcessNamespace" : nil)
    }
    // Before that the server drops the field.
    if spec.hostUsers == false, report.version.minor >= 33 { checkUsers(pod, into: &report) }
  }

  private static func checkHostname(_ spec: PodSpec, into report: inout Report) {
    guard let name = spec.hostnameOverride else { return }
    if spec.setHostnameAsFQDN == true {
      report.error(
        "POD-12", .forbidden, at: spec.node, "hostnameOverride",
        "'hostnameOverride' and 'setHostnameAsFQDN' both say what the pod's host name is",
        help: "remove one of them")
    }
    if spec.hostNetwork == true {
      report.error(
        "POD-13", .forbidden, at: spec.node, "hostnameOverride",
        "a pod in the host's network has the host's name", help: "remove 'hostnameOverride'")
    }
    if name.utf8.count > hostnameMax {
      report.error(
        "POD-14", .tooLong, at: spec.node, "hostnameOverride",
        "the host name has \(name.utf8.count) bytes; at most \(hostnameMax) are allowed",
        help: "shorten it")
    }
    LabelChecks.refuse(
      "POD-15", NameFormat.dnsSubdomain(name), of: name, as: "a host name", at: spec.node,
      "hostnameOverride", into: &report)
  }

  private static func checkPorts(_ spec: PodSpec, into report: inout Report) {
    for (index, container) in spec.containers.enumerated() {
      for (number, port) in container.ports.enumerated() {
        // Zero stands for the container's port by the time that the pod runs.
        let (host, own) = (port.hostPort ?? 0, port.containerPort ?? 0)
        guard host != 0, host != own else { continue }
        let path = FieldPath([
          .field("containers"), .index(index), .field("ports"), .index(number), .field("hostPort"),
        ])
        report.error(
          "POD-24", .invalid, at: spec.node, path,
          "host port '\(host)' is not the container's port '\(own)', which is a port of the host "
            + "already, since 'hostNetwork' is on", help: "write '\(own)', or leave 'hostPort' out")
      }
    }
  }

  private static func checkUsers(_ pod: PodSubject, into report: inout Report) {
    let spec = pod.spec
    let shared: [(code: String, field: String, isShared: Bool?, server: FieldPath?)] = [
      ("POD-26", "hostNetwork", spec.hostNetwork, nil),
      ("POD-27", "hostPID", spec.hostPID, "HostPID"),
      ("POD-28", "hostIPC", spec.hostIPC, "HostIPC"),
    ]
    for (code, field, isShared, server) in shared where isShared == true {
      report.error(
        code, .forbidden, at: spec.node, FieldPath([.field(field)]),
        "a pod with users of its own ('hostUsers: false') cannot have '\(field)'",
        help: "remove '\(field)' or 'hostUsers'", server: server)
    }
    for placed in pod.containers where !placed.container.volumeDevices.isEmpty {
      report.error(
        "POD-29", .forbidden, at: placed.container.node, "volumeDevices",
        "a pod with users of its own ('hostUsers: false') cannot use block devices",
        help: "mount a file system, or remove 'hostUsers'")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "POD-12", "hostnameOverride and setHostnameAsFQDN exclude each other",
      bad: "spec.hostnameOverride = a\nspec.setHostnameAsFQDN = true",
      good: "spec.hostnameOverride = a\nspec.setHostnameAsFQDN = false"),
    RuleDescription(
      "POD-13", "a pod in the host's network has no host name of its own",
      bad: "spec.hostnameOverride = a\nspec.hostNetwork = true",
      good: "spec.hostnameOverride = a\nspec.hostNetwork = false"),
    RuleDescription(
      "POD-14", "hostnameOverride has at most 64 bytes",
      bad: "spec.hostnameOverride = \(String(repeating: "a", count: 65))",
      good: "spec.hostnameOverride = \(String(repeating: "a", count: 64))"),
    RuleDescription(
      "POD-15", "hostnameOverride is a DNS name", bad: "spec.hostnameOverride = ''",
      "spec.hostnameOverride = a_b", good: "spec.hostnameOverride = a.b"),
    RuleDescription(
      "POD-24", "in the host's network a host port is the container's port",
      bad:
        "spec.hostNetwork = true\nspec.containers[0].ports = [{containerPort: 80, hostPort: 81}]",
      good: "spec.hostNetwork = true\nspec.containers[0].ports = [{containerPort: 80}]",
      "spec.containers[0].ports = [{containerPort: 80, hostPort: 81}]"),
    RuleDescription(
      "POD-25", "processes are shared in the pod or with the host, not both",
      bad: "spec.hostPID = true\nspec.shareProcessNamespace = true",
      good: "spec.hostPID = true\nspec.shareProcessNamespace = false"),
    RuleDescription(
      "POD-26", "a pod with its own users has its own network",
      bad: "spec.hostUsers = false\nspec.hostNetwork = true",
      good: "spec.hostUsers = true\nspec.hostNetwork = true"),
    RuleDescription(
      "POD-27", "a pod with its own users has its own processes",
      bad: "spec.hostUsers = false\nspec.hostPID = true",
      good: "spec.hostUsers = true\nspec.hostPID = true"),
    RuleDescription(
      "POD-28", "a pod with its own users has its own IPC",
      bad: "spec.hostUsers = false\nspec.hostIPC = true",
      good: "spec.hostUsers = true\nspec.hostIPC = true"),
    RuleDescription(
      "POD-29", "a pod with its own users has no block devices",
      bad: "spec.hostUsers = false\nspec.containers[0].volumeDevices = [{name: v, devicePath: /d}]",
      good: "spec.hostUsers = false\nspec.containers[0].volumeDevices = []"),
  ]
}
