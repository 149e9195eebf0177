import Glibc

/// Time as the process spent it, which other processes disturb least.
enum Stopwatch {
  /// CPU seconds of this process, all threads.
  static var cpuSeconds: Double { seconds(CLOCK_PROCESS_CPUTIME_ID) }
  /// Seconds on the wall's clock.
  static var wallSeconds: Double { seconds(CLOCK_MONOTONIC) }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// CPU seconds that `work` takes.
  static func cpu(_ work: () -> Void) -> Double {
    let start = cpuSeconds
    work()
    return cpuSeconds - start
  }

  /// Wall seconds that `work` takes.
  static func wall(_ work: () -> Void) -> Double {
    let start = wallSeconds
    work()
    return wallSeconds - start
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    guard !sorted.isEmpty else { return 0 }
    return sorted.count % 2 == 1
      ? sorted[sorted.count / 2]
      : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
  }
}

/// Several jobs measured in turns, so that whatever else the machine does falls on all of them.
struct Rounds {
  /// The median seconds of each job.
  private(set) var seconds: [Double]

  init(_ rounds: Int, clock: (() -> Void) -> Double, _ jobs: [() -> Void]) {
    var all = jobs.map { _ in [Double]() }
    for _ in 0..<rounds {
      for (index, job) in jobs.enumerated() { all[index].append(clock(job)) }
    }
    seconds = all.map(Stopwatch.median)
  }
}
