import ClusterAPI
import Glibc

/// The system's own clock.
struct SystemClock: ClusterClock {
  func now() -> Double {
    var time = timespec()
    guard clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
  }
}
