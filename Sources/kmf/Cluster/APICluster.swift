import ClusterAPI
import Glibc

/// Opens the cluster that `kmf api` answers from.
enum APICluster {
  static func open(
    _ options: ClusterOptions, for purpose: ClusterOptions.Purpose, without plugins: [String]
  ) throws -> LocalCluster {
    let store = try options.store(for: purpose)
    do throws(StatusError) {
      return try LocalCluster(
        store: store, clock: WallClock(), seed: UInt64.random(in: .min ... .max),
        withoutAdmission: plugins)
    } catch { throw CommandFailure(error.message) }
  }
}

/// The machine's own clock.
struct WallClock: ClusterClock {
  func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
  }
}
