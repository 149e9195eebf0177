import Glibc

/// Puts a new text in the place of a file's old one: wholly or not at all.
///
/// The new text is written beside the file, made durable and moved over it; whoever reads meanwhile
/// sees one text or the other. Permissions and owner are kept, a link's target is replaced and the
/// link stays. Hard links to the file keep the old text.
public enum FileReplacement {
  /// Why a file was not replaced. Its old text is intact in every case.
  public enum Refusal: Error, Hashable, Sendable {
    /// Somebody else changed the file after it was read: read it again.
    case changed(path: String)
    /// The system refused a step: make room, or give the permission.
    case refused(path: String, step: String, code: Int32)

    /// What is wrong; lower case, no full stop.
    public var message: String {
      switch self {
      case .changed(let path): "'\(path)' changed while it was being fixed, and was left alone"
      case .refused(let path, let step, let code):
        "'\(path)' could not be fixed: \(step): \(systemText(code))"
      }
    }

    /// What to do, as an order to the reader.
    public var remedy: String {
      switch self {
      case .changed: return "run again"
      case .refused(_, _, let code):
        switch code {
        case ENOSPC, EDQUOT, EFBIG: return "make room and run again; the file is as it was"
        case EROFS, EACCES, EPERM:
          return "give yourself write permission for the file and its folder"
        default: return "run again; the file is as it was"
        }
      }
    }

    private func systemText(_ code: Int32) -> String {
      strerror(code).map { String(cString: $0) } ?? "error \(code)"
    }
  }

  /// Writes `new` to the file at `path` if it still holds `old`.
  public static func replace(
    _ path: String, holding old: [UInt8], with new: [UInt8]
  ) throws(Refusal) {
    guard let resolved = realpath(path, nil) else {
      throw .refused(path: path, step: "finding it", code: errno)
    }
    defer { free(resolved) }
    // Moving a file needs no permission to write it; the user who took that away meant it.
    guard access(resolved, W_OK) == 0 else {
      throw .refused(path: path, step: "writing it", code: errno)
    }
    let target = String(cString: resolved)
    var draft = try Draft(beside: target, path: path)
    do throws(Refusal) {
      try draft.fill(new)
      try draft.takeOver(target, holding: old)
    } catch {
      draft.discard()
      throw error
    }
  }
}

/// The file beside the target that will take its place.
private struct Draft {
  private let path: String
  private let name: String
  private let folder: String
  private var descriptor: Int32

  /// Makes an empty file that nobody else can open.
  init(beside target: String, path: String) throws(FileReplacement.Refusal) {
    self.path = path
    let slash = target.lastIndex(of: "/") ?? target.startIndex
    folder = slash == target.startIndex ? "/" : String(target[..<slash])
    // mkstemp() writes a name that nobody has over the X's.
    var template = Array((folder + "/.kmf-XXXXXX").utf8CString)
    descriptor = template.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return -1 }
      return mkstemp(base)
    }
    let made = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
    name = made ?? ""
    guard descriptor >= 0 else {
      throw .refused(path: path, step: "writing beside it", code: errno)
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  }

  func fill(_ bytes: [UInt8]) throws(FileReplacement.Refusal) {
    // A limit on file sizes is an answer of write(), not a reason to die.
    signal(SIGXFSZ, SIG_IGN)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        write(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
      }
      if count >= 0 {
        sent += count
      } else if errno != EINTR {
        throw .refused(path: path, step: "writing", code: errno)
      }
    }
  }

  /// Moves the draft over the target, whose permissions and owner it takes on.
  mutating func takeOver(
    _ target: String, holding old: [UInt8]
  ) throws(FileReplacement.Refusal) {
    let original = open(target, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard original >= 0 else { throw .refused(path: path, step: "reading it again", code: errno) }
    defer { close(original) }
    var status = stat()
    guard fstat(original, &status) == 0 else {
      throw .refused(path: path, step: "reading it again", code: errno)
    }
    try keepOwner(of: status)
    guard fchmod(descriptor, status.st_mode & 0o7777) == 0 else {
      throw .refused(path: path, step: "keeping its permissions", code: errno)
    }
    guard fsync(descriptor) == 0 else { throw .refused(path: path, step: "writing", code: errno) }
    // As late as possible: what changes between here and the move would be lost.
    guard Self.holds(original, old) else { throw .changed(path: path) }
    guard rename(name, target) == 0 else {
      throw .refused(path: path, step: "putting the new text in place", code: errno)
    }
    close(descriptor)
    descriptor = -1
    syncFolder()
  }

  private func keepOwner(of status: stat) throws(FileReplacement.Refusal) {
    var own = stat()
    guard fstat(descriptor, &own) == 0 else {
      throw .refused(path: path, step: "keeping its owner", code: errno)
    }
    if own.st_uid == status.st_uid, own.st_gid == status.st_gid { return }
    guard fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
      throw .refused(path: path, step: "keeping its owner", code: errno)
    }
  }

  /// The name is durable only when its folder is; where that cannot be had, the text still is.
  private func syncFolder() {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }

  private static func holds(_ descriptor: Int32, _ expected: [UInt8]) -> Bool {
    var seen = 0
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return count == 0 && seen == expected.count }
      guard seen + count <= expected.count,
        expected[seen..<(seen + count)].elementsEqual(chunk[..<count])
      else { return false }
      seen += count
    }
  }

  mutating func discard() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    unlink(name)
  }
}
