import CSQLite
import ClusterStore
import Glibc

/// The file itself: made whole or not at all, and looked at before SQLite opens it.
struct DatabaseFile {
  let path: String

  /// Makes sure that there is a regular file to open, making it where `opening` allows.
  func prepare(for opening: SQLiteStore.Opening) throws(StoreError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw fault(.notFound, "no path") }
    switch try kind(of: path) {
    case .file:
      if opening == .new { throw fault(.alreadyThere) }
    case .other(let name): throw fault(.notADatabase, "it is a \(name)")
    case .missing:
      if opening == .existing { throw fault(.notFound) }
      try refuseOrphanedLog()
      try makeFolders()
      let isOurs = try create(Schema.emptyDatabase(place: path))
      if !isOurs, opening == .new { throw fault(.alreadyThere) }
    }
    try expectWritable(path)
    try expectWritable(folder)
  }

  // MARK: Looking

  private enum Kind {
    case missing, file
    case other(String)
  }

  private func kind(of path: String) throws(StoreError) -> Kind {
    var info = stat()
    guard stat(path, &info) == 0 else {
      guard errno == ENOENT else { throw systemFault() }
      return .missing
    }
    switch info.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .other("folder")
    case S_IFIFO: return .other("named pipe")
    case S_IFSOCK: return .other("socket")
    default: return .other("device")
    }
  }

  /// The folder where SQLite puts its log, which is that of the real file.
  private var folder: String {
    var target = path
    if let real = realpath(path, nil) {
      target = String(cString: real)
      free(real)
    }
    return Self.parent(of: target)
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private func expectWritable(_ path: String) throws(StoreError) {
    guard access(path, R_OK | W_OK) == 0 else { throw systemFault() }
  }

  /// A log without its database would be replayed into the new one.
  private func refuseOrphanedLog() throws(StoreError) {
    guard case .file = try kind(of: path + "-wal"), case .missing = try kind(of: path) else {
      return
    }
    throw fault(
      .damaged, "'\(path)-wal' is there without it; bring the database back, or remove the log")
  }

  // MARK: Making

  /// Makes the folders that are missing, for their owner alone.
  private func makeFolders() throws(StoreError) {
    let folder = Self.parent(of: path)
    var end = folder.startIndex
    while end < folder.endIndex {
      end = folder[folder.index(after: end)...].firstIndex(of: "/") ?? folder.endIndex
      if mkdir(String(folder[..<end]), 0o700) == 0 || errno == EEXIST { continue }
      // A folder above may be closed to us and still be there.
      let code = errno
      guard case .other("folder") = try kind(of: String(folder[..<end])) else {
        throw systemFault(code)
      }
    }
  }

  /// Puts `bytes` at the path in one step. Answers false when something was there first.
  private func create(_ bytes: [UInt8]) throws(StoreError) -> Bool {
    let folder = Self.parent(of: path)
    var file = Glibc.open(folder, csqlite_nameless_file | O_RDWR | O_CLOEXEC, 0o600)
    var temporary: String?
    if file < 0 {
      // Not every file system knows files without a name.
      guard [EOPNOTSUPP, EISDIR, ENOENT, EINVAL].contains(errno) else { throw systemFault() }
      let name = "\(path).new-\(getpid())"
      file = Glibc.open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw systemFault() }
      temporary = name
    }
    defer {
      _ = close(file)
      if let temporary { unlink(temporary) }
    }
    try write(bytes, to: file)
    guard fsync(file) == 0 else { throw systemFault() }
    let source = temporary ?? "/proc/self/fd/\(file)"
    let flags = temporary == nil ? AT_SYMLINK_FOLLOW : 0
    guard linkat(AT_FDCWD, source, AT_FDCWD, path, flags) == 0 else {
      if errno == EEXIST { return false }
      throw systemFault()
    }
    try syncFolder(folder)
    return true
  }

  private func write(_ bytes: [UInt8], to file: Int32) throws(StoreError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(file, $0.baseAddress! + done, $0.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw systemFault()
      }
      done += count
    }
  }

  /// Without this a loss of power could forget the name.
  private func syncFolder(_ folder: String) throws(StoreError) {
    let handle = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard handle >= 0 else { throw systemFault() }
    defer { _ = close(handle) }
    guard fsync(handle) == 0 || errno == EINVAL else { throw systemFault() }
  }

  private func systemFault(_ code: Int32 = errno) -> StoreError {
    fault(SQLiteFault.cause(errno: code), SQLiteFault.text(errno: code))
  }

  private func fault(_ cause: StorageFault.Cause, _ detail: String = "") -> StoreError {
    .unavailable(StorageFault(cause, place: path, detail: detail))
  }
}
