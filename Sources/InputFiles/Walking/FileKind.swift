import Glibc

/// What a path is, after following links.
enum FileKind: Equatable {
  case file
  case folder
  case special(SpecialFile)
  /// The system does not say: its error number.
  case refused(Int32)

  static func following(_ path: String) -> FileKind {
    var status = stat()
    guard stat(path, &status) == 0 else { return .refused(errno) }
    if let special = SpecialFile(mode: status.st_mode) { return .special(special) }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder : .file
  }
}

/// What tells two folders apart, however they were reached.
struct FolderIdentity: Hashable {
  var device: dev_t
  var inode: ino_t
}

/// One entry of a folder, before any link is followed.
struct FolderEntry {
  enum Kind {
    case file, folder, link, unknown
    case special(SpecialFile)
  }
  /// The bytes of the name.
  var name: [UInt8]
  var kind: Kind
}

/// The entries of the folder `path`, by name, and its identity; or the system's error number.
func listFolder(_ path: String) -> (entries: [FolderEntry], identity: FolderIdentity, code: Int32) {
  let none = FolderIdentity(device: 0, inode: 0)
  guard let stream = opendir(path.isEmpty ? "." : path) else { return ([], none, errno) }
  defer { closedir(stream) }
  var status = stat()
  guard fstat(dirfd(stream), &status) == 0 else { return ([], none, errno) }
  var entries: [FolderEntry] = []
  errno = 0
  while let entry = readdir(stream) {
    let bytes = UnsafeRawPointer(entry) + (MemoryLayout<dirent>.offset(of: \.d_name) ?? 19)
    let name = Array(
      UnsafeRawBufferPointer(start: bytes, count: strlen(bytes.assumingMemoryBound(to: CChar.self)))
    )
    if name != [46], name != [46, 46] {
      entries.append(FolderEntry(name: name, kind: kind(Int32(entry.pointee.d_type))))
    }
    errno = 0
  }
  // What was listed before a failing disk gave up is worth reading; the error is reported too.
  let code = errno
  entries.sort { a, b in
    a.name.withUnsafeBufferPointer { a in b.name.withUnsafeBufferPointer { isBefore(a, $0) } }
  }
  return (entries, FolderIdentity(device: status.st_dev, inode: status.st_ino), code)
}

private func kind(_ type: Int32) -> FolderEntry.Kind {
  switch type {
  case Int32(DT_REG): .file
  case Int32(DT_DIR): .folder
  case Int32(DT_LNK): .link
  case Int32(DT_FIFO): .special(.pipe)
  case Int32(DT_SOCK): .special(.socket)
  case Int32(DT_CHR), Int32(DT_BLK): .special(.device)
  default: .unknown
  }
}

/// The path without links, dots and double slashes; the path itself where that cannot be told.
func realPath(_ path: String) -> String {
  guard let real = realpath(path.isEmpty ? "." : path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// The bytes of a small file such as an ignore file; nil where there is none.
func contents(ofSmallFile path: String) -> [UInt8]? {
  let file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
  guard file >= 0 else { return nil }
  defer { close(file) }
  var status = stat()
  guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  let size = min(Int(status.st_size), 16 << 20)
  return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
    while count < size {
      let got = read(file, (buffer.baseAddress.map { $0 + count }), size - count)
      if got < 0 && errno == EINTR { continue }
      if got <= 0 { break }
      count += got
    }
  }
}
