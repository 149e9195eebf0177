import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as something that a waiting command looks at, so that it ends in order.
enum Interruption {
  private static let flag = Atomic(false)

  /// Whether somebody wants the command to end.
  static var isWanted: Bool { flag.load(ordering: .relaxed) }

  /// From now on the signals set ``isWanted`` instead of ending the process.
  static func listen() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in Interruption.flag.store(true, ordering: .relaxed) }
    }
  }

  /// Waits, but not when a signal comes or the reader of standard output leaves.
  ///
  /// - Returns: whether it is worth going on.
  static func wait(milliseconds: Int32) -> Bool {
    if isWanted { return false }
    // Asked for nothing, poll tells of errors: a pipe without a reader.
    var request = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
    let count = poll(&request, 1, milliseconds)
    if count > 0, Int32(request.revents) & (POLLERR | POLLHUP | POLLNVAL) != 0 { return false }
    return !isWanted
  }
}
