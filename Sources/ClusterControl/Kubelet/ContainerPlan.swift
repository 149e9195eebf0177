import ManifestSchema
import ManifestSyntax

/// What the kubelet has to know of a container, read once for all pods of a template.
struct ContainerPlan: Sendable {
  enum Role: Sendable {
    /// Runs to its end before the next one starts.
    case initial
    /// Starts in its turn and then runs beside all others.
    case sidecar
    case regular
  }
  enum RestartPolicy: String, Sendable {
    case always = "Always"
    case onFailure = "OnFailure"
    case never = "Never"
  }

  let name: String
  let image: String
  let role: Role
  let restartPolicy: RestartPolicy
  /// Exit codes after which it is restarted whatever the policy says.
  private let restartRules: [(isIn: Bool, codes: [Int64])]
  let pullPolicy: String
  let startup: ProbePlan?
  let liveness: ProbePlan?
  let readiness: ProbePlan?
  let postStart: Duration
  let preStop: Duration
  let behavior: ContainerBehavior

  init(
    _ container: Value, role: Role, podPolicy: RestartPolicy, annotations: ValueMap,
    settings: SimulationSettings
  ) {
    name = container["name"]?.string ?? ""
    image = container["image"]?.string ?? ""
    self.role = role
    let own = container["restartPolicy"]?.string.flatMap(RestartPolicy.init)
    // An init container that is not a sidecar is tried again unless the pod is never restarted.
    let inherited = role == .initial && podPolicy == .always ? RestartPolicy.onFailure : podPolicy
    restartPolicy = own ?? inherited
    restartRules = (container["restartPolicyRules"]?.list ?? []).compactMap { rule in
      guard rule["action"] == "Restart", let codes = rule["exitCodes"] else { return nil }
      return (codes["operator"] == "In", codes["values"]?.list?.compactMap(\.int64) ?? [])
    }
    pullPolicy = container["imagePullPolicy"]?.string ?? "IfNotPresent"
    startup = container["startupProbe"].map(ProbePlan.init)
    liveness = container["livenessProbe"].map(ProbePlan.init)
    readiness = container["readinessProbe"].map(ProbePlan.init)
    var behavior = settings.behavior(ofImage: image)
    // What ends by nature does so after some time; nothing else does.
    switch role {
    case .initial: behavior.exitAfter = behavior.exitAfter ?? settings.initTime
    case .regular where restartPolicy != .always:
      behavior.exitAfter = behavior.exitAfter ?? settings.runTime
    default: break
    }
    behavior.read(annotations: annotations, container: name)
    self.behavior = behavior
    let lifecycle = container["lifecycle"]
    postStart = Self.time(of: lifecycle?["postStart"], behavior)
    preStop = Self.time(of: lifecycle?["preStop"], behavior)
  }

  /// How long a hook takes: as it says when it sleeps, otherwise as the behaviour has it.
  private static func time(of hook: Value?, _ behavior: ContainerBehavior) -> Duration {
    guard let hook, hook != .null else { return .zero }
    if let seconds = hook["sleep"]?["seconds"]?.int64 {
      return .seconds(min(max(seconds, 0), 1_000_000_000))
    }
    let words = (hook["exec"]?["command"]?.list ?? []).compactMap(\.string)
      .flatMap { $0.split(whereSeparator: { " ;&".contains($0) }).map(String.init) }
    if let place = words.firstIndex(where: { $0 == "sleep" || $0.hasSuffix("/sleep") }),
      place + 1 < words.count, let time = DurationText.duration(words[place + 1])
    {
      return time
    }
    return behavior.hookTime
  }

  /// Whether it is started again after it ended with this code.
  func isRestarted(after exitCode: Int64) -> Bool {
    if restartRules.contains(where: { $0.isIn == $0.codes.contains(exitCode) }) { return true }
    return switch restartPolicy {
    case .always: true
    case .onFailure: exitCode != 0
    case .never: false
    }
  }
}

/// A probe as it is declared.
struct ProbePlan: Hashable, Sendable {
  let delay: Int64
  let period: Int64
  let successes: Int64
  let failures: Int64
  let grace: Int64?

  init(_ probe: Value) {
    func number(_ name: String, _ usual: Int64, _ least: Int64) -> Int64 {
      min(max(probe[name]?.int64 ?? usual, least), Int64(Int32.max))
    }
    delay = number("initialDelaySeconds", 0, 0)
    period = number("periodSeconds", 10, 1)
    successes = number("successThreshold", 1, 1)
    failures = number("failureThreshold", 3, 1)
    grace = probe["terminationGracePeriodSeconds"]?.int64
  }

  /// The probe's first turn from `from` on that is not before `moment`; its turns are `period`
  /// apart.
  func turn(notBefore moment: Time, from: Time) -> Time {
    guard moment > from else { return from }
    let apart = period * Time.nanosecondsPerSecond
    let turns = (moment.nanoseconds(since: from) - 1) / apart + 1
    return from.advanced(bySeconds: turns * period)
  }

  /// When this many turns in a row have passed, the first of them at `first`.
  func end(of turns: Int64, first: Time) -> Time { first.advanced(bySeconds: (turns - 1) * period) }
}
