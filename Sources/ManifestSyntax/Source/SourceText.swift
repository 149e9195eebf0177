import CLibYAML

/// A stretch of bytes in a source text: `start` is the first byte, `end` the one after the last.
public struct Span: Hashable, Sendable {
  public var start: UInt32
  public var end: UInt32
  public init(start: UInt32, end: UInt32) {
    self.start = start
    self.end = end
  }
  /// How many bytes it covers.
  public var count: Int { Int(end) - Int(start) }
}

/// A place that a person can go to: line and column from 1, the column in Unicode scalars.
public struct Position: Hashable, Sendable {
  public var line: Int
  public var column: Int
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// The bytes of one input, UTF-8, never changed after they were read.
///
/// The bytes are followed by eight zero bytes, so that word-wise readers need no special end.
///
/// `@unchecked Sendable`: the buffer is written before `init` returns and only read afterwards.
public final class SourceText: @unchecked Sendable {
  /// What the input is called in reports: a path, or `<stdin>`.
  public let name: String
  /// The text, without the padding. Valid while the source lives: keep it (`withExtendedLifetime`)
  /// around work on the bytes alone.
  public let bytes: UnsafeRawBufferPointer
  /// How many bytes of the file, a byte order mark, come before the text: to be added to an
  /// offset in the text to get one in a UTF-8 file.
  public let byteOffsetBase: Int
  /// How the file was written. Anything but UTF-8 was rewritten, so that offsets in the text are
  /// not those of the file.
  public let encoding: SourceEncoding
  private let storage: UnsafeMutableRawPointer

  /// The most bytes a source may have: offsets are 32 bits wide, one of them a flag.
  public static let sizeMax = Int(Int32.max) - 16

  /// How many zero bytes follow the text in memory.
  static let padding = 8

  /// Copies `bytes`, which must be UTF-8 (see ``SourceEncoding``) and at most ``sizeMax`` long.
  public convenience init(name: String, bytes: some Collection<UInt8>) {
    self.init(name: name, count: bytes.count) { buffer in buffer.copyBytes(from: bytes) }
  }

  /// A source of the UTF-8 of `text`.
  public convenience init(name: String = "<text>", _ text: String) {
    self.init(name: name, bytes: Array(text.utf8))
  }

  /// Makes room for `count` bytes and lets `fill` write all of them: for readers of files.
  public init(
    name: String, count: Int, byteOffsetBase: Int = 0, encoding: SourceEncoding = .utf8,
    fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) rethrows {
    precondition(count <= SourceText.sizeMax, "a source of \(count) bytes is too large")
    self.name = name
    self.byteOffsetBase = byteOffsetBase
    self.encoding = encoding
    let storage = SourceBuffer.allocate(count)
    do {
      try fill(UnsafeMutableRawBufferPointer(start: storage, count: count))
    } catch {
      free(storage)
      throw error
    }
    memset(storage + count, 0, SourceText.padding)
    self.storage = storage
    bytes = UnsafeRawBufferPointer(start: storage, count: count)
  }

  /// Takes over the memory of `buffer`, whose first `byteOffsetBase` bytes are no part of the text.
  init(name: String, taking buffer: consuming SourceBuffer, byteOffsetBase: Int) {
    let count = buffer.count
    precondition(byteOffsetBase <= count && count <= SourceText.sizeMax)
    self.name = name
    self.byteOffsetBase = byteOffsetBase
    encoding = .utf8
    storage = buffer.release()
    memset(storage + count, 0, SourceText.padding)
    bytes = UnsafeRawBufferPointer(
      start: storage + byteOffsetBase, count: count - byteOffsetBase)
  }

  deinit { free(storage) }

  /// How many bytes the text has.
  public var count: Int { bytes.count }

  /// The text of `span`, repaired where it is not UTF-8.
  public func text(_ span: Span) -> String {
    String(decoding: bytes[Int(span.start)..<Int(span.end)], as: UTF8.self)
  }
}
