import ClusterAPI
import ClusterControl
import ManifestSchema
import Synchronization

/// The clock of a cluster whose controllers run in virtual time: another clock, and how far the
/// cluster has run ahead of it.
///
/// Between two commands it goes on as the other clock does, so that what was started before a walk
/// is done after it. When the other clock was set back, the cluster's goes on from where it was; it
/// takes no notice until the other one is right again.
public final class ClusterTime: ClusterClock {
  private let base: any ClusterClock
  private let lead: Mutex<Duration>
  /// How far the other clock was set back.
  public let setBack: Duration

  public init(_ base: any ClusterClock, ahead: Duration = .zero) {
    self.base = base
    lead = Mutex(ahead)
    setBack = .zero
  }

  /// The clock of a cluster whose controllers left a note: never before its time.
  public init(_ base: any ClusterClock, after note: ControlPlaneNote?) {
    self.base = base
    lead = Mutex(note?.ahead ?? .zero)
    guard let note else {
      setBack = .zero
      return
    }
    let missing = note.time.duration(since: Self.time(base.now()).advanced(by: note.ahead))
    // Once the clock is right again, nothing has to be made up for.
    setBack = missing > .zero ? max(missing, note.setBack) : .zero
  }

  /// How far the cluster is ahead.
  public var ahead: Duration { lead.withLock { $0 } }

  public var present: Time { outside.advanced(by: ahead) }

  /// The time of the other clock, as if nobody had set it back.
  private var outside: Time { Self.time(base.now()).advanced(by: setBack) }

  public func now() -> Double {
    let (seconds, attoseconds) = (ahead + setBack).components
    return base.now() + Double(seconds) + Double(attoseconds) / 1e18
  }

  /// Moves the clock forward to `time`; never back.
  public func run(aheadTo time: Time) {
    let needed = time.duration(since: outside)
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
