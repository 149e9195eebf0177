import Glibc
import ManifestSyntax

/// Reads an input whole, as UTF-8.
///
/// Files are read, not mapped: a mapped file that another process shortens kills the reader. A file
/// that changes meanwhile gives the bytes that came, whatever `stat` promised. Nothing here waits,
/// except for a stream that the user asked for.
public enum SourceReader {
  /// The text of `input`.
  ///
  /// - Throws: ``InputError`` saying why there is none, with a remedy.
  public static func read(_ input: Input) throws(InputError) -> SourceText {
    let buffer =
      switch input.place {
      case .file: try file(input.path)
      case .stream(let descriptor): try stream(descriptor, path: input.path)
      }
    do {
      return try SourceText.decoding(buffer, name: input.path)
    } catch {
      throw InputError(.notText(error), path: input.path)
    }
  }

  private static func file(_ path: String) throws(InputError) -> SourceBuffer {
    // Without O_NONBLOCK, a FIFO that took the file's place would be waited for.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw InputError(errno: errno, path: path, listed: true) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw InputError(errno: errno, path: path, listed: true)
    }
    if let kind = SpecialFile(mode: status.st_mode) {
      throw InputError(.notAFile(kind), path: path)
    }
    let size = Int(clamping: status.st_size)
    guard size <= SourceText.sizeMax else {
      throw InputError(.notText(.tooLarge(bytes: size)), path: path)
    }
    return try drain(descriptor, expecting: size, isFile: true, path: path)
  }

  private static func stream(_ descriptor: Int32, path: String) throws(InputError) -> SourceBuffer {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw InputError(errno: errno, path: path, listed: false)
    }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    let size = isFile ? min(Int(clamping: status.st_size), SourceText.sizeMax) : 1 << 16
    return try drain(descriptor, expecting: size, isFile: isFile, path: path)
  }

  /// Everything up to the end of what `descriptor` gives.
  private static func drain(
    _ descriptor: Int32, expecting size: Int, isFile: Bool, path: String
  ) throws(InputError) -> SourceBuffer {
    // One byte more than expected, so that the end shows without the buffer growing.
    var buffer = SourceBuffer(capacity: size + 1)
    while true {
      var got = 0
      var asked = 0
      var code: Int32 = 0
      buffer.append { room in
        // The system moves at most 2 GiB at once; less is the same here.
        asked = min(room.count, 1 << 30)
        got = Glibc.read(descriptor, room.baseAddress, asked)
        code = errno
        return max(got, 0)
      }
      // Only at its end does a file give less than was asked for.
      if got == 0 || isFile && got == size && got < asked { return buffer }
      if got < 0 {
        switch code {
        case EINTR: continue
        case EAGAIN: wait(for: descriptor)
        default: throw InputError(errno: code, path: path, listed: true)
        }
      }
      guard buffer.count <= SourceText.sizeMax else {
        throw InputError(.notText(.tooLarge(bytes: buffer.count)), path: path)
      }
    }
  }

  /// Waits for more on a stream that somebody else made non-blocking.
  private static func wait(for descriptor: Int32) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&request, 1, -1)
  }
}
