import CLibYAML

/// A place in a libyaml input: characters from its start, not bytes.
struct YAMLMark {
  var index: Int
  var line: Int
  var column: Int

  init(_ mark: yaml_mark_t) {
    index = Int(mark.index)
    line = Int(mark.line)
    column = Int(mark.column)
  }
}

/// What libyaml could not read, in its own words; ``SyntaxDiagnosis`` turns it into ours.
struct YAMLProblem {
  var problem: String
  var context: String
  var mark: YAMLMark
  var contextMark: YAMLMark
  /// Byte offset of a character that the reader refused; it gives no marks.
  var readerOffset: Int?
}

/// libyaml's parser over a range of a source: the only code that touches its C structures.
///
/// The parser is allocated once and started anew after a syntax error, since libyaml's own parser
/// is dead after one.
final class YAMLEvents {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  let event: UnsafeMutablePointer<yaml_event_t>

  init(_ bytes: UnsafeRawBufferPointer) {
    parser = Self.room()
    event = Self.room()
    event.initialize(to: yaml_event_t())
    let isReady = yaml_parser_initialize(parser)
    precondition(isReady == 1, "out of memory for a YAML parser")
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(
      parser, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, bytes.count)
  }

  deinit {
    yaml_event_delete(event)
    yaml_parser_delete(parser)
    free(parser)
    free(event)
  }

  /// Memory as C takes it, which asks for no alignment beyond what it has anyway.
  private static func room<T>() -> UnsafeMutablePointer<T> {
    guard let memory = malloc(MemoryLayout<T>.size) else {
      preconditionFailure("no memory for a YAML parser")
    }
    return memory.bindMemory(to: T.self, capacity: 1)
  }

  /// Reads the next event into ``event``; false where the text is not YAML.
  func advance() -> Bool {
    // Deleting leaves an event empty, and deleting an empty one does nothing.
    yaml_event_delete(event)
    return yaml_parser_parse(parser, event) == 1
  }

  /// What went wrong after ``advance()`` returned false.
  var problem: YAMLProblem {
    let state = parser.pointee
    return YAMLProblem(
      problem: state.problem.map { String(cString: $0) } ?? "",
      context: state.context.map { String(cString: $0) } ?? "",
      mark: YAMLMark(state.problem_mark), contextMark: YAMLMark(state.context_mark),
      readerOffset: state.error == YAML_READER_ERROR ? Int(state.problem_offset) : nil)
  }
}

/// Turns libyaml's character counts into byte offsets.
///
/// Marks mostly grow, so a cursor walks along; where the text is ASCII, it only has to count.
struct ByteCursor {
  private let base: UnsafeRawPointer
  private let count: Int
  /// Byte offset in the source where libyaml's input begins.
  private let start: Int
  private let isASCII: Bool
  private var character = 0
  private var byte = 0
  /// From ``byte`` up to here the text is ASCII.
  private var plainEnd = 0
  /// Where libyaml's input begins in the source.
  var inputStart: Int { start }

  init(_ bytes: UnsafeRawBufferPointer, start: Int, isASCII: Bool) {
    base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!  // never read: count is 0
    count = bytes.count
    self.start = start
    self.isASCII = isASCII
  }

  /// The byte offset in the source of the character at `index`.
  mutating func byteOffset(_ index: Int) -> UInt32 {
    if isASCII { return UInt32(truncatingIfNeeded: start + min(index, count)) }
    let ahead = index - character
    if ahead >= 0, byte + ahead <= plainEnd {
      byte += ahead
      character = index
    } else {
      walk(to: index)
    }
    return UInt32(truncatingIfNeeded: start + byte)
  }

  private mutating func walk(to index: Int) {
    while character > index, byte > 0 {
      byte -= 1
      while byte > 0, isContinuation(byte) { byte -= 1 }
      character -= 1
    }
    while character < index, byte < count {
      if character + 8 <= index, byte + 8 <= count, isPlainWord(byte) {
        byte += 8
        character += 8
      } else {
        byte += 1
        while byte < count, isContinuation(byte) { byte += 1 }
        character += 1
      }
    }
    findPlainEnd()
  }

  /// Looks how far the text is ASCII from here on: up to there, bytes are characters. Not far
  /// ahead, since marks that go to and fro would look at the same text again and again.
  private mutating func findPlainEnd() {
    let end = min(count, byte + 1024)
    plainEnd = byte
    while plainEnd + 8 <= end, isPlainWord(plainEnd) { plainEnd += 8 }
    while plainEnd < end, base.load(fromByteOffset: plainEnd, as: UInt8.self) < 0x80 {
      plainEnd += 1
    }
  }

  private func isPlainWord(_ offset: Int) -> Bool {
    base.loadUnaligned(fromByteOffset: offset, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
  }

  private func isContinuation(_ offset: Int) -> Bool {
    base.load(fromByteOffset: offset, as: UInt8.self) & 0xC0 == 0x80
  }
}
