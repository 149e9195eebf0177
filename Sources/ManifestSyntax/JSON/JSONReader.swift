import CLibYAML

/// Reads one JSON text into the same located tree that YAML gives.
///
/// As strict as the API server's own JSON decoder: no comments, no trailing commas, no bare words.
/// Keys set twice are reported and the last one wins, as there.
public struct JSONReader {
  private let source: SourceText
  private let base: UnsafeRawPointer
  private let end: Int
  private var at: Int
  private let tree: Tree
  private var faults: [TreeBuilder.Fault] = []
  private var failure: Diagnostic?
  /// Whether there is a ``failure``: asked for every value, where the whole of it would be copied.
  private var hasFailed = false
  /// Whether another object may follow.
  private var allowsMore = false

  /// Reads the JSON text in `source`, or in a part of it.
  public static func read(_ source: SourceText, range: Range<Int>? = nil) -> ParsedDocument {
    var reader = JSONReader(source, range: range ?? 0..<source.count)
    return reader.document()
  }

  /// Reads JSON texts that follow one another, as `kubectl` does; usually there is one.
  public static func readAll(_ source: SourceText) -> [ParsedDocument] {
    var documents: [ParsedDocument] = []
    var start = 0
    while true {
      var reader = JSONReader(source, range: start..<source.count)
      reader.allowsMore = true
      let document = reader.document()
      if document.isEmpty, document.diagnostics.isEmpty, document.tree == nil { return documents }
      documents.append(document)
      if document.tree == nil { return documents }
      start = reader.at
    }
  }

  private init(_ source: SourceText, range: Range<Int>) {
    self.source = source
    // A source always has eight zero bytes after its text, so an empty one has an address too.
    // Without an address the end is 0, so nothing is read.
    base = source.bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 8)!
    end = range.upperBound
    at = range.lowerBound
    tree = Tree(source: source)
    if at == 0, end >= 3, source.bytes[0] == 0xEF, source.bytes[1] == 0xBB { at = 3 }
  }

  private mutating func document() -> ParsedDocument {
    let start = UInt32(truncatingIfNeeded: at)
    skipSpace()
    let span = Span(start: start, end: UInt32(truncatingIfNeeded: end))
    if at >= end { return ParsedDocument(tree: nil, diagnostics: [], isEmpty: true, span: span) }
    _ = value(depth: 0)
    if !hasFailed {
      skipSpace()
      let isNext = allowsMore && at < end && byte(at) == 0x7B
      if at < end, !isNext {
        fail("text after the end of the JSON value", "remove it; a JSON file holds one value")
      }
    }
    if let failure {
      return ParsedDocument(tree: nil, diagnostics: [failure], isEmpty: false, span: span)
    }
    let diagnostics = faults.map { $0.diagnostic(in: tree) }
    let isEmpty = tree.kind(.root) == .null
    return ParsedDocument(tree: tree, diagnostics: diagnostics, isEmpty: isEmpty, span: span)
  }

  @inline(__always)
  private func byte(_ offset: Int) -> UInt8 { base.load(fromByteOffset: offset, as: UInt8.self) }

  private mutating func skipSpace() {
    while at < end, byte(at) == 32 || byte(at) == 10 || byte(at) == 13 || byte(at) == 9 { at += 1 }
  }

  private mutating func fail(_ message: String, _ help: String, length: Int = 1) {
    if hasFailed { return }
    hasFailed = true
    let start = UInt32(truncatingIfNeeded: min(at, end))
    let stop = UInt32(truncatingIfNeeded: min(at + length, end))
    failure = Diagnostic(
      "DEC-27", .error, .syntaxError, at: .root, "this is not JSON: \(message)", help: help,
      span: Span(start: start, end: stop))
  }

  // MARK: - Values

  private mutating func value(depth: Int) -> UInt32 {
    skipSpace()
    guard at < end else {
      fail("the text ends before the value does", "close the open brackets and quotes")
      return 0
    }
    switch byte(at) {
    case 0x7B: return object(depth: depth)
    case 0x5B: return array(depth: depth)
    case 0x22: return string()
    case 0x2D, 0x30...0x39: return number()
    case 0x74: return word("true", .bool)
    case 0x66: return word("false", .bool)
    case 0x6E: return word("null", .null)
    default:
      fail("no value begins with this character", "strings need double quotes")
      return 0
    }
  }

  private mutating func open(_ kind: NodeKind, depth: Int) -> UInt32? {
    guard depth < SyntaxLimits.depthMax else {
      fail(
        "nested deeper than \(SyntaxLimits.depthMax) levels", "look for a generator that went wrong"
      )
      return nil
    }
    let start = UInt32(truncatingIfNeeded: at)
    at += 1
    return tree.add(NodeRecord(start: start, end: start, kind: kind, style: .json))
  }

  private mutating func array(depth: Int) -> UInt32 {
    guard let index = open(.sequence, depth: depth) else { return 0 }
    skipSpace()
    if at < end, byte(at) == 0x5D {
      return close(index)
    }
    while !hasFailed {
      let item = value(depth: depth + 1)
      if hasFailed { break }
      attach(item, to: index)
      skipSpace()
      guard at < end, byte(at) == 0x2C || byte(at) == 0x5D else {
        fail("expected ',' or ']'", "separate the items by commas and close the list with ']'")
        break
      }
      if byte(at) == 0x5D { return close(index) }
      at += 1
    }
    return index
  }

  private mutating func object(depth: Int) -> UInt32 {
    guard let index = open(.mapping, depth: depth) else { return 0 }
    skipSpace()
    if at < end, byte(at) == 0x7D { return close(index) }
    while !hasFailed {
      skipSpace()
      guard at < end, byte(at) == 0x22 else {
        fail("expected a key in double quotes", "quote the key; remove a comma before '}'")
        break
      }
      let key = string()
      if hasFailed { break }
      tree.noteKey(key, of: index)
      skipSpace()
      guard at < end, byte(at) == 0x3A else {
        fail("expected ':' after the key", "write \"key\": value")
        break
      }
      at += 1
      let item = value(depth: depth + 1)
      if hasFailed { break }
      attach(key, to: index)
      attach(item, to: index)
      skipSpace()
      guard at < end, byte(at) == 0x2C || byte(at) == 0x7D else {
        fail("expected ',' or '}'", "separate the entries by commas and close the object with '}'")
        break
      }
      if byte(at) == 0x7D { return closeObject(index) }
      at += 1
    }
    return index
  }

  private mutating func close(_ index: UInt32) -> UInt32 {
    at += 1
    tree.records[Int(index)].end = UInt32(truncatingIfNeeded: at)
    return index
  }

  private mutating func closeObject(_ index: UInt32) -> UInt32 {
    tree.records[Int(index)].count /= 2
    faults += TreeBuilder.duplicates(in: index, of: tree)
    return close(index)
  }

  private func attach(_ child: UInt32, to parent: UInt32) {
    let last = tree.records[Int(parent)].last
    if last == 0 {
      tree.records[Int(parent)].link = child
    } else {
      tree.records[Int(last)].next = child
    }
    tree.records[Int(parent)].last = child
    tree.records[Int(parent)].count += 1
  }

  // MARK: - Scalars

  private mutating func word(_ word: StaticString, _ kind: NodeKind) -> UInt32 {
    let length = word.utf8CodeUnitCount
    guard at + length <= end, memcmp(base + at, word.utf8Start, length) == 0 else {
      fail("unknown word", "strings need double quotes; the words are true, false and null")
      return 0
    }
    return scalar(kind, from: at, to: at + length)
  }

  private mutating func scalar(_ kind: NodeKind, from start: Int, to stop: Int) -> UInt32 {
    var record = NodeRecord(
      start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: stop), kind: kind,
      style: .json)
    record.text = record.start
    record.count = record.end - record.start
    at = stop
    return tree.add(record)
  }

  private mutating func number() -> UInt32 {
    let start = at
    var stop = at
    if byte(stop) == 0x2D { stop += 1 }
    let digits = stop
    while stop < end, isDigit(byte(stop)) { stop += 1 }
    var isWell = stop > digits && !(stop - digits > 1 && byte(digits) == 0x30)
    var kind = NodeKind.int
    if stop < end, byte(stop) == 0x2E {
      kind = .float
      let fraction = stop + 1
      stop = fraction
      while stop < end, isDigit(byte(stop)) { stop += 1 }
      isWell = isWell && stop > fraction
    }
    if stop < end, byte(stop) | 0x20 == 0x65 {
      kind = .float
      stop += 1
      if stop < end, byte(stop) == 0x2B || byte(stop) == 0x2D { stop += 1 }
      let exponent = stop
      while stop < end, isDigit(byte(stop)) { stop += 1 }
      isWell = isWell && stop > exponent
    }
    guard isWell else {
      fail(
        "this is not a JSON number", "write it without leading zeros, or quote it",
        length: stop - start)
      return 0
    }
    return scalar(kind, from: start, to: stop)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private mutating func string() -> UInt32 {
    let start = at
    var stop = at + 1
    var hasEscapes = false
    while stop < end, byte(stop) != 0x22 {
      if byte(stop) == 0x5C {
        hasEscapes = true
        stop += 1
      } else if byte(stop) < 0x20 {
        at = stop
        fail("a string cannot hold a line break or control character", "write it as an escape: \\n")
        return 0
      }
      stop += 1
    }
    guard stop < end else {
      fail("this quote is never closed", "add the closing quote")
      return 0
    }
    var record = NodeRecord(
      start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: stop + 1),
      kind: .string, style: .json)
    record.text = record.start + 1
    record.count = record.end - record.start - 2
    if hasEscapes {
      guard let text = JSONEscapes.decode(source.bytes, (start + 1)..<stop) else {
        fail(
          "unknown escape", "known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u0000",
          length: stop - start)
        return 0
      }
      text.withUnsafeBytes { record.text = tree.store($0) }
      record.count = UInt32(truncatingIfNeeded: text.count)
      record.flags.insert(.inArena)
    }
    at = stop + 1
    return tree.add(record)
  }
}
