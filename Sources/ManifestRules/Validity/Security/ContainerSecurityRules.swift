import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The security contexts of containers.
enum ContainerSecurityRules: PodRules {
  static let title = "Security contexts of containers"
  static let needs = [
    "allowPrivilegeEscalation", "appArmorProfile", "procMount", "runAsGroup", "runAsUser",
    "seccompProfile",
  ]

  static func check(_ pod: PodSubject, into report: inout Report) {
    let sharesUsers = pod.spec.hostUsers != false
    for placed in pod.containers {
      guard let context = placed.container.securityContext else { continue }
      ProfileChecks.identity(
        "CSC-02", context.runAsUser, at: context.node, "runAsUser", into: &report)
      ProfileChecks.identity(
        "CSC-03", context.runAsGroup, at: context.node, "runAsGroup", into: &report)
      if report.version.minor >= 33 { checkMount(context, sharesUsers, into: &report) }
      ProfileChecks.seccomp(
        context.seccompProfile, codes: ("CSC-08", "CSC-08", "CSC-08"), into: &report)
      if context.allowPrivilegeEscalation == false { checkEscalation(context, into: &report) }
      if report.version.minor >= 30 {
        ProfileChecks.appArmor(
          context.appArmorProfile, codes: ("CSC-09", "CSC-09", "CSC-09"), into: &report)
      }
    }
  }

  private static func checkMount(
    _ context: SecurityContext, _ sharesUsers: Bool, into report: inout Report
  ) {
    PodFieldChecks.choice(
      "CSC-04", context.procMount, among: ["Default", "Unmasked"], absence: .isFine,
      at: context.node, "procMount", into: &report)
    guard context.procMount == "Unmasked", sharesUsers else { return }
    report.error(
      "CSC-05", .invalid, at: context.node, "procMount",
      "'Unmasked' shows the container all of /proc, which needs users of its own",
      help: "add 'hostUsers: false' to the pod, or remove 'procMount'")
  }

  private static func checkEscalation(_ context: SecurityContext, into report: inout Report) {
    if context.privileged == true {
      report.error(
        "CSC-06", .invalid, at: context.node, "allowPrivilegeEscalation",
        "a privileged container has every privilege, so it cannot be kept from gaining more",
        help: "remove 'allowPrivilegeEscalation' or 'privileged'", server: .root)
    }
    guard let added = context.capabilities?.add, added.contains("CAP_SYS_ADMIN") else { return }
    report.error(
      "CSC-07", .invalid, at: context.node, "allowPrivilegeEscalation",
      "'CAP_SYS_ADMIN' lets the container gain privileges, so that cannot be forbidden",
      help: "remove the capability, or 'allowPrivilegeEscalation'", server: .root)
  }

  static let rules: [RuleDescription] = [
    .untestable(
      "CSC-01", "privileged containers are allowed",
      because: "a setting of the cluster decides it"),
    rule(
      "CSC-02", "a user lies between 0 and 2147483647", bad: "{runAsUser: -1}",
      good: "{runAsUser: 65534}"),
    rule(
      "CSC-03", "a group lies between 0 and 2147483647", bad: "{runAsGroup: 2147483648}",
      good: "{runAsGroup: 0}"),
    rule(
      "CSC-04", "/proc is mounted as Default or Unmasked", bad: "{procMount: default}",
      good: "{procMount: Default}"),
    RuleDescription(
      "CSC-05", "an unmasked /proc needs users apart from the host's",
      bad: "spec.containers[0].securityContext = {procMount: Unmasked}",
      good:
        "spec.hostUsers = false\nspec.containers[0].securityContext = {procMount: Unmasked}"),
    rule(
      "CSC-06", "a privileged container may gain privileges",
      bad: "{privileged: true, allowPrivilegeEscalation: false}",
      good: "{privileged: true, allowPrivilegeEscalation: true}"),
    rule(
      "CSC-07", "a container with CAP_SYS_ADMIN may gain privileges",
      bad: "{capabilities: {add: [CAP_SYS_ADMIN]}, allowPrivilegeEscalation: false}",
      good: "{capabilities: {add: [SYS_ADMIN]}, allowPrivilegeEscalation: false}"),
    rule(
      "CSC-08", "a container's seccomp profile is valid",
      bad: "{seccompProfile: {type: Localhost}}",
      good: "{seccompProfile: {type: Localhost, localhostProfile: a}}"),
    rule(
      "CSC-09", "a container's AppArmor profile is valid",
      bad: "{appArmorProfile: {type: Localhost, localhostProfile: ' a'}}",
      good: "{appArmorProfile: {type: Unconfined}}"),
    .untestable(
      "CSC-10", "a container's Windows options are valid", because: "findings carry the codes WIN-*"
    ),
    .untestable(
      "CSC-11", "names of capabilities are not checked", because: "the server takes any text"),
  ]

  private static func rule(
    _ id: String, _ summary: String, bad: String, good: String
  ) -> RuleDescription {
    RuleDescription(
      id, summary,
      bad: RuleExample(stringLiteral: "spec.containers[0].securityContext = " + bad),
      good: RuleExample(stringLiteral: "spec.containers[0].securityContext = " + good))
  }
}
