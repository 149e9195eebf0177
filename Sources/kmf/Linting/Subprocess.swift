import Glibc

/// Another program, run for its answer.
enum Subprocess {
  /// What it said, and how it ended.
  struct Answer {
    var status: Int32
    var output: [UInt8]
    var errors: [UInt8]

    /// What it complained of, for a message of ours.
    var complaint: String {
      let text = String(decoding: errors, as: UTF8.self)
      return text.split(separator: "\n").first.map(String.init) ?? "it ended with \(status)"
    }
  }

  /// Whether a program of this name is installed.
  static func isInstalled(_ name: String) -> Bool { path(of: name) != nil }

  /// Where in PATH a program is; nil where it is not installed.
  static func path(of name: String) -> String? {
    guard let path = getenv("PATH") else { return nil }
    return String(cString: path).split(separator: ":").map { "\($0)/\(name)" }.first {
      access($0, X_OK) == 0
    }
  }

  /// Runs `arguments` (the program is looked for in PATH) with nothing on standard input; nil where
  /// it cannot be started.
  static func run(_ arguments: [String]) -> Answer? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard let out = scratch(), let err = scratch() else { return nil }
    defer {
      close(out)
      close(err)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, out, 1)
    posix_spawn_file_actions_adddup2(&actions, err, 2)
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var id: pid_t = 0
    guard posix_spawnp(&id, arguments[0], &actions, nil, &pointers, environ) == 0 else {
      return nil
    }
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 { if errno != EINTR { return nil } }
    let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
    return Answer(status: code, output: contents(out), errors: contents(err))
  }

  /// A file without a name: unlike a pipe it takes any amount before anybody reads it.
  private static func scratch() -> Int32? {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/kmf-XXXXXX".utf8CString)
    let descriptor = mkstemp(&name)
    guard descriptor >= 0 else { return nil }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(name)
    return descriptor
  }

  private static func contents(_ descriptor: Int32) -> [UInt8] {
    let size = Int(max(0, lseek(descriptor, 0, SEEK_END)))
    lseek(descriptor, 0, SEEK_SET)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if got < 0, errno == EINTR { continue }
        if got <= 0 { break }
        count += got
      }
    }
  }
}

/// Which files differ from a revision, as git says.
enum ChangedFiles {
  /// The absolute paths of files that differ from `revision` or are not known to git.
  static func since(_ revision: String, root: String) throws(CommandFailure) -> Set<String> {
    let top = try ask(["rev-parse", "--show-toplevel"], root).split(separator: 10).first ?? []
    let folder = String(decoding: top, as: UTF8.self)
    let changed = try ask(["diff", "--name-only", "-z", "--no-renames", revision, "--"], folder)
    let new = try ask(["ls-files", "--others", "--exclude-standard", "-z"], folder)
    let names = (changed + new).split(separator: 0)
    return Set(names.map { "\(folder)/\(String(decoding: $0, as: UTF8.self))" })
  }

  private static func ask(
    _ arguments: [String], _ folder: String
  ) throws(CommandFailure) -> [UInt8] {
    guard let answer = Subprocess.run(["git", "-C", folder] + arguments) else {
      throw CommandFailure(
        "--changed-since needs git, which cannot be started", help: "install git, or name files")
    }
    guard answer.status == 0 else {
      throw CommandFailure("--changed-since: git: \(answer.complaint)")
    }
    return answer.output
  }
}
