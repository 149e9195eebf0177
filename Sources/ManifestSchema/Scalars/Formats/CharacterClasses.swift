/// The text that grammars look at: bytes, since characters would join what the server sees apart.
typealias TextBytes = Substring.UTF8View

/// The classes of ASCII characters that grammars speak of, and pieces that several share.
enum CharacterClasses {
  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  @inline(__always)
  static func isLower(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

  @inline(__always)
  static func isUpper(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }

  @inline(__always)
  static func isLowerAlphanumeric(_ byte: UInt8) -> Bool { isLower(byte) || isDigit(byte) }

  @inline(__always)
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLower(byte | 0x20) || isDigit(byte)
  }

  /// Hands over bytes that lie side by side, as those of nearly all text do: grammars read each
  /// byte of each name of each object.
  @inline(__always)
  static func read<Answer>(
    _ bytes: TextBytes, _ body: (UnsafeRawBufferPointer) -> Answer
  ) -> Answer {
    bytes.withContiguousStorageIfAvailable { body(UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes(body)
  }

  /// Letters, digits, `-`, `_` and `.`.
  static func isNameByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".")
  }

  /// Pieces of lower-case letters and digits between single separators `.` (and what else
  /// `separators` says); inside a piece `-`, and `_` where allowed, may stand between others.
  static func isDotted(
    _ bytes: TextBytes, separators: StaticString = ".",
    underscoreInside: Bool = false, underscoreFirst: Bool = false
  ) -> Bool {
    read(bytes) {
      isDotted(
        $0, separators: separators, underscoreInside: underscoreInside,
        underscoreFirst: underscoreFirst)
    }
  }

  static func isDotted(
    _ bytes: UnsafeRawBufferPointer, separators: StaticString = ".",
    underscoreInside: Bool = false, underscoreFirst: Bool = false
  ) -> Bool {
    var state = DottedState.start
    for byte in bytes {
      if isLowerAlphanumeric(byte) {
        state = .alphanumeric
      } else if separators.withUTF8Buffer({ $0.contains(byte) }) {
        guard state == .alphanumeric else { return false }
        state = .start
      } else if byte == UInt8(ascii: "-") || underscoreInside && byte == UInt8(ascii: "_") {
        switch state {
        case .alphanumeric, .inner: state = .inner
        case .start where underscoreFirst && byte == UInt8(ascii: "_"): state = .afterUnderscore
        case .start, .afterUnderscore: return false
        }
      } else {
        return false
      }
    }
    return state == .alphanumeric
  }

  /// What the byte before was, for ``isDotted(_:separators:underscoreInside:underscoreFirst:)``.
  private enum DottedState {
    case start, afterUnderscore, alphanumeric, inner
  }

  /// Length and nothing else; empty when it fits.
  static func tooLong(_ bytes: TextBytes, max: Int, _ what: String = "it") -> [String] {
    let count = bytes.count
    return count > max ? ["\(what) has \(count) bytes; at most \(max) are allowed"] : []
  }
}
