import ManifestModel
import ManifestSchema
import ManifestSyntax

/// The probes of containers, and what they do after start and before stop.
enum ProbeRules: PodRules {
  static let title = "Probes and lifecycle hooks"
  static let needs = ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    let grace = gracePeriod(of: pod)
    for placed in pod.containers {
      // Init containers that end and ephemeral ones may have none of these at all.
      let isJudged =
        placed.role == .regular || placed.role == .initial && placed.container.isSidecar
      if isJudged { check(placed.container, grace, into: &report) }
    }
  }

  private static func gracePeriod(of pod: PodSubject) -> Int64 {
    let seconds = pod.spec.terminationGracePeriodSeconds ?? 30
    // A pod's own negative period becomes one second; a template keeps it.
    return seconds < 0 && !pod.isTemplate ? 1 : seconds
  }

  private static func check(_ container: Container, _ grace: Int64, into report: inout Report) {
    if let lifecycle = container.lifecycle {
      for hook in [lifecycle.postStart, lifecycle.preStop] {
        guard let hook else { continue }
        let sleep = report.version.minor >= 30 ? hook.sleep : nil
        HandlerChecks(node: hook.node, noneCode: "LCY-01", severalCode: "LCY-01", grace: grace)
          .check(hook.exec, hook.httpGet, hook.tcpSocket, nil, sleep, into: &report)
      }
    }
    if let probe = container.livenessProbe {
      check(probe, grace, into: &report)
      checkSuccess("PRB-08", probe, into: &report)
    }
    if let probe = container.readinessProbe {
      check(probe, grace, into: &report)
      if probe.terminationGracePeriodSeconds != nil {
        report.error(
          "PRB-11", .invalid, at: probe.node, "terminationGracePeriodSeconds",
          "a readiness probe stops nothing, so it has no period to stop in",
          help: "remove it, or move it to the liveness probe")
      }
    }
    if let probe = container.startupProbe {
      check(probe, grace, into: &report)
      checkSuccess("PRB-09", probe, into: &report)
    }
  }

  private static func check(_ probe: Probe, _ grace: Int64, into report: inout Report) {
    HandlerChecks(node: probe.node, noneCode: "PRB-01", severalCode: "PRB-02", grace: grace)
      .check(probe.exec, probe.httpGet, probe.tcpSocket, probe.grpc, nil, into: &report)
    checkNumber("PRB-03", probe.initialDelaySeconds, probe, "initialDelaySeconds", into: &report)
    checkNumber("PRB-04", probe.timeoutSeconds, probe, "timeoutSeconds", into: &report)
    checkNumber("PRB-05", probe.periodSeconds, probe, "periodSeconds", into: &report)
    checkNumber("PRB-06", probe.successThreshold, probe, "successThreshold", into: &report)
    checkNumber("PRB-07", probe.failureThreshold, probe, "failureThreshold", into: &report)
    if let seconds = probe.terminationGracePeriodSeconds, seconds <= 0 {
      report.error(
        "PRB-10", .invalid, at: probe.node, "terminationGracePeriodSeconds",
        "'\(seconds)' is no period to stop in", help: "write 1 or more")
    }
  }

  private static func checkNumber(
    _ code: String, _ value: Int32?, _ probe: Probe, _ field: String, into report: inout Report
  ) {
    guard let value, value < 0 else { return }
    report.error(
      code, .invalid, at: probe.node, FieldPath().field(field),
      "\(field) is '\(value)'; it must be at least 0",
      help: "write 0 or more; 0 stands for the default")
  }

  private static func checkSuccess(_ code: String, _ probe: Probe, into report: inout Report) {
    // Zero stands for the default, which is one.
    guard let threshold = probe.successThreshold, threshold != 1, threshold != 0 else { return }
    report.error(
      code, .invalid, at: probe.node, "successThreshold",
      "successThreshold is '\(threshold)', but one success decides here", help: "write 1",
      fixes: [
        FixIt(
          "write 1", safety: .changesBehavior,
          edits: [.set(probe.node.path + "successThreshold", to: "1")])
      ])
  }
}

/// What a probe or a hook does: one of several actions.
private struct HandlerChecks {
  let node: NodeRef
  let noneCode: String
  let severalCode: String
  let grace: Int64
  private var first: String?

  init(node: NodeRef, noneCode: String, severalCode: String, grace: Int64) {
    self.node = node
    self.noneCode = noneCode
    self.severalCode = severalCode
    self.grace = grace
  }

  func check(
    _ exec: ExecAction?, _ http: HTTPGetAction?, _ tcp: TCPSocketAction?, _ grpc: GRPCAction?,
    _ sleep: SleepAction?, into report: inout Report
  ) {
    // The server judges the first action only, and refuses the others.
    var checks = self
    if let exec, checks.isFirst("exec", into: &report), exec.command.isEmpty {
      PodFieldChecks.missing(
        "PRB-12", at: exec.node, "command", "there is nothing to run without it", into: &report)
    }
    if let http, checks.isFirst("httpGet", into: &report) { Self.check(http, into: &report) }
    if let tcp, checks.isFirst("tcpSocket", into: &report) {
      Self.checkPort("PRB-18", tcp.port, tcp.node, into: &report)
    }
    if let grpc, checks.isFirst("grpc", into: &report) {
      Self.checkPort("PRB-19", .int(grpc.port ?? 0), grpc.node, into: &report)
    }
    if let sleep, checks.isFirst("sleep", into: &report) { checkSleep(sleep, into: &report) }
    guard checks.first == nil else { return }
    let isProbe = noneCode == "PRB-01"
    report.error(
      noneCode, .required, at: node, .root,
      isProbe ? "the probe says nothing that it does" : "the hook says nothing that it does",
      help: "add one of exec, httpGet, tcpSocket or \(isProbe ? "grpc" : "sleep")")
  }

  private mutating func isFirst(_ name: String, into report: inout Report) -> Bool {
    guard let first else {
      first = name
      return true
    }
    report.error(
      severalCode, .forbidden, at: node, FieldPath().field(name),
      "'\(name)' stands beside '\(first)', and only one of them can be done",
      help: "remove '\(name)' or '\(first)'")
    return false
  }

  private static func check(_ action: HTTPGetAction, into report: inout Report) {
    checkPort("PRB-14", action.port, action.node, into: &report)
    PodFieldChecks.choice(
      "PRB-15", action.scheme, among: ["HTTP", "HTTPS"], absence: .isDefaulted, at: action.node,
      "scheme", into: &report)
    for (index, header) in action.httpHeaders.enumerated() {
      let name = header.name ?? ""
      for problem in NetworkFormat.headerName(name) {
        report.error(
          "PRB-16", .invalid, at: action.node,
          FieldPath("httpHeaders").index(index).field("name"),
          "\(PodFieldChecks.quoted(name)) cannot be the name of a header: \(problem)",
          server: "httpHeaders")
      }
    }
  }

  private static func checkPort(
    _ code: String, _ port: IntOrString?, _ node: NodeRef, into report: inout Report
  ) {
    let port = port ?? .int(0)
    let problems = PortFormat.numberOrName(port)
    guard !problems.isEmpty else { return }
    if node["port"] == nil {
      return report.error(
        code, .invalid, at: node, "port", "'port' is missing, so there is nothing to connect to",
        help: "add 'port'")
    }
    var fixes: [FixIt] = []
    var help = "write a number from 1 to 65535, or a port's name"
    if case .string(let text) = port, let number = UInt16(text), number > 0 {
      help = "write the number without quotes: \(number)"
      fixes = [
        FixIt(
          "remove the quotes", safety: .safe, edits: [.set(node.path + "port", to: String(number))])
      ]
    }
    for problem in problems {
      report.error(
        code, .invalid, at: node, "port",
        "\(PodFieldChecks.quoted(port.description)) cannot be a port: \(problem)", help: help,
        fixes: fixes)
    }
  }

  private func checkSleep(_ sleep: SleepAction, into report: inout Report) {
    let seconds = sleep.seconds ?? 0
    // Until 1.32 a pause of no length was refused.
    let least: Int64 = report.version.minor >= 33 ? 0 : 1
    guard seconds < least || seconds > grace else { return }
    report.error(
      "LCY-03", .invalid, at: sleep.node, "seconds",
      "a pause of '\(seconds)' seconds does not lie between \(least) and the \(grace) "
        + "seconds that the pod has to stop",
      help: "shorten the pause, or raise 'terminationGracePeriodSeconds'", server: .root)
  }
}
