import ManifestModel
import ManifestSchema
import ManifestSyntax

/// When containers restart, on their own terms or when their resources change.
enum RestartRules: PodRules {
  static let title = "Restart and resize policies"
  static let needs = ["resizePolicy", "restartPolicy", "restartPolicyRules"]

  private static let exitRulesMax = 20
  private static let exitCodesMax = 255

  static func check(_ pod: PodSubject, into report: inout Report) {
    for placed in pod.containers {
      if placed.role != .ephemeral { checkRestart(placed, into: &report) }
      if report.version.minor >= 33 { checkResize(placed, pod, into: &report) }
    }
  }

  // MARK: - Restarts

  private static func checkRestart(_ placed: PlacedContainer, into report: inout Report) {
    guard report.version.minor >= 35 else { return checkSidecar(placed, into: &report) }
    let container = placed.container
    PodFieldChecks.choice(
      "RST-01", container.restartPolicy, among: ["Always", "Never", "OnFailure"], absence: .isFine,
      at: container.node, "restartPolicy", into: &report)
    let rules = container.restartPolicyRules
    guard !rules.isEmpty else { return }
    if container.restartPolicy == nil {
      PodFieldChecks.missing(
        placed.role == .initial ? "INI-06" : "RST-02", at: container.node, "restartPolicy",
        "'restartPolicyRules' are exceptions from it", help: "add 'restartPolicy: Never'",
        into: &report)
    }
    if rules.count > exitRulesMax {
      report.error(
        "RST-03", .tooMany, at: container.node, "restartPolicyRules",
        "there are \(rules.count) rules, and at most \(exitRulesMax) are allowed",
        help: "join rules of the same action")
    }
    for rule in rules { check(rule, into: &report) }
  }

  /// Until 1.34, restarting was a matter of sidecars.
  private static func checkSidecar(_ placed: PlacedContainer, into report: inout Report) {
    guard report.version.minor >= 29, let policy = placed.container.restartPolicy else { return }
    if placed.role == .regular {
      report.error(
        "RST-01", .forbidden, at: placed.container.node, "restartPolicy",
        "only init containers have a restart policy of their own in Kubernetes \(report.version)",
        help: "remove it; the pod's 'restartPolicy' counts")
    } else if policy != "Always" {
      report.error(
        "RST-01", .notSupported, at: placed.container.node, "restartPolicy",
        "\(PodFieldChecks.quoted(policy)) is no restart policy of an init container in Kubernetes "
          + "\(report.version)", help: "write 'Always' to make it a sidecar, or remove it")
    }
  }

  private static func check(_ rule: ContainerRestartRule, into report: inout Report) {
    PodFieldChecks.choice(
      "RST-04", rule.action,
      among: report.version.minor >= 36 ? ["Restart", "RestartAllContainers"] : ["Restart"],
      absence: .isUnsupported, at: rule.node, "action", into: &report)
    guard let codes = rule.exitCodes else {
      return PodFieldChecks.missing(
        "RST-05", at: rule.node, "exitCodes", "a rule applies to certain exit codes", into: &report)
    }
    PodFieldChecks.choice(
      "RST-06", codes.operator, among: ["In", "NotIn"], absence: .isUnsupported, at: codes.node,
      "operator", into: &report)
    if codes.values.count > exitCodesMax {
      report.error(
        "RST-07", .tooMany, at: codes.node, "values",
        "there are \(codes.values.count) exit codes, and at most \(exitCodesMax) are allowed",
        help: "use 'NotIn' with the others")
    }
  }

  // MARK: - Resizes

  private static func checkResize(
    _ placed: PlacedContainer, _ pod: PodSubject, into report: inout Report
  ) {
    let container = placed.container
    let policies = container.resizePolicy
    guard !policies.isEmpty else { return }
    var resources: Set<String> = []
    for (index, policy) in policies.enumerated() {
      let part = FieldPath("resizePolicy").index(index)
      let resource = policy.resourceName ?? ""
      if !resources.insert(resource).inserted {
        report.error(
          "RSZ-02", .duplicate, at: container.node, part.field("resourceName"),
          "there is a policy for \(PodFieldChecks.quoted(resource)) already",
          help: "remove one of them", server: part)
      }
      PodFieldChecks.choice(
        "RSZ-01", policy.resourceName, among: ["cpu", "memory"], absence: .isRequired,
        at: container.node, part.field("resourceName"), server: "resizePolicy", into: &report)
      PodFieldChecks.choice(
        "RSZ-03", policy.restartPolicy, among: ["NotRequired", "RestartContainer"],
        absence: .isRequired, at: container.node, part.field("restartPolicy"),
        server: "resizePolicy", into: &report)
      if pod.spec.restartPolicy == "Never", policy.restartPolicy != "NotRequired" {
        report.error(
          "RSZ-04", .invalid, at: container.node, part.field("restartPolicy"),
          "the pod never restarts a container, so a resize cannot either",
          help: "write 'NotRequired'", server: "resizePolicy")
      }
      checkInitResize(placed, policy, part, into: &report)
    }
  }

  private static func checkInitResize(
    _ placed: PlacedContainer, _ policy: ContainerResizePolicy, _ part: FieldPath,
    into report: inout Report
  ) {
    guard placed.role == .initial, policy.restartPolicy == "RestartContainer",
      !placed.container.isSidecar
    else { return }
    report.error(
      "RSZ-05", .invalid, at: placed.container.node, part.field("restartPolicy"),
      "an init container that runs once is not restarted by a resize",
      help: "write 'NotRequired', or make it a sidecar with 'restartPolicy: Always'", server: part)
  }
}

extension RestartRules {
  static let rules: [RuleDescription] = [
    RuleDescription(
      "RST-01", "a container's restart policy is Always, Never or OnFailure",
      bad: "spec.containers[0].restartPolicy = always",
      good: "spec.containers[0].restartPolicy = OnFailure"),
    RuleDescription(
      "RST-02", "a container with restart rules has a restart policy",
      bad:
        """
        spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {operator: In, \
        values: [1]}}]
        """,
      good: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {operator: In, \
        values: [1]}}]
        """),
    RuleDescription(
      "RST-03", "a container has at most 20 restart rules",
      bad: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = \
        [{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]
        """,
      good: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = \
        [{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]
        """),
    RuleDescription(
      "RST-04", "a restart rule restarts its container, or all",
      bad: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Stop, exitCodes: {operator: In, \
        values: [1]}}]
        """,
      good: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: RestartAllContainers, \
        exitCodes: {operator: In, values: [1]}}]
        """),
    RuleDescription(
      "RST-05", "a restart rule applies to exit codes",
      bad: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Restart}]
        """,
      good: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {operator: In, \
        values: []}}]
        """),
    RuleDescription(
      "RST-06", "exit codes are in a list or not in it",
      bad: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {values: [1]}}]
        """,
      good: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {operator: NotIn, \
        values: [1]}}]
        """),
    RuleDescription(
      "RST-07", "a restart rule names at most 255 exit codes",
      bad: RuleExample(
        stringLiteral: "spec.containers[0].restartPolicy = Never\n"
          + "spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {operator: In, "
          + "values: [\((0..<256).map(String.init).joined(separator: ","))]}}]"),
      good: """
        spec.containers[0].restartPolicy = Never
        spec.containers[0].restartPolicyRules = [{action: Restart, exitCodes: {operator: In, \
        values: [255]}}]
        """),
    RuleDescription(
      "RSZ-01", "what is resized is cpu or memory",
      bad: "spec.containers[0].resizePolicy = [{restartPolicy: NotRequired}]",
      "spec.containers[0].resizePolicy = [{resourceName: disk, restartPolicy: NotRequired}]",
      good: "spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: NotRequired}]"),
    RuleDescription(
      "RSZ-02", "a resource has one resize policy",
      bad:
        """
        spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: NotRequired}, \
        {resourceName: cpu, restartPolicy: NotRequired}]
        """,
      good:
        """
        spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: NotRequired}, \
        {resourceName: memory, restartPolicy: NotRequired}]
        """
    ),
    RuleDescription(
      "RSZ-03", "a resize needs no restart, or restarts the container",
      bad: "spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: Never}]",
      "spec.containers[0].resizePolicy = [{resourceName: cpu}]",
      good:
        "spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: RestartContainer}]"),
    RuleDescription(
      "RSZ-04", "where nothing restarts, no resize restarts",
      bad: """
        spec.restartPolicy = Never
        spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: RestartContainer}]
        """,
      good: """
        spec.restartPolicy = Never
        spec.containers[0].resizePolicy = [{resourceName: cpu, restartPolicy: NotRequired}]
        """),
    RuleDescription(
      "RSZ-05", "of init containers, a resize restarts sidecars only",
      bad:
        """
        spec.initContainers = [{name: i, image: b, resizePolicy: [{resourceName: cpu, \
        restartPolicy: RestartContainer}]}]
        """,
      good:
        """
        spec.initContainers = [{name: i, image: b, restartPolicy: Always, \
        resizePolicy: [{resourceName: cpu, restartPolicy: RestartContainer}]}]
        """
    ),
    RuleDescription(
      "INI-06", "an init container with restart rules has a restart policy",
      bad:
        """
        spec.initContainers = [{name: i, image: b, restartPolicyRules: [{action: Restart, \
        exitCodes: {operator: In, values: [1]}}]}]
        """,
      good:
        """
        spec.initContainers = [{name: i, image: b, restartPolicy: Never, \
        restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [1]}}]}]
        """
    ),
  ]
}
