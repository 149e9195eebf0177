/// How the bytes of an input spell its characters, and how they become UTF-8.
///
/// YAML allows UTF-8, UTF-16 and UTF-32, told apart by a byte order mark or, since a document
/// begins with an ASCII character, by where its zero bytes are. Whatever is not UTF-8 is rewritten
/// as such; UTF-8 is passed on unchecked, for the parser finds bad sequences where it meets them.
public enum SourceEncoding: String, Hashable, Sendable, CaseIterable {
  case utf8 = "UTF-8"
  case utf16LittleEndian = "UTF-16LE"
  case utf16BigEndian = "UTF-16BE"
  case utf32LittleEndian = "UTF-32LE"
  case utf32BigEndian = "UTF-32BE"

  /// What the first bytes of an input say.
  public struct Detection: Hashable, Sendable {
    public var encoding: SourceEncoding
    /// How many bytes at the start are a byte order mark, which is no part of the text.
    public var markLength: Int
  }

  /// Tells the encoding of an input from its first four bytes (fewer if it has no more).
  public static func detect(_ bytes: UnsafeRawBufferPointer) -> Detection {
    func byte(_ index: Int) -> Int { index < bytes.count ? Int(bytes[index]) : -1 }
    let first = (byte(0), byte(1), byte(2), byte(3))
    switch first {
    case (0xFF, 0xFE, 0, 0): return Detection(encoding: .utf32LittleEndian, markLength: 4)
    case (0, 0, 0xFE, 0xFF): return Detection(encoding: .utf32BigEndian, markLength: 4)
    case (0xEF, 0xBB, 0xBF, _): return Detection(encoding: .utf8, markLength: 3)
    case (0xFF, 0xFE, _, _): return Detection(encoding: .utf16LittleEndian, markLength: 2)
    case (0xFE, 0xFF, _, _): return Detection(encoding: .utf16BigEndian, markLength: 2)
    case (1...0x7F, 0, 0, 0): return Detection(encoding: .utf32LittleEndian, markLength: 0)
    case (0, 0, 0, 1...0x7F): return Detection(encoding: .utf32BigEndian, markLength: 0)
    case (1...0x7F, 0, 1...0x7F, 0), (1...0x7F, 0, -1, -1):
      return Detection(encoding: .utf16LittleEndian, markLength: 0)
    case (0, 1...0x7F, 0, 1...0x7F), (0, 1...0x7F, -1, -1):
      return Detection(encoding: .utf16BigEndian, markLength: 0)
    default: return Detection(encoding: .utf8, markLength: 0)
    }
  }

  /// How many bytes one unit of the encoding takes.
  public var unitLength: Int {
    switch self {
    case .utf8: 1
    case .utf16LittleEndian, .utf16BigEndian: 2
    case .utf32LittleEndian, .utf32BigEndian: 4
    }
  }
}

extension SourceText {
  /// Makes a source of bytes in any encoding that YAML allows, or says why they are no text.
  ///
  /// UTF-8 stays where it is in memory. A byte order mark is dropped; ``byteOffsetBase`` and
  /// ``encoding`` keep places true to the file.
  /// - Throws: ``SourceRefusal`` for bytes that cannot be a manifest in any encoding.
  public static func decoding(
    _ buffer: consuming SourceBuffer, name: String
  ) throws(SourceRefusal) -> SourceText {
    guard buffer.count <= sizeMax else { throw .tooLarge(bytes: buffer.count) }
    let detection = SourceEncoding.detect(buffer.bytes)
    let mark = detection.markLength
    let text = UnsafeRawBufferPointer(rebasing: buffer.bytes[mark...])
    if detection.encoding == .utf8 {
      if let zero = SourceRefusal.firstZero(in: text) { throw .binary(byteOffset: zero + mark) }
      return SourceText(name: name, taking: buffer, byteOffsetBase: mark)
    }
    let utf8 = try transcode(text, from: detection)
    guard utf8.count <= sizeMax else { throw .tooLarge(bytes: utf8.count) }
    return SourceText(
      name: name, count: utf8.count, byteOffsetBase: mark, encoding: detection.encoding
    ) { $0.copyBytes(from: utf8) }
  }

  /// The same for bytes that are elsewhere in memory; copies them.
  public static func decoding(
    _ bytes: some Collection<UInt8>, name: String
  ) throws(SourceRefusal) -> SourceText {
    let count = bytes.count
    var buffer = SourceBuffer(capacity: count)
    buffer.append(room: count) { room in
      room.copyBytes(from: bytes)
      return count
    }
    return try decoding(buffer, name: name)
  }

  /// Rewrites UTF-16 or UTF-32 as UTF-8; the mark is already cut off.
  private static func transcode(
    _ bytes: UnsafeRawBufferPointer, from detection: SourceEncoding.Detection
  ) throws(SourceRefusal) -> [UInt8] {
    let encoding = detection.encoding
    let whole = bytes.count - bytes.count % encoding.unitLength
    var utf8: [UInt8] = []
    utf8.reserveCapacity(bytes.count / 2 + bytes.count / 8)
    var index = 0
    while index < whole {
      let start = index
      guard let scalar = encoding.nextScalar(in: bytes, upTo: whole, at: &index) else {
        throw .malformed(encoding, byteOffset: start + detection.markLength)
      }
      guard scalar.value != 0 else { throw .binary(byteOffset: start + detection.markLength) }
      if scalar.isASCII {
        utf8.append(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        utf8.append(contentsOf: UTF8.encode(scalar).unsafelyUnwrapped)  // every scalar has UTF-8
      }
    }
    guard whole == bytes.count else {
      throw .malformed(encoding, byteOffset: whole + detection.markLength)
    }
    return utf8
  }
}

extension SourceEncoding {
  /// Reads one character at `index` and moves past it; nil where the bytes are none.
  fileprivate func nextScalar(
    in bytes: UnsafeRawBufferPointer, upTo end: Int, at index: inout Int
  ) -> Unicode.Scalar? {
    if unitLength == 4 {
      defer { index += 4 }
      let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)
      return Unicode.Scalar(
        self == .utf32BigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value))
    }
    let unit = unit16(in: bytes, at: index)
    index += 2
    guard (0xD800..<0xE000).contains(unit) else { return Unicode.Scalar(unit) }
    guard unit < 0xDC00, index < end else { return nil }
    let low = unit16(in: bytes, at: index)
    guard (0xDC00..<0xE000).contains(low) else { return nil }
    index += 2
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
  }

  private func unit16(in bytes: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
    let value = bytes.loadUnaligned(fromByteOffset: index, as: UInt16.self)
    return UInt32(
      self == .utf16BigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value))
  }
}
