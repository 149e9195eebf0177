import ManifestModel
import ManifestSyntax

/// What init and ephemeral containers may not have.
enum ContainerRoleRules: PodRules {
  static let title = "Init and ephemeral containers"
  static let needs = ["initContainers", "ephemeralContainers"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    for placed in pod.containers {
      switch placed.role {
      case .regular: break
      case .initial: checkInit(placed.container, into: &report)
      case .ephemeral: checkEphemeral(placed.container, into: &report)
      }
    }
    checkTargets(pod, into: &report)
  }

  private static let lasting: [(code: String, field: String)] = [
    ("INI-01", "lifecycle"), ("INI-02", "livenessProbe"), ("INI-03", "readinessProbe"),
    ("INI-04", "startupProbe"),
  ]

  private static func checkInit(_ container: Container, into report: inout Report) {
    guard !container.isSidecar else { return }
    for (code, field) in lasting where container.has(field) {
      report.error(
        code, .forbidden, at: container.node, FieldPath().field(field),
        "'\(field)' is for containers that keep running, and this init container ends",
        help: "remove it, or make this a sidecar with 'restartPolicy: Always'")
    }
  }

  /// Fields of a container that the server refuses whatever is in them.
  private static let forbidden = [
    "ports", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe",
    "readinessProbe", "startupProbe", "lifecycle",
  ]

  private static func checkEphemeral(_ container: Container, into report: inout Report) {
    for field in forbidden where container.has(field) { refuse(field, container, into: &report) }
    // Resources without anything in them are the same as none.
    guard let resources = container.resources else { return }
    if ["limits", "requests", "claims"].contains(where: resources.has) {
      refuse("resources", container, into: &report)
    }
  }

  private static func refuse(_ field: String, _ container: Container, into report: inout Report) {
    report.error(
      "EPH-01", .forbidden, at: container.node, FieldPath().field(field),
      "an ephemeral container cannot have '\(field)': it is there to look at the others",
      help: "remove '\(field)'")
  }

  private static func checkTargets(_ pod: PodSubject, into report: inout Report) {
    let containers = pod.spec.ephemeralContainers
    guard !containers.isEmpty else { return }
    let names = Set(
      pod.containers.filter { $0.role != .ephemeral }.map { $0.container.name ?? "" })
    for container in containers {
      guard let target = container.targetContainerName, !target.isEmpty, !names.contains(target)
      else { continue }
      report.error(
        "EPH-02", .notFound, at: container.node, "targetContainerName",
        "the pod has no container \(PodFieldChecks.quoted(target)) to look into",
        help: "name one of the regular or init containers")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "INI-01", "only a sidecar among init containers has lifecycle hooks",
      bad: "spec.initContainers = [{name: i, image: b, lifecycle: {}}]",
      good: "spec.initContainers = [{name: i, image: b, restartPolicy: Always, lifecycle: {}}]"),
    RuleDescription(
      "INI-02", "only a sidecar among init containers has a liveness probe",
      bad: "spec.initContainers = [{name: i, image: b, livenessProbe: {tcpSocket: {port: 1}}}]",
      good:
        """
        spec.initContainers = [{name: i, image: b, restartPolicy: Always, \
        livenessProbe: {tcpSocket: {port: 1}}}]
        """
    ),
    RuleDescription(
      "INI-03", "only a sidecar among init containers has a readiness probe",
      bad: "spec.initContainers = [{name: i, image: b, readinessProbe: {tcpSocket: {port: 1}}}]",
      good:
        """
        spec.initContainers = [{name: i, image: b, restartPolicy: Always, \
        readinessProbe: {tcpSocket: {port: 1}}}]
        """
    ),
    RuleDescription(
      "INI-04", "only a sidecar among init containers has a startup probe",
      bad: "spec.initContainers = [{name: i, image: b, startupProbe: {tcpSocket: {port: 1}}}]",
      good:
        """
        spec.initContainers = [{name: i, image: b, restartPolicy: Always, \
        startupProbe: {tcpSocket: {port: 1}}}]
        """
    ),
    .untestable(
      "INI-05", "a sidecar's probes and hooks keep the rules of regular containers",
      because: "findings carry the codes PRB-* and LCY-*"),
    RuleDescription(
      "EPH-01", "an ephemeral container has no ports, probes, hooks, resources and policies",
      bad: "spec.ephemeralContainers = [{name: d, image: b, ports: [{containerPort: 80}]}]",
      "spec.ephemeralContainers = [{name: d, image: b, resources: {limits: {cpu: 1}}}]",
      good: "spec.ephemeralContainers = [{name: d, image: b, resources: {}, tty: true}]"),
    RuleDescription(
      "EPH-02", "an ephemeral container looks into a regular or init container of the pod",
      bad: "spec.ephemeralContainers = [{name: d, image: b, targetContainerName: web}]",
      good: "spec.ephemeralContainers = [{name: d, image: b, targetContainerName: app}]"),
  ]
}
