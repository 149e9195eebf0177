import Glibc
import ManifestSyntax

/// Renders kustomizations with the programs that know how: kustomize, or kubectl.
enum Kustomize {
  private static let programs = [["kustomize", "build"], ["kubectl", "kustomize"]]

  /// Whether one of the programs is there.
  static var isInstalled: Bool { programs.contains { path(of: $0[0]) != nil } }

  /// What the kustomization in `folder` comes to.
  static func render(_ folder: String) throws(CommandFailure) -> SourceText {
    for program in programs {
      guard let path = Self.path(of: program[0]) else { continue }
      let result = try ChildProcess.run(path, Array(program.dropFirst()) + [folder])
      guard result.status == 0 else {
        throw CommandFailure(
          "'\(program.joined(separator: " ")) \(folder)' failed",
          help: result.complaint.isEmpty ? nil : result.complaint)
      }
      return SourceText(name: folder, bytes: result.output)
    }
    throw CommandFailure(
      "cannot render '\(folder)': neither 'kustomize' nor 'kubectl' is installed",
      help: "install one of them, or pipe its output in")
  }

  /// The program's place in PATH; nil where it is not installed.
  private static func path(of program: String) -> String? {
    for folder in (Styles.environment("PATH") ?? "").split(separator: ":") {
      let path = "\(folder)/\(program)"
      if access(path, X_OK) == 0 { return path }
    }
    return nil
  }
}

/// Another program, run to its end.
enum ChildProcess {
  struct Result {
    /// The exit status; -1 where a signal ended it.
    var status: Int32
    var output: [UInt8]
    /// What it said on standard error, at most a few lines.
    var complaint: String
  }

  static func run(_ path: String, _ arguments: [String]) throws(CommandFailure) -> Result {
    var output: [Int32] = [0, 0]
    var complaint: [Int32] = [0, 0]
    guard pipe(&output) == 0, pipe(&complaint) == 0 else {
      throw CommandFailure("cannot run '\(path)': \(String(cString: strerror(errno)))")
    }
    for descriptor in output + complaint { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, complaint[1], STDERR_FILENO)
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, path, &actions, nil, words, environ)
    close(output[1])
    close(complaint[1])
    defer {
      close(output[0])
      close(complaint[0])
    }
    guard error == 0 else {
      throw CommandFailure("cannot run '\(path)': \(String(cString: strerror(error)))")
    }
    let (text, errors) = drain(output[0], complaint[0])
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let isExit = status & 0x7F == 0
    return Result(
      status: isExit ? status >> 8 & 0xFF : -1, output: text,
      complaint: String(decoding: errors.prefix(2000), as: UTF8.self))
  }

  /// Reads both pipes to their ends, whichever has something.
  private static func drain(_ first: Int32, _ second: Int32) -> ([UInt8], [UInt8]) {
    var texts: [[UInt8]] = [[], []]
    var open: [(descriptor: Int32, index: Int)] = [(first, 0), (second, 1)]
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !open.isEmpty {
      var requests = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
      if poll(&requests, nfds_t(requests.count), -1) < 0 {
        if errno == EINTR { continue }
        break
      }
      for (position, request) in requests.enumerated().reversed() where request.revents != 0 {
        let count = read(request.fd, &buffer, buffer.count)
        if count > 0 {
          texts[open[position].index] += buffer[..<count]
        } else if count == 0 || errno != EINTR {
          open.remove(at: position)
        }
      }
    }
    return (texts[0], texts[1])
  }
}
