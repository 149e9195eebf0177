import Glibc
import Synchronization

/// Ends the process when one input takes too long.
///
/// CPU time counts, since other processes make the wall's clock run ahead; on that clock the bound
/// is thirty times as far, for what waits without working.
enum Watchdog {
  private static let wallFactor = 30.0
  /// When the input at hand was begun, in microseconds of CPU and wall; 0 while there is none.
  private static let cpuStart = Atomic<UInt64>(0)
  private static let wallStart = Atomic<UInt64>(0)
  private static let limitMicroseconds = Atomic<UInt64>(0)

  static func start(limitSeconds: Double) {
    limitMicroseconds.store(UInt64(limitSeconds * 1e6), ordering: .relaxed)
    var thread = pthread_t()
    pthread_create(&thread, nil, { _ in Watchdog.watch() }, nil)
  }

  static func begin() {
    cpuStart.store(microseconds(Stopwatch.cpuSeconds), ordering: .relaxed)
    wallStart.store(microseconds(Stopwatch.wallSeconds), ordering: .releasing)
  }

  static func end() { wallStart.store(0, ordering: .releasing) }

  private static func watch() -> Never {
    while true {
      usleep(100_000)
      let wall = wallStart.load(ordering: .acquiring)
      guard wall != 0 else { continue }
      let limit = limitMicroseconds.load(ordering: .relaxed)
      let cpuTaken = microseconds(Stopwatch.cpuSeconds) &- cpuStart.load(ordering: .relaxed)
      let wallTaken = microseconds(Stopwatch.wallSeconds) &- wall
      // The next input may have begun between the two readings.
      guard wallStart.load(ordering: .acquiring) == wall else { continue }
      if cpuTaken > limit || Double(wallTaken) > Double(limit) * wallFactor {
        print("fuzz: an input takes more than \(limit / 1000) ms")
        fflush(nil)
        _exit(70)
      }
    }
  }

  private static func microseconds(_ seconds: Double) -> UInt64 { UInt64(seconds * 1e6) }
}
