import CLibYAML

/// Why bytes are no text that a manifest could be.
public enum SourceRefusal: Error, Hashable, Sendable {
  /// More than ``SourceText/sizeMax`` bytes: split the file.
  case tooLarge(bytes: Int)
  /// A zero byte: the file is an archive, an image or otherwise not text.
  case binary(byteOffset: Int)
  /// Not what the encoding that the first bytes announce allows: save the file as UTF-8.
  case malformed(SourceEncoding, byteOffset: Int)

  /// Where in the file the trouble begins, counted in bytes from 0.
  public var byteOffset: Int {
    switch self {
    case .tooLarge: 0
    case .binary(let byteOffset), .malformed(_, let byteOffset): byteOffset
    }
  }

  /// What to say about it: `SRC-01` (too large), `SRC-02` (binary), `SRC-03` (malformed).
  public var diagnostic: Diagnostic {
    switch self {
    case .tooLarge(let bytes):
      return Diagnostic(
        "SRC-01", .error, .syntaxError, at: .root,
        "the input has \(bytes) bytes; at most \(SourceText.sizeMax) can be read",
        help: "split it into several files")
    case .binary(let byteOffset):
      return Diagnostic(
        "SRC-02", .error, .syntaxError, at: .root,
        "byte \(byteOffset) is zero, so this is not a text file",
        help: "remove the file from the inputs, or save it as UTF-8 text")
    case .malformed(let encoding, let byteOffset):
      return Diagnostic(
        "SRC-03", .error, .syntaxError, at: .root,
        "the file begins like \(encoding.rawValue), but byte \(byteOffset) cannot stand there",
        help: "save the file as UTF-8")
    }
  }

  /// The offset of the first zero byte.
  static func firstZero(in bytes: UnsafeRawBufferPointer) -> Int? {
    guard let base = bytes.baseAddress, let found = memchr(base, 0, bytes.count) else { return nil }
    return UnsafeRawPointer(found) - base
  }
}
