import ManifestSchema

/// Waiting for ConfigMaps and Secrets.
///
/// A kubelet tries again and again: volumes after half a second, one second, two, up to two
/// minutes; containers every ten seconds. Here nothing is tried that is known to fail: a pod sleeps
/// until what it waits for is there, and goes on at the next moment at which a try was due.
extension PodRun {
  /// How far the pod's volumes are.
  enum Mounting: Hashable, Sendable {
    case untried
    case failed(first: Time)
    /// All is there for the next try.
    case due(Time)
    case done
  }

  private static let containerRetry = Duration.seconds(10)
  private static let mountRetryMax = Duration.milliseconds(122_000)

  /// Mounts the volumes; false while that is to be waited for.
  mutating func mount() -> Bool {
    switch mounting {
    case .done: return true
    case .due(let time) where time <= clock && missing.volume == nil:
      mounting = .done
      return true
    case .untried:
      guard let why = missing.volume else {
        mounting = .done
        return true
      }
      tell("FailedMount", why, isWarning: true)
      mounting = .failed(first: clock)
    case .failed(let first):
      if missing.volume == nil { mounting = .due(Self.mountTry(after: first, notBefore: clock)) }
    case .due: break
    }
    return false
  }

  /// When the volumes will be tried next.
  var mountTime: Time? {
    if case .due(let time) = mounting { return time }
    return nil
  }

  private static func mountTry(after first: Time, notBefore now: Time) -> Time {
    var delay = Duration.milliseconds(500)
    var time = first
    while time < now {
      time = time.advanced(by: delay)
      if delay == mountRetryMax, time < now {
        let turns = (now.nanoseconds(since: time) - 1) / 122_000_000_000 + 1
        return time.advanced(bySeconds: turns * 122)
      }
      delay = min(delay * 2, mountRetryMax)
    }
    return time
  }

  /// Makes a container, or says what its environment lacks.
  mutating func create(_ index: Int) {
    containers[index].pullDelay = .seconds(10)
    if let why = missing.environments[index] {
      tell("Failed", "Error: \(why)", of: index, isWarning: true)
      containers[index].phase = .unconfigured(since: clock)
      return
    }
    containers[index].phase = .creating(
      until: clock.advanced(by: plan.containers[index].behavior.startTime))
  }

  /// Goes on with containers that have all they need by now, at the next turn of their kubelet.
  mutating func configure() {
    for index in containers.indices where missing.environments[index] == nil {
      guard case .unconfigured(let since) = containers[index].phase else { continue }
      var turn = since
      if clock > since {
        let apart = Self.containerRetry.components.seconds
        let waited = clock.nanoseconds(since: since)
        let turns = (waited - 1) / (apart * Time.nanosecondsPerSecond) + 1
        turn = since.advanced(bySeconds: turns * apart)
      }
      containers[index].phase = .creating(
        until: turn.advanced(by: plan.containers[index].behavior.startTime))
    }
  }

  /// Whether it waits for something that somebody has to make.
  var isWaitingForObjects: Bool {
    if case .failed = mounting { return true }
    return containers.contains {
      if case .unconfigured = $0.phase { true } else { false }
    }
  }
}
