import Glibc

/// A folder for the files of one run, removed at its end.
final class Scratch {
  let path: String

  init() {
    var template = Array("/tmp/kmf-bench-XXXXXX".utf8CString)
    let isMade = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
    }
    precondition(isMade, "no scratch folder can be made below /tmp")
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { Self.remove(path) }

  /// Removes a folder of ours and all below it.
  private static func remove(_ path: String) {
    if let folder = opendir(path) {
      while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name == "." || name == ".." { continue }
        let inside = path + "/" + name
        if unlink(inside) != 0 { remove(inside) }
      }
      closedir(folder)
    }
    rmdir(path)
  }

  /// Writes `bytes` to a file of the folder and returns its path.
  func write(_ bytes: [UInt8], to name: String) -> String {
    let file = path + "/" + name
    precondition(Files.write(bytes, to: file), "cannot write \(file)")
    return file
  }

  func makeFolder(_ name: String) { mkdir(path + "/" + name, 0o755) }
}

/// Reading and writing whole files.
enum Files {
  static func write(_ bytes: [UInt8], to path: String) -> Bool {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
      }
      if count <= 0 { return false }
      sent += count
    }
    return true
  }

  static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var got = 0
    while got < bytes.count {
      let count = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + got }, buffer.count - got)
      }
      if count <= 0 { break }
      got += count
    }
    bytes.removeLast(bytes.count - got)
    return bytes
  }

  static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}
