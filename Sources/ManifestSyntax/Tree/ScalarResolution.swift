/// What a plain scalar means to the API server.
///
/// The server turns YAML into JSON first, by YAML 1.1 with a few words of its own: `y` and `n` are
/// booleans, `0644` and `0o644` are octal, underscores in numbers do not count, base 60 and dates
/// stay text. A float that JSON prints without a fraction is an integer afterwards: `1e3` is 1000.
/// Everything here works on the raw bytes, since most scalars are decided by their first byte.

/// The JSON type that the server sees for a plain scalar.
public enum ScalarKind: UInt8, Sendable {
  case string, null, bool
  /// A number that JSON prints as an integer of at most 64 bits.
  case int
  /// A number with a fraction or beyond 64 bits; also `.inf` and `.nan`, which JSON cannot carry.
  case float
}

/// Resolves plain (unquoted, untagged) scalars as Kubernetes does.
public enum ScalarResolution {
  /// A number as the converted JSON carries it.
  public enum Number: Hashable, Sendable {
    case int(Int64)
    /// Above the largest `Int64`.
    case uint(UInt64)
    /// Fractional, beyond 64 bits, or not finite (`.inf`, `.nan`: an error in JSON).
    case double(Double)
  }

  /// The kind of a plain scalar.
  ///
  /// - Complexity: O(1) for almost all text, O(n) for what begins like a number.
  @inlinable
  public static func kind(ofPlain bytes: UnsafeRawBufferPointer) -> ScalarKind {
    guard let first = bytes.first else { return .null }
    switch FirstByte(first) {
    case .text: return .string
    case .word: return bytes.count > 5 ? .string : wordKind(bytes)
    case .number: return numberKind(bytes)
    }
  }

  /// What a first byte can begin.
  @usableFromInline
  enum FirstByte {
    case text, word, number

    @inlinable
    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        self = .number
      case UInt8(ascii: "y"), UInt8(ascii: "Y"), UInt8(ascii: "n"), UInt8(ascii: "N"),
        UInt8(ascii: "t"), UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"),
        UInt8(ascii: "o"), UInt8(ascii: "O"), UInt8(ascii: "~"):
        self = .word
      default: self = .text
      }
    }
  }

  /// The value of a boolean word, nil for all else.
  public static func bool(_ bytes: UnsafeRawBufferPointer) -> Bool? {
    switch word(bytes) {
    case Word.y, Word.yes, Word.on, Word.true: return true
    case Word.n, Word.no, Word.off, Word.false: return false
    default: return nil
    }
  }

  /// Whether the scalar is one of the spellings of null, the empty one included.
  public static func isNull(_ bytes: UnsafeRawBufferPointer) -> Bool {
    if bytes.count <= 1 { return bytes.first.map { $0 == UInt8(ascii: "~") } ?? true }
    return word(bytes) == Word.null
  }

  /// The number that a plain scalar stands for, nil when it is not one.
  public static func number(_ bytes: UnsafeRawBufferPointer) -> Number? {
    guard let first = bytes.first, case .number = FirstByte(first) else { return nil }
    switch ScalarNumber(bytes) {
    case .notNumber: return nil
    case .int(let value): return .int(value)
    case .uint(let value): return .uint(value)
    case .float(let value): return GoFloat.number(value)
    }
  }

  /// How the converted JSON prints the number: `1000` for `1e3`, `1.234e+59` for `1234e56`.
  ///
  /// Text that is no number comes back as it is; `.inf` and `.nan` as `+Inf`, `-Inf`, `NaN`.
  public static func jsonText(ofNumber bytes: UnsafeRawBufferPointer) -> String {
    guard let first = bytes.first, case .number = FirstByte(first) else {
      return String(decoding: bytes, as: UTF8.self)
    }
    switch ScalarNumber(bytes) {
    case .notNumber: return String(decoding: bytes, as: UTF8.self)
    case .int(let value): return String(value)
    case .uint(let value): return String(value)
    case .float(let value): return GoFloat.jsonText(value)
    }
  }

  /// The JSON key that a plain scalar becomes as a map key, nil where the server refuses it.
  ///
  /// Booleans and numbers become text (`on` is "true", `1.5` is "1.5"); null and whole numbers
  /// above the largest `Int64` are refused.
  public static func keyText(ofPlain bytes: UnsafeRawBufferPointer) -> String? {
    guard let first = bytes.first else { return nil }
    switch FirstByte(first) {
    case .text: break
    case .word:
      if isNull(bytes) { return nil }
      if let value = bool(bytes) { return value ? "true" : "false" }
    case .number:
      switch ScalarNumber(bytes) {
      case .notNumber: break
      case .int(let value): return String(value)
      case .uint: return nil
      case .float(let value): return GoFloat.keyText(value)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @usableFromInline
  static func wordKind(_ bytes: UnsafeRawBufferPointer) -> ScalarKind {
    if bool(bytes) != nil { return .bool }
    return isNull(bytes) ? .null : .string
  }

  @usableFromInline
  static func numberKind(_ bytes: UnsafeRawBufferPointer) -> ScalarKind {
    switch ScalarNumber(bytes) {
    case .notNumber: return .string
    case .int, .uint: return .int
    case .float(let value):
      if case .double = GoFloat.number(value) { return .float }
      return .int
    }
  }

  /// The words that mean something, their letters as one big-endian number.
  private enum Word {
    static let y: UInt64 = 0x79
    static let n: UInt64 = 0x6E
    static let yes: UInt64 = 0x79_6573
    static let no: UInt64 = 0x6E6F
    static let on: UInt64 = 0x6F6E
    static let off: UInt64 = 0x6F_6666
    static let `true`: UInt64 = 0x7472_7565
    static let `false`: UInt64 = 0x66_616C_7365
    static let null: UInt64 = 0x6E75_6C6C
  }

  /// The letters of a short word in lower case as one number; 0 unless it is written `word`,
  /// `Word` or `WORD`: other mixtures are plain text.
  private static func word(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard (1...5).contains(bytes.count) else { return 0 }
    var folded: UInt64 = 0
    var capitals = 0
    for byte in bytes {
      let lower = byte | 0x20
      guard lower &- UInt8(ascii: "a") < 26 else { return 0 }
      if byte != lower { capitals += 1 }
      folded = folded << 8 | UInt64(lower)
    }
    let isTitle = capitals == 1 && bytes[0] & 0x20 == 0
    return capitals == 0 || capitals == bytes.count || isTitle ? folded : 0
  }
}
