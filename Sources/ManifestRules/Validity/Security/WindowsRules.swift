import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What pods and containers say to Windows nodes.
enum WindowsRules: PodRules {
  static let title = "Windows options"
  static let needs = ["windowsOptions"]

  private static let credentialBytesMax = 64 * 1024

  static func check(_ pod: PodSubject, into report: inout Report) {
    let options = pod.spec.securityContext?.windowsOptions
    if let options { check(options, into: &report) }
    for placed in pod.containers {
      guard let own = placed.container.securityContext?.windowsOptions else { continue }
      check(own, into: &report)
    }
    checkHostProcess(pod, options?.hostProcess, into: &report)
  }

  private static func check(_ options: WindowsSecurityContextOptions, into report: inout Report) {
    if let name = options.gmsaCredentialSpecName {
      PodFieldChecks.format(
        "WIN-01", NameFormat.dnsSubdomain(name), of: name, as: "the name of a credential",
        at: options.node, "gmsaCredentialSpecName", into: &report)
    }
    if let text = options.gmsaCredentialSpec {
      let count = text.utf8.count
      if count == 0 || count > credentialBytesMax {
        report.error(
          "WIN-02", .invalid, at: options.node, "gmsaCredentialSpec",
          count == 0
            ? "'gmsaCredentialSpec' is empty"
            : "'gmsaCredentialSpec' has \(count) bytes; at most \(credentialBytesMax) are allowed",
          help: count == 0 ? "remove it" : "shorten it")
      }
    }
    guard let name = options.runAsUserName else { return }
    for (code, problem) in WindowsUserName.problems(of: name) {
      report.error(
        code, .invalid, at: options.node, "runAsUserName",
        "\(PodFieldChecks.quoted(name)) cannot be a Windows user: \(problem)",
        help: "write 'USER' or 'DOMAIN\\USER'")
    }
  }

  private static func checkHostProcess(
    _ pod: PodSubject, _ common: Bool?, into report: inout Report
  ) {
    var count = 0
    for placed in pod.containers {
      let own = placed.container.securityContext?.windowsOptions?.hostProcess
      if let common, let own, common != own {
        report.error(
          "WIN-11", .invalid, at: placed.container.node,
          "securityContext.windowsOptions.hostProcess",
          "'hostProcess' is '\(own)' here, but '\(common)' for the pod",
          help: "remove it here, or make them equal")
      }
      if own ?? common ?? false { count += 1 }
    }
    guard count > 0 else { return }
    if count != pod.containers.count {
      report.error(
        "WIN-12", .invalid, at: pod.spec.node, .root,
        "some containers are processes of the host and others are not; "
          + "a pod is one or the other",
        help: "set 'hostProcess' for the pod")
    }
    if pod.spec.hostNetwork != true {
      report.error(
        "WIN-13", .invalid, at: pod.spec.node, "hostNetwork",
        "processes of a Windows host use its network", help: "add 'hostNetwork: true'")
    }
  }
}

/// Names of Windows users: a user, or a domain, a backslash and a user.
private enum WindowsUserName {
  private static let domainBytesMax = 255
  private static let userBytesMax = 104

  static func problems(of name: String) -> [(code: String, problem: String)] {
    if name.isEmpty { return [("WIN-03", "it is empty")] }
    if name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
      return [("WIN-04", "it contains a control character")]
    }
    let parts = name.utf8.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false)
    if parts.count > 2 { return [("WIN-05", "it contains more than one backslash")] }
    let domain = parts.count == 2 ? domainProblems(parts[0]) : []
    return domain + userProblems(parts[parts.count - 1])
  }

  private static func domainProblems(_ domain: Substring.UTF8View) -> [(String, String)] {
    var problems: [(String, String)] = []
    if domain.count > domainBytesMax {
      problems.append(("WIN-06", "its domain has more than \(domainBytesMax) bytes"))
    }
    if !isNetBIOS(Substring(domain)), !isDNS(domain) {
      problems.append(("WIN-07", "its domain is neither a NetBIOS name nor a DNS name"))
    }
    return problems
  }

  private static func userProblems(_ user: Substring.UTF8View) -> [(String, String)] {
    if user.isEmpty { return [("WIN-08", "its user is empty")] }
    var problems: [(String, String)] = []
    if user.count > userBytesMax {
      problems.append(("WIN-08", "its user has more than \(userBytesMax) bytes"))
    }
    if user.allSatisfy({ $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: " ") }) {
      problems.append(("WIN-09", "its user consists of dots and spaces only"))
    }
    let forbidden = "\"/\\:;|=,+*?<>@[]".utf8
    if let bad = user.first(where: { forbidden.contains($0) }) {
      problems.append(("WIN-10", "its user contains '\(Unicode.Scalar(bad))'"))
    }
    return problems
  }

  private static func isNetBIOS(_ domain: Substring) -> Bool {
    let scalars = domain.unicodeScalars
    let forbidden = "\\/:*?\"<>|".unicodeScalars
    return (1...15).contains(scalars.count) && scalars.first != "."
      && scalars.allSatisfy { !forbidden.contains($0) }
  }

  private static func isDNS(_ domain: Substring.UTF8View) -> Bool {
    let labels = domain.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      // The same labels as in lower case.
      NameFormat.dnsLabel(
        String(decoding: label.map { isUpper($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
      )
      .isEmpty
    }
  }

  private static func isUpper(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }
}

extension WindowsRules {
  static let rules: [RuleDescription] = [
    rule(
      "WIN-01", "a credential is named by a DNS name", bad: "gmsaCredentialSpecName: a_b",
      good: "gmsaCredentialSpecName: a.b"),
    rule(
      "WIN-02", "a credential is not empty and has at most 64 KiB",
      bad: "gmsaCredentialSpec: ''", good: "gmsaCredentialSpec: a"),
    rule(
      "WIN-03", "a Windows user is not empty", bad: "runAsUserName: ''",
      good: "runAsUserName: ContainerUser"),
    rule(
      "WIN-04", "a Windows user has no control characters", bad: "runAsUserName: \"a\\tb\"",
      good: "runAsUserName: a b"),
    rule(
      "WIN-05", "a Windows user has one backslash at most", bad: "runAsUserName: 'a\\b\\c'",
      good: "runAsUserName: 'a\\b'"),
    RuleDescription(
      "WIN-06", "a Windows domain has at most 255 bytes",
      bad: RuleExample(
        stringLiteral: "spec.securityContext = {windowsOptions: {runAsUserName: '"
          + String(repeating: "a", count: 256) + "\\b'}}"),
      good: "spec.securityContext = {windowsOptions: {runAsUserName: 'a.b\\c'}}"),
    rule(
      "WIN-07", "a Windows domain is a NetBIOS name or a DNS name", bad: "runAsUserName: '.a\\b'",
      good: "runAsUserName: 'A.example.com\\b'"),
    rule(
      "WIN-08", "a Windows user has 1 to 104 bytes", bad: "runAsUserName: 'a\\'",
      good: "runAsUserName: 'a\\b'"),
    rule(
      "WIN-09", "a Windows user is more than dots and spaces", bad: "runAsUserName: '. .'",
      good: "runAsUserName: '. a'"),
    rule(
      "WIN-10", "a Windows user has none of \"/\\:;|=,+*?<>@[]", bad: "runAsUserName: a@b",
      good: "runAsUserName: a!b"),
    RuleDescription(
      "WIN-11", "a container is a process of the host as its pod says",
      bad: """
        spec.hostNetwork = true
        spec.securityContext = {windowsOptions: {hostProcess: true}}
        spec.containers[0].securityContext = {windowsOptions: {hostProcess: false}}
        """,
      good: """
        spec.hostNetwork = true
        spec.securityContext = {windowsOptions: {hostProcess: true}}
        spec.containers[0].securityContext = {windowsOptions: {hostProcess: true}}
        """),
    RuleDescription(
      "WIN-12", "all containers are processes of the host, or none",
      bad: """
        spec.hostNetwork = true
        spec.containers = [{name: a, image: b, \
        securityContext: {windowsOptions: {hostProcess: true}}}, {name: c, image: d}]
        """,
      good: """
        spec.hostNetwork = true
        spec.containers = [{name: a, image: b, \
        securityContext: {windowsOptions: {hostProcess: true}}}]
        """),
    RuleDescription(
      "WIN-13", "processes of the host are in its network",
      bad: "spec.securityContext = {windowsOptions: {hostProcess: true}}",
      good: """
        spec.hostNetwork = true\nspec.securityContext = {windowsOptions: {hostProcess: true}}
        """),
    .untestable(
      "WIN-14", "processes of the host are allowed",
      because: "a setting of the cluster decides it"),
  ]

  private static func rule(
    _ id: String, _ summary: String, bad: String, good: String
  ) -> RuleDescription {
    RuleDescription(
      id, summary,
      bad: RuleExample(stringLiteral: "spec.securityContext = {windowsOptions: {\(bad)}}"),
      good: RuleExample(stringLiteral: "spec.securityContext = {windowsOptions: {\(good)}}"))
  }
}
