import ManifestModel
import ManifestSchema
import ManifestSyntax

/// When a probe does what it does, with the defaults filled in.
struct ProbeTimes: Hashable {
  let delay: Int64
  let period: Int64
  let timeout: Int64
  let failures: Int64
  let successes: Int64

  /// Nil where it does nothing that is known.
  init?(_ probe: NodeRef) {
    guard Self.actions.contains(where: { probe[$0] != nil }) else { return nil }
    delay = max(probe["initialDelaySeconds"]?.int64 ?? 0, 0)
    period = Self.number(probe["periodSeconds"], standard: 10)
    timeout = Self.number(probe["timeoutSeconds"], standard: 1)
    failures = Self.number(probe["failureThreshold"], standard: 3)
    successes = Self.number(probe["successThreshold"], standard: 1)
  }

  private static let actions = [Key.httpGet, .tcpSocket, Key("grpc"), Key("exec")]

  /// When the container can be killed at the earliest, in seconds from its start.
  var firstKill: Double { Double(delay) + Double(failures - 1) * Double(period) }

  /// When the container can be ready at the earliest.
  var firstSuccess: Double { Double(delay) + Double(successes - 1) * Double(period) }

  private static func number(_ node: NodeRef?, standard: Int64) -> Int64 {
    // Zero stands for what holds where nothing is written.
    guard let number = node?.int64, number > 0 else { return standard }
    return number
  }
}
