import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Other parts of pods that the server accepts with a warning.
enum PodWarnings: PodRules {
  static let title = "Warnings about pods"
  static let needs = [
    "annotations", "dnsConfig", "hostAliases", "imagePullSecrets", "terminationGracePeriodSeconds",
  ]

  static func check(_ pod: PodSubject, into report: inout Report) {
    checkAnnotations(pod, into: &report)
    checkLists(pod.spec, into: &report)
    if pod.isTemplate, let seconds = pod.spec.terminationGracePeriodSeconds, seconds < 0 {
      report.warning(
        "WRN-38", at: pod.spec.node, "terminationGracePeriodSeconds",
        "terminationGracePeriodSeconds is '\(seconds)', which counts as 1",
        help: "write 1 or more, or 0 to stop at once")
    }
    for (index, text) in (pod.spec.dnsConfig?.nameservers ?? .absent).enumerated() {
      AddressForm.warn(
        "WRN-41", text, at: pod.spec.node, FieldPath("dnsConfig.nameservers").index(index),
        into: &report)
    }
  }

  private static func checkLists(_ spec: PodSpec, into report: inout Report) {
    var addresses: Set<String> = []
    for alias in spec.hostAliases {
      let ip = alias.ip ?? ""
      AddressForm.warn("WRN-41", ip, at: alias.node, "ip", into: &report)
      guard !addresses.insert(ip).inserted else { continue }
      report.warning(
        "WRN-24", at: alias.node, "ip", "the address '\(ip)' is listed before",
        help: "put all names of an address into one entry")
    }
    var secrets: Set<String> = []
    for secret in spec.imagePullSecrets {
      let name = secret.name ?? ""
      if name.isEmpty {
        report.warning(
          "WRN-27", at: secret.node, "name", "a secret without name is never found",
          help: "name the secret, or remove the entry")
      }
      guard !secrets.insert(name).inserted else { continue }
      report.warning(
        "WRN-25", at: secret.node, "name", "the secret '\(name)' is listed before",
        help: "remove one of the two")
    }
  }

  // MARK: - Annotations

  private static let lost: [String: String] = [
    "scheduler.alpha.kubernetes.io/critical-pod": "WRN-06",
    "security.alpha.kubernetes.io/sysctls": "WRN-07",
    "security.alpha.kubernetes.io/unsafe-sysctls": "WRN-07",
  ]
  private static let podSeccomp = "seccomp.security.alpha.kubernetes.io/pod"
  private static let seccomp = "container.seccomp.security.alpha.kubernetes.io/"
  private static let appArmor = "container.apparmor.security.beta.kubernetes.io/"

  private static func checkAnnotations(_ pod: PodSubject, into report: inout Report) {
    let annotations = pod.metadata.annotations
    guard !annotations.isEmpty else { return }
    var contexts: [String: SecurityContext?] = [:]
    for placed in pod.containers {
      contexts[placed.container.name ?? ""] = .some(placed.container.securityContext)
    }
    for (key, _) in annotations {
      var finding: (code: String, help: String)?
      if let code = lost[key] {
        finding = (
          code, code == "WRN-06" ? "use 'priorityClassName'" : "use 'securityContext.sysctls'"
        )
      } else if key == podSeccomp, pod.spec.securityContext?.seccompProfile == nil {
        finding = ("WRN-35", "use 'securityContext.seccompProfile'")
      } else if key.hasPrefix(seccomp),
        let context = contexts[String(key.dropFirst(seccomp.count))], context?.seccompProfile == nil
      {
        finding = ("WRN-35", "use 'securityContext.seccompProfile' of the container")
      } else if key.hasPrefix(appArmor), report.version.minor >= 30,
        let context = contexts[String(key.dropFirst(appArmor.count))],
        context?.appArmorProfile == nil
      {
        finding = ("WRN-37", "use 'securityContext.appArmorProfile' of the container")
      }
      guard let finding else { continue }
      report.warning(
        finding.code, at: annotations.node ?? pod.metadata.node, FieldPath().key(key),
        """
        the annotation '\(key)' is \
        deprecated\(finding.code == "WRN-37" ? "" : " and has no effect")
        """,
        help: finding.help)
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "WRN-06", "Critical pods say so by their priority class.",
      bad: "metadata.annotations = {scheduler.alpha.kubernetes.io/critical-pod: ''}",
      good: "metadata.annotations = {example.com/critical-pod: ''}"),
    RuleDescription(
      "WRN-07", "Kernel parameters stand in the security context.",
      bad: "metadata.annotations = {security.alpha.kubernetes.io/sysctls: 'a=b'}",
      good: "spec.securityContext.sysctls = [{name: kernel.shm_rmid_forced, value: '1'}]"),
    RuleDescription(
      "WRN-24", "An address has one entry of names.",
      bad: "spec.hostAliases = [{ip: 192.0.2.1, hostnames: [a]}, {ip: 192.0.2.1, hostnames: [b]}]",
      good: "spec.hostAliases = [{ip: 192.0.2.1, hostnames: [a, b]}]"),
    RuleDescription(
      "WRN-25", "A pull secret is listed once.",
      bad: "spec.imagePullSecrets = [{name: a}, {name: a}]",
      good: "spec.imagePullSecrets = [{name: a}, {name: b}]"),
    .untestable("WRN-26", "Reserved.", because: "the list names no condition"),
    RuleDescription(
      "WRN-27", "A pull secret has a name.", bad: "spec.imagePullSecrets = [{}]",
      good: "spec.imagePullSecrets = [{name: a}]"),
    RuleDescription(
      "WRN-35", "Seccomp profiles stand in the security context.",
      bad: "metadata.annotations = {seccomp.security.alpha.kubernetes.io/pod: runtime/default}",
      good:
        """
        metadata.annotations = {seccomp.security.alpha.kubernetes.io/pod: \
        runtime/default}\nspec.securityContext.seccompProfile = {type: RuntimeDefault}
        """
    ),
    RuleDescription(
      "WRN-37", "AppArmor profiles stand in the security context.",
      bad:
        "metadata.annotations = {container.apparmor.security.beta.kubernetes.io/app: unconfined}",
      good: "spec.containers[0].securityContext.appArmorProfile = {type: Unconfined}"),
    RuleDescription(
      "WRN-38", "The grace period of a template's pods is not negative.", on: .deployment,
      bad: "spec.template.spec.terminationGracePeriodSeconds = -1",
      good: "spec.template.spec.terminationGracePeriodSeconds = 0"),
    RuleDescription(
      "WRN-41", "Addresses of name servers and host names are in their usual form.",
      bad: "spec.hostAliases = [{ip: '2001:DB8::1', hostnames: [a]}]",
      "spec.dnsConfig.nameservers = ['2001:db8:0::1']",
      good: "spec.hostAliases = [{ip: '2001:db8::1', hostnames: [a]}]"),
  ]
}

/// Addresses that are right but written unlike every tool prints them.
enum AddressForm {
  static func warn(
    _ code: String, _ text: String, at node: NodeRef, _ part: FieldPath, into report: inout Report
  ) {
    guard let address = IPAddress(text) else { return }
    warn(code, text, usual: address.unmapped.description, at: node, part, into: &report)
  }

  /// The same for a range of addresses.
  static func warnRange(
    _ code: String, _ text: String, at node: NodeRef, _ part: FieldPath, into report: inout Report
  ) {
    guard let range = CIDR(TextTrimming.trimmed(text)), !range.address.isIPv4Mapped else { return }
    warn(
      code, TextTrimming.trimmed(text), usual: range.masked.description, at: node, part,
      into: &report)
  }

  private static func warn(
    _ code: String, _ text: String, usual: String, at node: NodeRef, _ part: FieldPath,
    into report: inout Report
  ) {
    guard usual != text else { return }
    report.warning(
      code, at: node, part,
      "'\(text)' is an unusual way to write '\(usual)'; tools may not see that both are the same",
      help: "write '\(usual)'",
      fixes: [
        FixIt(
          "write '\(usual)'", safety: .safe, edits: [.set(node.path + part, to: "\"\(usual)\"")])
      ])
  }
}
