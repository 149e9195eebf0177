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
/// Marks mostly grow, so a cursor walks along, eight bytes at a time where the text is ASCII.
struct ByteCursor {
  private let base: UnsafeRawPointer
  private let count: Int
  /// Byte offset in the source where libyaml's input begins.
  private let start: Int
  private let isASCII: Bool
  private var character = 0
  private var byte = 0
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
    while character > index, byte > 0 {
      byte -= 1
      while byte > 0, isContinuation(byte) { byte -= 1 }
      character -= 1
    }
    let ahead = index - character
    // Most steps are short and within ASCII: one look at the next word, cut to the step's length.
    if ahead > 0, ahead <= 8, byte + 8 <= count {
      let word = base.loadUnaligned(fromByteOffset: byte, as: UInt64.self).littleEndian
      if word << UInt64(64 - ahead * 8) & 0x8080_8080_8080_8080 == 0 {
        byte += ahead
        character = index
        return UInt32(truncatingIfNeeded: start + byte)
      }
    }
    while character < index, byte < count {
      if character + 8 <= index, byte + 8 <= count,
        base.loadUnaligned(fromByteOffset: byte, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
      {
        byte += 8
        character += 8
      } else {
        byte += 1
        while byte < count, isContinuation(byte) { byte += 1 }
        character += 1
      }
    }
    return UInt32(truncatingIfNeeded: start + byte)
  }

  private func isContinuation(_ offset: Int) -> Bool {
    base.load(fromByteOffset: offset, as: UInt8.self) & 0xC0 == 0x80
  }
}
