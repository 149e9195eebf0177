import ClusterControl
import ManifestSchema

/// When the pods of a rollout become ready.
public enum Readiness: String, Hashable, Sendable, CaseIterable {
  /// All pods of a wave at once.
  case together
  /// One pod at a time, those of the newest ReplicaSet first.
  case serial
  /// No pod becomes ready any more: the new version is broken.
  case never
}

/// How sure a number is.
public enum Certainty: String, Hashable, Sendable {
  /// It follows from the objects and the logic of the controllers.
  case exact
  /// It is a limit that is not crossed.
  case bounded
  /// It follows from an assumption, which is named.
  case assumed
}

/// What is taken for granted where nothing tells.
public struct Assumption: Hashable, Sendable {
  /// For programs: `ready-after`.
  public var name: String
  public var value: String
  /// Where it comes from, as a sentence without a full stop.
  public var reason: String

  public init(_ name: String, _ value: String, _ reason: String) {
    self.name = name
    self.value = value
    self.reason = reason
  }
}

/// How a rollout is rehearsed.
public struct ForecastOptions: Hashable, Sendable {
  /// Nil where nobody said: all pods of a wave at once.
  public var readiness: Readiness?
  /// Seconds from the creation of a pod to its readiness; nil where nobody said.
  public var readyAfter: Int64?
  /// Whether there is no cluster, so that an empty one stands in: what is missing there may exist.
  public var isStandIn = false
  /// How the cluster simulates its nodes; nil where it has none that run anything.
  public var simulation: SimulationSettings?
  /// The time of a simulated cluster; nil for that of its objects, which is in whole seconds.
  public var now: Time?

  public init(readiness: Readiness? = nil, readyAfter: Int64? = nil) {
    self.readiness = readiness
    self.readyAfter = readyAfter
  }

  /// Whether the cluster's own controllers and kubelets are to say how it goes: they are there, and
  /// nobody assumed anything else.
  var isSimulated: Bool { simulation != nil && readiness == nil && readyAfter == nil }

  /// The longest start that may be assumed: what a container is waited for at the very most.
  public static let readyAfterMax: Int64 = 30 * 86_400

  /// Takes over `readiness=together`, `ready-after=20s`; nil where it says something else.
  public func assuming(_ text: String) -> ForecastOptions? {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    var options = self
    switch parts[0] {
    case "readiness":
      guard let readiness = Readiness(rawValue: parts[1]) else { return nil }
      options.readiness = readiness
    case "ready-after":
      guard let seconds = Self.seconds(parts[1]) else { return nil }
      options.readyAfter = seconds
    default: return nil
    }
    return options
  }

  /// `90`, `90s`, `1m30s`, `2h`: whole seconds.
  static func seconds(_ text: String) -> Int64? {
    var rest = text[...]
    var total: Int64 = 0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { "0"..."9" ~= $0 }
      guard let number = Int64(digits), number <= readyAfterMax else { return nil }
      rest = rest.dropFirst(digits.count)
      let scale: Int64
      switch rest.first {
      case "h": scale = 3600
      case "m": scale = 60
      case "s": scale = 1
      case nil where digits.count == text.count: scale = 1
      default: return nil
      }
      rest = rest.dropFirst()
      total += number * scale
      guard total <= readyAfterMax else { return nil }
    }
    return total
  }
}
