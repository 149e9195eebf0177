import ClusterAPI
import ClusterControl
import ManifestSchema
import Synchronization

/// The clock of a cluster whose controllers run in virtual time: another clock, and how far the
/// cluster has run ahead of it.
///
/// Between two commands it goes on as the other clock does, so that what was started before a walk
/// is done after it.
public final class ClusterTime: ClusterClock {
  private let base: any ClusterClock
  private let lead: Mutex<Duration>

  public init(_ base: any ClusterClock, ahead: Duration = .zero) {
    self.base = base
    lead = Mutex(ahead)
  }

  /// How far the cluster is ahead.
  public var ahead: Duration { lead.withLock { $0 } }

  public var present: Time { Self.time(base.now()).advanced(by: ahead) }

  public func now() -> Double {
    let (seconds, attoseconds) = ahead.components
    return base.now() + Double(seconds) + Double(attoseconds) / 1e18
  }

  /// Moves the clock forward to `time`; never back.
  public func run(aheadTo time: Time) {
    let needed = time.duration(since: Self.time(base.now()))
    lead.withLock { $0 = max($0, needed) }
  }

  private static func time(_ seconds: Double) -> Time {
    // Whole microseconds: a Double of today's date holds no more.
    let bounded = min(max(seconds.isFinite ? seconds : 0, -62_135_596_800), 253_402_300_799)
    let whole = bounded.rounded(.down)
    let micros = ((bounded - whole) * 1_000_000).rounded(.down)
    return Time(seconds: Int64(whole), nanoseconds: Int64(micros) * 1000)
  }
}
