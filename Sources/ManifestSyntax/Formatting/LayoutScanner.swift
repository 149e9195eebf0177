/// Walks through a text beside the nodes that it holds, and takes down what YAML throws away:
/// comments and blank lines.
struct LayoutScanner {
  /// Something that kmf does not lay out anew.
  struct Refusal: Error {
    var offset: Int
    var reason = "this is written in a way that kmf leaves alone"
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var at = 0
  private var lineStart = 0
  /// Comments and blank lines before what comes next.
  private var pending: [LayoutComment] = []
  private var isAfterBlank = false

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// A document: what stands before its marker and on its line, and what is in it.
  struct Document {
    var beforeMarker: [LayoutComment] = []
    var markerComment = ""
    /// What stands above the first key, which belongs to the document.
    var head: [LayoutComment] = []
    var isHeadApart = false
    /// nil for a document without content.
    var root: LayoutBlock?
  }

  private var column: Int { at - lineStart }
  private var byte: UInt8 { at < bytes.count ? bytes[at] : 10 }
  private var isAtEnd: Bool { at >= bytes.count }
  /// Whether a line `---` comes next.
  private var isMarker: Bool { isAt(UInt8(ascii: "-")) }
  /// Whether a line `...` comes next.
  private var isEndMarker: Bool { isAt(UInt8(ascii: ".")) }

  private func isAt(_ sign: UInt8) -> Bool {
    column == 0 && at + 3 <= bytes.count && bytes[at] == sign && bytes[at + 1] == sign
      && bytes[at + 2] == sign && (at + 3 == bytes.count || bytes[at + 3] <= 32)
  }

  private func refuse() -> Refusal { Refusal(offset: at) }

  // MARK: - Documents

  mutating func document(_ document: LayoutDocument) throws(Refusal) -> Document {
    var result = Document()
    trivia()
    if document.isMarked {
      result.beforeMarker = takePending()
      guard isMarker else { throw refuse() }
      at += 3
      result.markerComment = try lineEnd()
      trivia()
    }
    switch document.root.kind {
    case .mapping, .sequence:
      result.head = takePending()
      result.isHeadApart = isAfterBlank
      isAfterBlank = false
      result.root = try block(document.root)
    case .text where document.root.range.isEmpty:
      result.head = takePending()
    default:
      throw Refusal(offset: at, reason: "the document as a whole is in braces, or is a text")
    }
    if isEndMarker {
      // It says nothing that the next marker, or the end of the file, does not say.
      at += 3
      guard try lineEnd().isEmpty else { throw refuse() }
      trivia()
      if isAtEnd, !pending.isEmpty {
        guard result.root != nil else { throw refuse() }
        result.root?.after += takePending()
      }
    }
    guard isAtEnd || isMarker else { throw refuse() }
    return result
  }

  /// The comments before what comes next, which takes them.
  private mutating func takePending() -> [LayoutComment] {
    defer { pending = [] }
    return pending
  }

  // MARK: - Lines

  /// Takes the comment at the end of a line, with the blanks before it, and goes to the next line.
  private mutating func lineEnd() throws(Refusal) -> String {
    let start = at
    while !isAtEnd, byte == 32 || byte == 9 { at += 1 }
    var comment = ""
    if byte == UInt8(ascii: "#") {
      guard at > start || column == 0 else { throw refuse() }
      comment = String(repeating: " ", count: max(1, at - start)) + restOfLine()
    }
    guard byte == 10 else { throw refuse() }
    nextLine()
    return comment
  }

  /// The text up to the end of the line, without blanks at its end.
  private mutating func restOfLine() -> String {
    let start = at
    while !isAtEnd, byte != 10 { at += 1 }
    var end = at
    while end > start, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func nextLine() {
    if !isAtEnd { at += 1 }
    lineStart = at
  }

  /// Takes blank lines and comments up to the next thing.
  private mutating func trivia() {
    while !isAtEnd {
      while !isAtEnd, byte == 32 || byte == 9 { at += 1 }
      if isAtEnd { return }
      if byte == UInt8(ascii: "#") {
        let column = column
        pending.append(
          LayoutComment(text: restOfLine(), column: column, isAfterBlank: isAfterBlank))
        isAfterBlank = false
        nextLine()
      } else if byte == 10 {
        isAfterBlank = true
        nextLine()
      } else {
        return
      }
    }
  }

  // MARK: - Blocks

  /// Reads a block whose first key or dash comes next.
  private mutating func block(_ node: LayoutNode) throws(Refusal) -> LayoutBlock {
    let column = column
    var block: LayoutBlock
    switch node.kind {
    case .mapping(let entries):
      block = LayoutBlock(isSequence: false)
      for (key, value) in entries {
        guard self.column == column, at == key.range.lowerBound else { throw refuse() }
        var entry = begin()
        try take(key, into: &entry)
        entry.value = try self.value(value, column)
        block.entries.append(entry)
      }
    case .sequence(let items):
      block = LayoutBlock(isSequence: true)
      for item in items {
        guard self.column == column, byte == UInt8(ascii: "-") else { throw refuse() }
        var entry = begin()
        at += 1
        entry.value = try value(item, column)
        block.entries.append(entry)
      }
    default: throw refuse()
    }
    let next = isAtEnd || isMarker || isEndMarker ? -1 : self.column
    // Comments as far in as the block belong to it, unless they stand with what comes next.
    let own = pending.prefix { $0.column >= column && column > next }.count
    block.after = Array(pending[..<own])
    pending.removeFirst(own)
    return block
  }

  private mutating func begin() -> LayoutEntry {
    defer { isAfterBlank = false }
    return LayoutEntry(before: takePending(), isAfterBlank: isAfterBlank, column: column)
  }

  private mutating func take(_ key: LayoutNode, into entry: inout LayoutEntry) throws(Refusal) {
    guard case .text = key.kind, !key.range.isEmpty else { throw refuse() }
    let text = bytes[key.range]
    // Keys marked by '?' and keys with anchors or tags stay as they are.
    guard let first = text.first, !"?&!*[{".utf8.contains(first), !text.contains(10) else {
      throw refuse()
    }
    entry.key = String(decoding: text, as: UTF8.self)
    entry.name = key.text
    at = key.range.upperBound
    while byte == 32 || byte == 9 { at += 1 }
    guard byte == UInt8(ascii: ":") else { throw refuse() }
    at += 1
  }

  /// Reads what stands after a colon or dash, and the comments and blank lines behind it.
  private mutating func value(
    _ node: LayoutNode, _ entryColumn: Int
  ) throws(Refusal) -> LayoutValue {
    var value = LayoutValue()
    value.head = properties()
    if byte == UInt8(ascii: "#") || byte == 10 { value.comment = try ownLineEnd(&value) }
    switch node.kind {
    case .text: try text(node, into: &value)
    case .block: try blockText(entryColumn, into: &value)
    case .mapping, .sequence: value.rest = .entries(try block(node))
    }
    return value
  }

  /// Anchor and tag.
  private mutating func properties() -> String {
    var words: [String] = []
    while true {
      while !isAtEnd, byte == 32 || byte == 9 { at += 1 }
      guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "!") else { break }
      let start = at
      while byte > 32 { at += 1 }
      words.append(String(decoding: bytes[start..<at], as: UTF8.self))
    }
    return words.joined(separator: " ")
  }

  /// The line ends before the value: its comment, and the way to the value.
  private mutating func ownLineEnd(_ value: inout LayoutValue) throws(Refusal) -> String {
    while at > lineStart, bytes[at - 1] == 32 || bytes[at - 1] == 9 { at -= 1 }
    let comment = try lineEnd()
    trivia()
    return comment
  }

  /// Reads a text that is no block, wherever it begins.
  private mutating func text(
    _ node: LayoutNode, into value: inout LayoutValue
  ) throws(Refusal) {
    value.text = node.text
    guard node.range.upperBound > at else {
      // Nothing is written; the line, or lines of comments, may be over already.
      if !isLineBegun { return }
      value.comment = try lineEnd()
      trivia()
      return
    }
    // A value below its key moves up; comments between the two have no place then.
    guard pending.isEmpty, at >= node.range.lowerBound else { throw refuse() }
    isAfterBlank = false
    var lines = bytes[at..<node.range.upperBound].split(
      separator: 10, omittingEmptySubsequences: false
    ).map(Array.init)
    let first = String(decoding: lines.removeFirst(), as: UTF8.self)
    value.head += (value.head.isEmpty ? "" : " ") + first
    if !lines.isEmpty {
      guard value.comment.isEmpty else { throw refuse() }
      value.rest = .lines(lines)
    }
    at = node.range.upperBound
    lineStart = at
    while lineStart > 0, bytes[lineStart - 1] != 10 { lineStart -= 1 }
    let comment = try lineEnd()
    guard value.comment.isEmpty || comment.isEmpty else { throw refuse() }
    value.comment += comment
    trivia()
  }

  /// Whether something of the line at hand was read already.
  private var isLineBegun: Bool {
    bytes[lineStart..<min(at, bytes.count)].contains { $0 != 32 && $0 != 9 }
  }

  /// Reads a literal or folded text.
  private mutating func blockText(
    _ entryColumn: Int, into value: inout LayoutValue
  ) throws(Refusal) {
    guard byte == UInt8(ascii: "|") || byte == UInt8(ascii: ">"), value.comment.isEmpty else {
      throw refuse()
    }
    let header = restOfLine()
    nextLine()
    let signs = header.utf8.prefix { $0 > 32 }
    let digit = signs.first { (0x31...0x39).contains($0) }.map { Int($0) - 0x30 }
    var indent = digit.map { entryColumn + $0 }
    var lines: [[UInt8]] = []
    /// How many lines count when those that are blank at the end do not, and where they end.
    var kept = (count: 0, end: at)
    while !isAtEnd {
      var end = at
      while end < bytes.count, bytes[end] != 10 { end += 1 }
      let line = bytes[at..<end]
      let blanks = line.prefix { $0 == 32 }.count
      let isBlank = blanks == line.count
      if !isBlank, blanks < indent ?? (entryColumn + 1) { break }
      if !isBlank, indent == nil { indent = blanks }
      lines.append(Array(line.dropFirst(min(blanks, indent ?? blanks))))
      at = end
      nextLine()
      if lines.last?.isEmpty == false || signs.contains(UInt8(ascii: "+")) {
        kept = (lines.count, at)
      }
    }
    isAfterBlank = lines.count > kept.count
    lines.removeLast(lines.count - kept.count)
    value.head += (value.head.isEmpty ? "" : " ") + header
    if let last = bytes.last, last != 10, isAtEnd, !lines.isEmpty, isAfterBlank == false {
      // The file ends without a line break, and so does the text; it will not be alone in that.
      let rest = header.dropFirst(signs.count)
      let style = header.prefix(1) + (digit.map { "\($0)" } ?? "")
      value.head = value.head.dropLast(header.count) + style + "-" + rest
    }
    value.rest = .block(lines, indent: digit ?? 2)
    trivia()
  }
}
