import ManifestModel
import ManifestSyntax

/// What a pod of one operating system may not say to another.
enum OperatingSystemRules: PodRules {
  static let title = "Fields of another operating system"
  static let needs = ["os"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    switch pod.spec.os?.name {
    case "linux": checkLinux(pod, into: &report)
    case "windows":
      checkWindows(pod, into: &report)
      for placed in pod.containers {
        guard let context = placed.container.securityContext else { continue }
        for (code, field) in containerFields where context.has(field) {
          refuse(code, context.node, FieldPath().field(field), into: &report)
        }
      }
    default: break
    }
  }

  private static func checkLinux(_ pod: PodSubject, into report: inout Report) {
    if let context = pod.spec.securityContext, context.has("windowsOptions") {
      refuse("OSL-01", context.node, "windowsOptions", "Linux", into: &report)
    }
    for placed in pod.containers {
      guard let context = placed.container.securityContext, context.has("windowsOptions") else {
        continue
      }
      refuse("OSL-02", context.node, "windowsOptions", "Linux", into: &report)
    }
  }

  private static let podFields: [(code: String, field: String)] = [
    ("OSW-01", "appArmorProfile"), ("OSW-02", "seLinuxOptions"), ("OSW-06", "seccompProfile"),
    ("OSW-07", "fsGroup"), ("OSW-08", "fsGroupChangePolicy"), ("OSW-11", "runAsUser"),
    ("OSW-12", "runAsGroup"), ("OSW-13", "supplementalGroups"),
    ("OSW-14", "supplementalGroupsPolicy"), ("OSW-15", "seLinuxChangePolicy"),
  ]

  private static let containerFields: [(code: String, field: String)] = [
    ("OSW-16", "appArmorProfile"), ("OSW-17", "seLinuxOptions"), ("OSW-18", "seccompProfile"),
    ("OSW-19", "capabilities"), ("OSW-20", "readOnlyRootFilesystem"), ("OSW-21", "privileged"),
    ("OSW-22", "allowPrivilegeEscalation"), ("OSW-23", "procMount"), ("OSW-24", "runAsUser"),
    ("OSW-25", "runAsGroup"),
  ]

  private static func checkWindows(_ pod: PodSubject, into report: inout Report) {
    let spec = pod.spec
    if spec.has("hostUsers") { refuse("OSW-03", spec.node, "hostUsers", into: &report) }
    if spec.hostPID == true { refuse("OSW-04", spec.node, "hostPID", into: &report) }
    if spec.hostIPC == true { refuse("OSW-05", spec.node, "hostIPC", into: &report) }
    if spec.has("shareProcessNamespace") {
      refuse("OSW-10", spec.node, "shareProcessNamespace", into: &report)
    }
    guard let context = spec.securityContext else { return }
    for (code, field) in podFields where context.has(field) {
      refuse(code, context.node, FieldPath().field(field), into: &report)
    }
    if !context.sysctls.isEmpty { refuse("OSW-09", context.node, "sysctls", into: &report) }
  }

  private static func refuse(
    _ code: String, _ node: NodeRef, _ part: FieldPath, _ system: String = "Windows",
    into report: inout Report
  ) {
    report.error(
      code, .forbidden, at: node, part,
      "'\(part)' means nothing to \(system), which the pod asks for",
      help: "remove it, or change 'os.name'")
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "OSL-01", "a Linux pod has no Windows options",
      bad: "spec.os = {name: linux}\nspec.securityContext = {windowsOptions: {}}",
      good: "spec.os = {name: windows}\nspec.securityContext = {windowsOptions: {}}"),
    RuleDescription(
      "OSL-02", "a container of a Linux pod has no Windows options",
      bad: "spec.os = {name: linux}\nspec.containers[0].securityContext = {windowsOptions: {}}",
      good: "spec.containers[0].securityContext = {windowsOptions: {}}"),
    specRule("OSW-03", "hostUsers = false"), specRule("OSW-04", "hostPID = true"),
    specRule("OSW-05", "hostIPC = true"), specRule("OSW-10", "shareProcessNamespace = false"),
    podRule("OSW-01", "{appArmorProfile: {type: Unconfined}}"),
    podRule("OSW-02", "{seLinuxOptions: {}}"),
    podRule("OSW-06", "{seccompProfile: {type: Unconfined}}"), podRule("OSW-07", "{fsGroup: 1}"),
    podRule("OSW-08", "{fsGroupChangePolicy: Always}"),
    podRule("OSW-09", "{sysctls: [{name: a.b, value: c}]}"), podRule("OSW-11", "{runAsUser: 1}"),
    podRule("OSW-12", "{runAsGroup: 1}"), podRule("OSW-13", "{supplementalGroups: []}"),
    podRule("OSW-14", "{supplementalGroupsPolicy: Merge}"),
    podRule("OSW-15", "{seLinuxChangePolicy: Recursive}"),
    containerRule("OSW-16", "{appArmorProfile: {type: Unconfined}}"),
    containerRule("OSW-17", "{seLinuxOptions: {}}"),
    containerRule("OSW-18", "{seccompProfile: {type: Unconfined}}"),
    containerRule("OSW-19", "{capabilities: {}}"),
    containerRule("OSW-20", "{readOnlyRootFilesystem: false}"),
    containerRule("OSW-21", "{privileged: false}"),
    containerRule("OSW-22", "{allowPrivilegeEscalation: true}"),
    containerRule("OSW-23", "{procMount: Default}"), containerRule("OSW-24", "{runAsUser: 1}"),
    containerRule("OSW-25", "{runAsGroup: 1}"),
    .untestable(
      "OSW-26", "a Windows pod has no resources as a whole",
      because: "findings carry the code PRES-01"),
  ]

  private static func specRule(_ id: String, _ line: String) -> RuleDescription {
    let name = line.prefix { $0 != " " }
    return RuleDescription(
      id, "a Windows pod has no '\(name)'", bad: windows("spec." + line),
      good: linux("spec." + line))
  }

  private static func podRule(_ id: String, _ context: String) -> RuleDescription {
    let line = "spec.securityContext = " + context
    return RuleDescription(
      id, "the security context of a Windows pod has no '\(name(context))'", bad: windows(line),
      good: linux(line))
  }

  private static func containerRule(_ id: String, _ context: String) -> RuleDescription {
    let line = "spec.containers[0].securityContext = " + context
    return RuleDescription(
      id, "the security context of a Windows container has no '\(name(context))'",
      bad: windows(line), good: linux(line))
  }

  private static func name(_ context: String) -> Substring {
    context.dropFirst().prefix { $0 != ":" }
  }

  private static func windows(_ line: String) -> RuleExample {
    RuleExample(stringLiteral: "spec.os = {name: windows}\n" + line)
  }

  private static func linux(_ line: String) -> RuleExample {
    RuleExample(stringLiteral: "spec.os = {name: linux}\n" + line)
  }
}
