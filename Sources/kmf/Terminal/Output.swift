import Glibc

/// Standard output, collected into large writes, that survives a reader who leaves.
///
/// `kmf validate | head` closes the pipe early. That is no error of the user's: from then on output
/// is dropped, and the command ends with the exit code that its findings deserve.
///
/// Not shared between threads: workers hand their text to the one that prints.
final class Output {
  private let descriptor: Int32
  private let flushAt: Int
  private var buffer: [UInt8] = []
  /// Whether nobody reads any more; the caller may stop early.
  private(set) var isClosed = false
  /// The system's number for a failed write (a full disk, say); 0 while all went well.
  private(set) var failure: Int32 = 0

  /// Writes to `descriptor` whenever `flushAt` bytes have come together, and on ``flush()``.
  init(descriptor: Int32 = STDOUT_FILENO, flushAt: Int = 1 << 16) {
    self.descriptor = descriptor
    self.flushAt = flushAt
    buffer.reserveCapacity(flushAt + 4096)
  }

  /// Makes writing to a closed pipe an error to be handled instead of a death. Call once, first.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Adds `text`, without a line break of its own.
  func write(_ text: String) { write(bytes: text.utf8) }

  func writeLine(_ text: String) {
    write(bytes: text.utf8)
    write(bytes: CollectionOfOne(UInt8(ascii: "\n")))
  }

  func write(bytes: some Sequence<UInt8>) {
    if isClosed || failure != 0 { return }
    buffer.append(contentsOf: bytes)
    if buffer.count >= flushAt { flush() }
  }

  /// Hands everything to the system.
  func flush() {
    var sent = 0
    while sent < buffer.count, !isClosed, failure == 0 {
      let count = buffer.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent)
      }
      if count >= 0 { sent += count } else { refuse(errno) }
    }
    buffer.removeAll(keepingCapacity: true)
  }

  private func refuse(_ code: Int32) {
    switch code {
    case EINTR: return
    case EAGAIN:
      var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      _ = poll(&request, 1, -1)
    case EPIPE: isClosed = true
    default: failure = code
    }
  }

  /// What went wrong with the output, for standard error; nil when all of it arrived or the reader
  /// chose to leave.
  var failureText: String? {
    guard failure != 0, let text = strerror(failure) else { return nil }
    return "cannot write the output: \(String(cString: text))"
  }
}

/// Standard error: unbuffered, so that a message is out before whatever comes next.
enum Complaint {
  /// Writes `text` and a line break; a closed standard error is nobody's business.
  static func writeLine(_ text: String) {
    let output = Output(descriptor: STDERR_FILENO)
    output.writeLine(text)
    output.flush()
  }
}
