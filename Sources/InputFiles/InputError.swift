import Glibc
import ManifestSyntax

/// Why an input could not be found or read. Collected, never thrown away: each one becomes a line
/// on standard error and exit code 2.
public struct InputError: Error, Hashable, Sendable {
  /// What went wrong; the case decides the remedy.
  public enum Cause: Hashable, Sendable {
    /// A path on the command line that does not exist.
    case notFound
    /// A pattern or folder in which no manifest was found.
    case nothingFound(leftOut: Int)
    /// It was there when the folder was listed, and is not any more.
    case vanished
    /// The process may not read the file or list the folder.
    case permissionDenied
    /// A FIFO, socket or device: reading it could wait forever.
    case notAFile(SpecialFile)
    /// A link that leads nowhere or in a circle.
    case brokenLink
    /// The name's bytes are not UTF-8, so no report could show it.
    case nameNotUTF8
    /// The bytes are no text in any encoding that a manifest may have.
    case notText(SourceRefusal)
    /// Any other refusal of the operating system, told by `errno`.
    case refused
  }

  public var cause: Cause
  /// The path as the user knows it.
  public var path: String
  /// The system's error number; 0 where the system was not the one to refuse.
  public var code: Int32

  public init(_ cause: Cause, path: String, code: Int32 = 0) {
    self.cause = cause
    self.path = path
    self.code = code
  }

  /// An error for what the system said about `path`. `listed` tells that it was there a moment ago.
  init(errno code: Int32, path: String, listed: Bool) {
    let cause: Cause =
      switch code {
      case ENOENT, ENOTDIR:
        listed ? .vanished : path.contains("\u{FFFD}") ? .nameNotUTF8 : .notFound
      case EACCES, EPERM: .permissionDenied
      case ELOOP: .brokenLink
      default: .refused
      }
    self.init(cause, path: path, code: code)
  }

  /// What the system said, such as "Permission denied"; empty where it said nothing.
  public var systemText: String {
    guard code != 0, let text = strerror(code) else { return "" }
    return String(cString: text)
  }

  /// What is wrong; lower case, no full stop.
  public var message: String {
    switch cause {
    case .notFound: "'\(path)' does not exist"
    case .nothingFound(let leftOut):
      leftOut > 0
        ? "'\(path)' holds no manifests but \(leftOut) that ignore files leave out"
        : "'\(path)' matches no file that could be a manifest"
    case .vanished: "'\(path)' vanished before it could be read"
    case .permissionDenied: "'\(path)' may not be read: \(systemText)"
    case .notAFile(let kind): "'\(path)' is a \(kind.rawValue), not a file"
    case .brokenLink: "'\(path)' is a symbolic link that leads to no file"
    case .nameNotUTF8: "the name of '\(path)' is not UTF-8"
    case .notText(let refusal): "'\(path)': \(refusal.diagnostic.message)"
    case .refused: "'\(path)' cannot be read: \(systemText)"
    }
  }

  /// What to do, as an order to the reader.
  public var remedy: String {
    switch cause {
    case .notFound: "check the spelling and the working directory"
    case .nothingFound(let leftOut):
      leftOut > 0
        ? "add --no-ignore, or name the files"
        : "name a folder with .yaml, .yml or .json files, or the files themselves"
    case .vanished: "run again when nothing changes the files"
    case .permissionDenied: "give yourself read permission (chmod u+r; for folders u+rx)"
    case .notAFile: "name a file, or use '-' to read standard input"
    case .brokenLink: "repair or remove the link"
    case .nameNotUTF8: "rename it, for example with convmv"
    case .notText(let refusal): refusal.diagnostic.help ?? "save the file as UTF-8"
    case .refused: "make the file readable, or leave it out of the inputs"
    }
  }
}

/// What is neither a file nor a folder.
public enum SpecialFile: String, Hashable, Sendable {
  case pipe = "named pipe"
  case socket
  case device

  /// The kind that `mode` (from `stat`) tells; nil for files, folders and links.
  init?(mode: mode_t) {
    switch mode & S_IFMT {
    case S_IFIFO: self = .pipe
    case S_IFSOCK: self = .socket
    case S_IFBLK, S_IFCHR: self = .device
    default: return nil
    }
  }
}
