import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The security context of a pod.
enum PodSecurityRules: PodRules {
  static let title = "Security context of a pod"
  static let needs = [
    "appArmorProfile", "fsGroup", "fsGroupChangePolicy", "runAsGroup", "runAsUser",
    "seLinuxChangePolicy", "seccompProfile", "supplementalGroups", "supplementalGroupsPolicy",
    "sysctls",
  ]

  static func check(_ pod: PodSubject, into report: inout Report) {
    guard let context = pod.spec.securityContext, !context.isEmpty else { return }
    let node = context.node
    ProfileChecks.identity("PSC-01", context.fsGroup, at: node, "fsGroup", into: &report)
    ProfileChecks.identity("PSC-02", context.runAsUser, at: node, "runAsUser", into: &report)
    ProfileChecks.identity("PSC-03", context.runAsGroup, at: node, "runAsGroup", into: &report)
    for (index, group) in context.supplementalGroups.enumerated() {
      ProfileChecks.identity(
        "PSC-04", group, at: node, FieldPath("supplementalGroups").index(index), into: &report)
    }
    checkPolicies(context, into: &report)
    checkSysctls(context, pod.spec, into: &report)
    ProfileChecks.seccomp(
      context.seccompProfile, codes: ("PSC-12", "PSC-13", "PSC-14"), into: &report)
    if report.version.minor >= 30 {
      ProfileChecks.appArmor(
        context.appArmorProfile, codes: ("PSC-15", "PSC-16", "PSC-17"), into: &report)
    }
  }

  private static func checkPolicies(_ context: PodSecurityContext, into report: inout Report) {
    PodFieldChecks.choice(
      "PSC-06", context.fsGroupChangePolicy, among: ["OnRootMismatch", "Always"], absence: .isFine,
      at: context.node, "fsGroupChangePolicy", into: &report)
    // Both are dropped without a look by older clusters.
    guard report.version.minor >= 33 else { return }
    PodFieldChecks.choice(
      "PSC-05", context.supplementalGroupsPolicy, among: ["Merge", "Strict"], absence: .isFine,
      at: context.node, "supplementalGroupsPolicy", into: &report)
    PodFieldChecks.choice(
      "PSC-18", context.seLinuxChangePolicy, among: ["Recursive"], absence: .isFine,
      at: context.node, "seLinuxChangePolicy", into: &report)
  }

  private static func checkSysctls(
    _ context: PodSecurityContext, _ spec: PodSpec, into report: inout Report
  ) {
    var names: Set<String> = []
    for setting in context.sysctls {
      let name = setting.name ?? ""
      let problems = name.isEmpty ? [] : SystemFormat.sysctl(name)
      if name.isEmpty {
        PodFieldChecks.missing(
          "PSC-07", at: setting.node, "name", "it says which setting of the kernel is meant",
          into: &report)
      }
      PodFieldChecks.format(
        "PSC-08", problems, of: name, as: "the name of a kernel setting", at: setting.node, "name",
        into: &report)
      if !names.insert(name).inserted, problems.isEmpty, !name.isEmpty {
        report.error(
          "PSC-09", .duplicate, at: setting.node, "name", "the setting '\(name)' is there twice",
          help: "remove one of them")
      }
      checkSharing(name, setting, spec, into: &report)
    }
  }

  private static func checkSharing(
    _ name: String, _ setting: Sysctl, _ spec: PodSpec, into report: inout Report
  ) {
    switch KernelSetting.namespace(of: name) {
    case .network where spec.hostNetwork == true:
      report.error(
        "PSC-10", .invalid, at: setting.node, "name",
        "'\(name)' would change the host's network, which the pod shares",
        help: "remove it, or 'hostNetwork'")
    case .communication where spec.hostIPC == true:
      report.error(
        "PSC-11", .invalid, at: setting.node, "name",
        "'\(name)' would change the host's inter-process communication, which the pod shares",
        help: "remove it, or 'hostIPC'")
    default: break
    }
  }
}

/// The settings of the kernel that a pod has for itself.
private enum KernelSetting {
  enum Namespace {
    case network, communication, none
  }

  static func namespace(of name: String) -> Namespace {
    let name = dotted(name)
    if name.hasPrefix("net.") { return .network }
    let prefixes = ["kernel.shm", "kernel.msg", "fs.mqueue."]
    return name == "kernel.sem" || prefixes.contains(where: name.hasPrefix) ? .communication : .none
  }

  /// The name with dots between its parts: where a slash comes first, the two change places.
  private static func dotted(_ name: String) -> String {
    guard name.first(where: { $0 == "." || $0 == "/" }) == "/" else { return name }
    return String(name.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 })
  }
}

extension PodSecurityRules {
  static let rules: [RuleDescription] = identities + settings + profiles

  private static let identities: [RuleDescription] = [
    rule(
      "PSC-01", "the group of files lies between 0 and 2147483647", bad: "{fsGroup: -1}",
      good: "{fsGroup: 2147483647}"),
    rule(
      "PSC-02", "a user lies between 0 and 2147483647", bad: "{runAsUser: 2147483648}",
      good: "{runAsUser: 0}"),
    rule(
      "PSC-03", "a group lies between 0 and 2147483647", bad: "{runAsGroup: -1}",
      good: "{runAsGroup: 1000}"),
    rule(
      "PSC-04", "further groups lie between 0 and 2147483647",
      bad: "{supplementalGroups: [1, -1]}", good: "{supplementalGroups: [1, 1]}"),
    rule(
      "PSC-05", "further groups are merged, or strictly the given ones",
      bad: "{supplementalGroupsPolicy: merge}", good: "{supplementalGroupsPolicy: Strict}"),
    rule(
      "PSC-06", "files change their group always, or if the root differs",
      bad: "{fsGroupChangePolicy: Never}", good: "{fsGroupChangePolicy: OnRootMismatch}"),
  ]

  private static let settings: [RuleDescription] = [
    rule(
      "PSC-07", "a kernel setting is named", bad: "{sysctls: [{value: '1'}]}",
      good: "{sysctls: [{name: a.b, value: ''}]}"),
    rule(
      "PSC-08", "a kernel setting's name is words joined by dots or slashes",
      bad: "{sysctls: [{name: Net.b, value: '1'}]}",
      good: "{sysctls: [{name: net/ipv4/ip_forward, value: '1'}]}"),
    rule(
      "PSC-09", "a kernel setting is there once",
      bad: "{sysctls: [{name: a.b, value: '1'}, {name: a.b, value: '2'}]}",
      good: "{sysctls: [{name: a.b, value: '1'}, {name: a.c, value: '2'}]}"),
    RuleDescription(
      "PSC-10", "a pod in the host's network changes no setting of the network",
      bad: "spec.hostNetwork = true\nspec.securityContext = {sysctls: [{name: net.a, value: '1'}]}",
      "spec.hostNetwork = true\nspec.securityContext = {sysctls: [{name: net/a, value: '1'}]}",
      good:
        """
        spec.hostNetwork = true\nspec.securityContext = {sysctls: [{name: kernel.sem, \
        value: '1'}]}
        """
    ),
    RuleDescription(
      "PSC-11", "a pod with the host's inter-process communication changes no setting of it",
      bad:
        """
        spec.hostIPC = true\nspec.securityContext = {sysctls: [{name: kernel.shmmax, value: '1'}]}
        """,
      good: "spec.hostIPC = true\nspec.securityContext = {sysctls: [{name: net.a, value: '1'}]}"),
  ]

  private static let profiles: [RuleDescription] = [
    rule(
      "PSC-12", "a seccomp profile is Localhost, RuntimeDefault or Unconfined",
      bad: "{seccompProfile: {}}", good: "{seccompProfile: {type: RuntimeDefault}}"),
    rule(
      "PSC-13", "a seccomp profile of the node is a relative path",
      bad: "{seccompProfile: {type: Localhost, localhostProfile: /a}}",
      good: "{seccompProfile: {type: Localhost, localhostProfile: a/b.json}}"),
    rule(
      "PSC-14", "only type Localhost of seccomp loads a profile from the node",
      bad: "{seccompProfile: {type: Unconfined, localhostProfile: a}}",
      good: "{seccompProfile: {type: Unconfined}}"),
    rule(
      "PSC-15", "an AppArmor profile is Localhost, RuntimeDefault or Unconfined",
      bad: "{appArmorProfile: {type: runtime/default}}",
      good: "{appArmorProfile: {type: RuntimeDefault}}"),
    rule(
      "PSC-16", "an AppArmor profile of the node is named",
      bad: "{appArmorProfile: {type: Localhost}}",
      good: "{appArmorProfile: {type: Localhost, localhostProfile: /a b}}"),
    rule(
      "PSC-17", "only type Localhost of AppArmor loads a profile from the node",
      bad: "{appArmorProfile: {type: Unconfined, localhostProfile: a}}",
      good: "{appArmorProfile: {type: Unconfined}}"),
    rule(
      "PSC-18", "SELinux labels are changed file by file (Recursive)",
      bad: "{seLinuxChangePolicy: MountOption}", good: "{seLinuxChangePolicy: Recursive}"),
    .untestable(
      "PSC-19", "a pod's Windows options are valid", because: "findings carry the codes WIN-*"),
    .untestable(
      "PSC-20", "user 0 with runAsNonRoot is refused by the node",
      because: "the server does not look"),
  ]

  private static func rule(
    _ id: String, _ summary: String, bad: String, good: String
  ) -> RuleDescription {
    RuleDescription(
      id, summary, bad: RuleExample(stringLiteral: "spec.securityContext = " + bad),
      good: RuleExample(stringLiteral: "spec.securityContext = " + good))
  }
}
