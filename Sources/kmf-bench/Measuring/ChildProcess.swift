import Glibc

/// A program that was run to its end, and what it took.
struct ChildProcess {
  /// The exit code; minus the signal's number where one ended it.
  var code: Int32
  var cpuSeconds: Double
  var wallSeconds: Double
  /// The most memory that it held at any time, in bytes.
  var peakBytes: Int

  /// Runs `arguments[0]`, its output thrown away unless `isQuiet` is false; nil where it cannot
  /// be started.
  ///
  /// The peak counts what this process held when it started the child, so start small.
  init?(_ arguments: [String], isQuiet: Bool = true) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if isQuiet {
      posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
      posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    }
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    let start = Stopwatch.wallSeconds
    var id: pid_t = 0
    guard posix_spawn(&id, arguments[0], &actions, nil, &pointers, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(id, &status, 0, &usage) < 0 { if errno != EINTR { return nil } }
    wallSeconds = Stopwatch.wallSeconds - start
    code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    cpuSeconds = Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    peakBytes = usage.ru_maxrss * 1024
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1e6
  }

  /// The path of this program.
  static let ownPath: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    return count > 0
      ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
      : CommandLine.arguments[0]
  }()

  /// The path of a program that was built beside this one; nil where there is none.
  static func neighbour(_ name: String) -> String? {
    let path =
      ownPath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/" + name
    return access(path, X_OK) == 0 ? path : nil
  }
}
