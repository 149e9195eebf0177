import Glibc

/// A line on standard error that counts files, for people who wait at a terminal; else nothing.
struct Progress {
  private let total: Int
  private let noun: String
  private let isShown: Bool
  private var shownAt: ContinuousClock.Instant
  private var isOnScreen = false

  /// Counts up to `total`. Shown only if standard error is a terminal and the wait is worth it.
  init(total: Int, of noun: String = "files", isQuiet: Bool = false) {
    self.total = total
    self.noun = noun
    isShown = !isQuiet && total >= 200 && isatty(STDERR_FILENO) == 1
    shownAt = .now
  }

  /// Tells that `done` are done; redraws ten times a second at most.
  mutating func update(_ done: Int) {
    guard isShown, shownAt.duration(to: .now) >= .milliseconds(100) else { return }
    shownAt = .now
    isOnScreen = true
    write("\r\u{1B}[K\(done) of \(total) \(noun)")
  }

  /// Takes the line away, before anything else is printed.
  mutating func clear() {
    guard isOnScreen else { return }
    isOnScreen = false
    write("\r\u{1B}[K")
  }

  private func write(_ text: String) {
    let output = Output(descriptor: STDERR_FILENO)
    output.write(text)
    output.flush()
  }
}
