import ManifestSchema
import ManifestSyntax

/// How a simulated container behaves: what no manifest says, and every forecast depends on.
///
/// The cluster's settings give it for all images or for some; annotations of a pod come first:
/// `sim.kmf.dev/ready-after: 12s` for all containers, `sim.kmf.dev/ready-after.web: 12s` for one.
public struct ContainerBehavior: Hashable, Sendable {
  /// How long the image takes to arrive on a node that does not have it.
  public var pullTime: Duration = .seconds(2)
  /// Why the image never arrives; nil when it does.
  public var pullError: String?
  /// From the image's arrival to the container's start.
  public var startTime: Duration = .seconds(1)
  /// From the start until it answers requests, and with them startup and readiness probes.
  public var readyAfter: Duration = .zero
  /// Whether it never answers.
  public var isNeverReady = false
  /// From the start until it stops answering, still running.
  public var unreadyAfter: Duration?
  /// From the start until its liveness probe fails.
  public var unhealthyAfter: Duration?
  /// From the start until it ends by itself; nil for a container that runs for ever.
  public var exitAfter: Duration?
  /// From the start until it crashes.
  public var crashAfter: Duration?
  /// How many runs crash before one does not; nil for all of them.
  public var crashTimes: Int?
  /// What it ends with by itself; nil for 1 after a crash and 0 otherwise.
  public var exitCode: Int64?
  /// From the signal TERM to its end.
  public var stopTime: Duration = .seconds(1)
  /// How long hooks take whose manifest does not say.
  public var hookTime: Duration = .zero
  /// What it uses of a resource while it runs, for autoscaling.
  public var usage: [String: Quantity] = [:]

  public init() {}

  /// The names of the settings, as annotations write them behind `sim.kmf.dev/`.
  public static let settings: [(name: String, summary: String)] = [
    ("pull-time", "How long the image takes to arrive on a node that does not have it."),
    ("pull-error", "Why the image never arrives."),
    ("start-time", "From the image's arrival to the container's start."),
    ("ready-after", "From the start until it answers requests and probes."),
    ("never-ready", "Whether it never answers."),
    ("unready-after", "From the start until it stops answering, still running."),
    ("unhealthy-after", "From the start until its liveness probe fails."),
    ("exit-after", "From the start until it ends by itself."),
    ("crash-after", "From the start until it crashes."),
    ("crash-times", "How many runs crash before one does not; all of them otherwise."),
    ("exit-code", "What it ends with."),
    ("stop-time", "From the signal TERM to its end."),
    ("hook-time", "How long hooks take whose manifest does not say."),
    ("cpu", "The processor time that it uses, for autoscaling."),
    ("memory", "The memory that it uses, for autoscaling."),
  ]

  /// Why a setting cannot be what `text` says; nil when it can.
  public static func problem(with name: String, _ text: String) -> String? {
    switch name {
    case "pull-error": return nil
    case "never-ready":
      return ["true", "false"].contains(text) ? nil : "'\(text)' is not true or false"
    case "crash-times":
      return Int(text).map { $0 >= 0 } == true ? nil : "'\(text)' is no whole number from 0"
    case "exit-code":
      let isCode = Int64(text).map { (0...255).contains($0) } ?? false
      return isCode ? nil : "'\(text)' is no exit code; write 0 to 255"
    case "cpu", "memory": return Quantity(text) == nil ? "'\(text)' is no quantity" : nil
    default:
      guard settings.contains(where: { $0.name == name }) else {
        let known = settings.map(\.name).joined(separator: ", ")
        return "unknown setting '\(name)'; settings are \(known)"
      }
      return DurationText.duration(text) == nil ? "'\(text)' is no span of time, like 12s" : nil
    }
  }

  /// Takes over one setting; what cannot be read leaves things as they were.
  mutating func set(_ name: String, to text: String) {
    let duration = DurationText.duration(text)
    switch name {
    case "pull-time": pullTime = duration ?? pullTime
    case "pull-error": pullError = text.isEmpty ? nil : text
    case "start-time": startTime = duration ?? startTime
    case "ready-after": readyAfter = duration ?? readyAfter
    case "never-ready": isNeverReady = text == "true"
    case "unready-after": unreadyAfter = duration ?? unreadyAfter
    case "unhealthy-after": unhealthyAfter = duration ?? unhealthyAfter
    case "exit-after": exitAfter = duration ?? exitAfter
    case "crash-after": crashAfter = duration ?? crashAfter
    case "crash-times": crashTimes = Int(text) ?? crashTimes
    case "exit-code": exitCode = Int64(text) ?? exitCode
    case "stop-time": stopTime = duration ?? stopTime
    case "hook-time": hookTime = duration ?? hookTime
    case "cpu", "memory": usage[name] = Quantity(text) ?? usage[name]
    default: break
    }
  }

  /// Takes over what a map of settings says, as the cluster's configuration writes them.
  mutating func read(_ settings: ValueMap) {
    for entry in settings.entries {
      switch entry.value {
      case .string(let text): set(entry.key, to: text)
      case .int(let number): set(entry.key, to: String(number))
      case .bool(let truth): set(entry.key, to: truth ? "true" : "false")
      default: break
      }
    }
  }

  /// Takes over the annotations of a pod that are about all containers or about `container`.
  mutating func read(annotations: ValueMap, container: String) {
    for entry in annotations.entries where entry.key.hasPrefix(Self.prefix) {
      guard let text = entry.value.string else { continue }
      let name = entry.key.dropFirst(Self.prefix.count)
      guard let dot = name.firstIndex(of: ".") else {
        set(String(name), to: text)
        continue
      }
      if name[name.index(after: dot)...] == container { set(String(name[..<dot]), to: text) }
    }
  }

  static let prefix = "sim.kmf.dev/"
}
