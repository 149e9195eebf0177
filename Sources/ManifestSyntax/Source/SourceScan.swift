import CLibYAML

/// One pass over a source before it is parsed: is it ASCII, and are there bytes that YAML forbids?
///
/// libyaml decodes ahead of its events, so a bad byte would take good documents before it with it;
/// knowing the bad places first lets the reader leave out just their documents.
struct SourceScan {
  /// A character that may not stand in YAML.
  struct BadCharacter: Hashable {
    enum Kind: Hashable {
      case notUTF8
      case control(UInt32)
    }
    var offset: Int
    var length: Int
    var kind: Kind
  }

  private(set) var isASCII = true
  /// The first bad characters, at most ``badCharactersMax``, in order.
  private(set) var badCharacters: [BadCharacter] = []
  private static let badCharactersMax = 100

  init(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    var offset = 0
    let hasOddBlanks =
      memchr(base, 11, bytes.count) != nil || memchr(base, 12, bytes.count) != nil
    // A character may straddle the end of a step, so steps need not begin at multiples of 8.
    while offset + 8 <= bytes.count {
      if !hasOddBlanks, Self.isPlain(base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) {
        offset += 8
      } else {
        offset = slowly(bytes, from: offset, to: offset + 8)
        if badCharacters.count >= Self.badCharactersMax { return }
      }
    }
    while offset < bytes.count {
      offset = slowly(bytes, from: offset, to: bytes.count)
      if badCharacters.count >= Self.badCharactersMax { return }
    }
  }

  /// Whether all eight bytes are printable ASCII, tabs or line ends; in a text without vertical
  /// tabs and form feeds, which would pass.
  ///
  /// Plain arithmetic on a word, since the standard library's vectors compare lane by lane, and no
  /// branch, since every third word ends a line. While no byte has its highest bit, sums and
  /// differences stay within their bytes, so the highest bit of each can answer for its byte.
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    let each: UInt64 = 0x0101_0101_0101_0101
    let top = each &* 0x80
    let raised = word | top
    let isNotBelowSpace = raised &- each &* 32
    let isNotBelowTab = raised &- each &* 9
    let isAboveReturn = raised &- each &* 14
    let isDelete = word &+ each
    return (isNotBelowSpace | isNotBelowTab & ~isAboveReturn) & ~isDelete & ~word & top == top
  }

  private mutating func slowly(
    _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int
  ) -> Int {
    var offset = start
    while offset < end, badCharacters.count < Self.badCharactersMax {
      let byte = bytes[offset]
      if byte < 0x80 {
        if byte < 32 && byte != 9 && byte != 10 && byte != 13 || byte == 127 {
          note(offset, 1, .control(UInt32(byte)))
        }
        offset += 1
        continue
      }
      isASCII = false
      guard let (scalar, length) = Self.decode(bytes, at: offset) else {
        note(offset, 1, .notUTF8)
        offset += 1
        continue
      }
      let isControl = scalar < 0xA0 && scalar != 0x85 || scalar == 0xFFFE || scalar == 0xFFFF
      if isControl { note(offset, length, .control(scalar)) }
      offset += length
    }
    return offset
  }

  private mutating func note(_ offset: Int, _ length: Int, _ kind: BadCharacter.Kind) {
    badCharacters.append(BadCharacter(offset: offset, length: length, kind: kind))
  }

  /// The Unicode scalar at `offset`; nil where the bytes are not UTF-8.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, at offset: Int
  ) -> (scalar: UInt32, length: Int)? {
    let first = UInt32(bytes[offset])
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    guard first >= 0xC2, first <= 0xF4, offset + length <= bytes.count else { return nil }
    var scalar = first & (0x7F >> UInt32(length))
    for index in 1..<length {
      let byte = UInt32(bytes[offset + index])
      guard byte & 0xC0 == 0x80 else { return nil }
      scalar = scalar << 6 | byte & 0x3F
    }
    let least: UInt32 = length == 4 ? 0x1_0000 : length == 3 ? 0x800 : 0x80
    guard scalar >= least, scalar <= 0x10_FFFF, !(0xD800...0xDFFF).contains(scalar) else {
      return nil
    }
    return (scalar, length)
  }
}
