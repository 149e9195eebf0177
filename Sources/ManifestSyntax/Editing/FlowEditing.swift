extension FieldEditing {
  /// `a: {b: 1}`, or the same in JSON.
  func inFlow(_ names: [String], _ spelling: String, _ style: NodeStyle) -> String {
    var result = spelling
    for (depth, name) in names.reversed().enumerated() {
      let entry = "\(EditText.key(name, in: style)): \(result)"
      result = depth == names.count - 1 ? entry : "{\(entry)}"
    }
    return result
  }

  /// Adds an entry after the last one of a mapping in braces, laid out as that one is.
  func addToFlow(_ names: [String], _ value: String, _ container: NodeID) -> [[TextEdit]] {
    let style = tree.style(container)
    return EditText.spellings(of: value, in: style).compactMap { spelling in
      addEntry(inFlow(names, spelling, style), to: container)
    }
  }

  private func addEntry(_ entry: String, to container: NodeID) -> [TextEdit]? {
    let close = Int(tree.span(container).end) - 1
    guard let last = parts(of: container).last else {
      guard let open = text.last("{", before: close) else { return nil }
      return [insertion(at: open + 1, entry)]
    }
    let after = text.skippingSpace(from: last.end)
    let hasComma = after < close && text[after] == UInt8(ascii: ",")
    let end = hasComma ? after + 1 : last.end
    let lineStart = text.lineStart(of: last.start)
    let lineEnd = text.lineEnd(of: end)
    let isAlone = text.isBlank(lineStart..<last.start)
    if isAlone, lineStart > Int(tree.span(container).start) {
      let line = text.newline + text.string(lineStart..<last.start) + entry
      // A comment after the last entry stays beside it.
      let at = lineEnd < close ? lineEnd : end
      return (hasComma ? [] : [insertion(at: end, ",")]) + [insertion(at: at, line)]
    }
    return [insertion(at: end, (hasComma ? "" : ",") + (isTight(last) ? "" : " ") + entry)]
  }

  /// Whether the text leaves no space after colons: JSON written for machines.
  private func isTight(_ part: Part) -> Bool {
    guard let key = part.key, let colon = text.colon(after: Int(tree.span(key).end)) else {
      return false
    }
    return colon + 1 < text.count && text[colon + 1] != 32 && text[colon + 1] != 10
  }

  /// Removes a part of a list or mapping in brackets with the comma that parted it from the rest.
  func removeFromFlow(_ number: Int, of parts: [Part], _ container: NodeID) -> [TextEdit] {
    let part = parts[number]
    if parts.count == 1 {
      var start = part.start
      while start > 0, text.isSpace(start - 1) { start -= 1 }
      return [change(start..<Int(tree.span(container).end) - 1, "")]
    }
    if number + 1 < parts.count { return [change(part.start..<parts[number + 1].start, "")] }
    return [change(parts[number - 1].end..<part.end, "")]
  }
}

/// Looks around in a text: lines, columns, and the signs that hold YAML together.
struct TextCursor {
  private let source: SourceText
  /// The line end that the text uses.
  let newline: String

  init(_ source: SourceText) {
    self.source = source
    var end = 0
    while end < source.count, source.bytes[end] != 10, source.bytes[end] != 13 { end += 1 }
    let isReturn = end < source.count && source.bytes[end] == 13
    let isPair = isReturn && end + 1 < source.count && source.bytes[end + 1] == 10
    newline = isPair ? "\r\n" : isReturn ? "\r" : "\n"
  }

  var count: Int { source.count }
  subscript(offset: Int) -> UInt8 { source.bytes[offset] }

  func string(_ range: Range<Int>) -> String {
    String(decoding: source.bytes[range], as: UTF8.self)
  }

  private func isBreak(_ offset: Int) -> Bool { self[offset] == 10 || self[offset] == 13 }
  func isSpace(_ offset: Int) -> Bool {
    self[offset] == 32 || self[offset] == 9 || isBreak(offset)
  }

  func isBlank(_ range: Range<Int>) -> Bool { range.allSatisfy { self[$0] == 32 || self[$0] == 9 } }

  /// Where the line of `offset` begins; a byte-order mark is not part of it.
  func lineStart(of offset: Int) -> Int {
    var start = min(offset, count)
    while start > 0, !isBreak(start - 1) { start -= 1 }
    if start == 0, count >= 3, self[0] == 0xEF, self[1] == 0xBB, self[2] == 0xBF { start = 3 }
    return start
  }

  /// Where the text of the line of `offset` ends, before its line end.
  func lineEnd(of offset: Int) -> Int {
    var end = offset
    while end < count, !isBreak(end) { end += 1 }
    return end
  }

  /// Where the line after that of `offset` begins.
  func nextLine(after offset: Int) -> Int {
    let end = lineEnd(of: offset)
    guard end < count else { return end }
    return self[end] == 13 && end + 1 < count && self[end + 1] == 10 ? end + 2 : end + 1
  }

  /// Where the text of the line before `lineStart` ends.
  func endOfLine(before lineStart: Int) -> Int {
    guard lineStart > 0 else { return 0 }
    let isPair = lineStart > 1 && self[lineStart - 1] == 10 && self[lineStart - 2] == 13
    return lineStart - (isPair ? 2 : 1)
  }

  /// How many columns stand before `offset` on its line.
  func column(of offset: Int) -> Int {
    (lineStart(of: offset)..<max(lineStart(of: offset), offset))
      .reduce(0) { self[$1] & 0xC0 == 0x80 ? $0 : $0 + 1 }
  }

  func skippingSpace(from offset: Int) -> Int {
    var at = offset
    while at < count, isSpace(at) { at += 1 }
    return at
  }

  /// The colon that ends a key.
  func colon(after offset: Int) -> Int? {
    let at = skippingSpace(from: offset)
    return at < count && self[at] == UInt8(ascii: ":") ? at : nil
  }

  /// The dash of an item that begins at `offset`; comments may stand between.
  func dash(before offset: Int) -> Int? {
    var at = offset
    while true {
      while at > 0, isSpace(at - 1) { at -= 1 }
      guard at > 0 else { return nil }
      if self[at - 1] == UInt8(ascii: "-") { return at - 1 }
      var comment = lineStart(of: at - 1)
      while comment < at, isSpace(comment) || self[comment] == UInt8(ascii: "-") { comment += 1 }
      guard comment < at, self[comment] == UInt8(ascii: "#") else { return nil }
      at = comment
    }
  }

  /// The last `sign` before `offset`.
  func last(_ sign: Unicode.Scalar, before offset: Int) -> Int? {
    (0..<max(0, offset)).last { self[$0] == UInt8(ascii: sign) }
  }

  /// Where an alias or another word ends.
  func wordEnd(from offset: Int) -> Int {
    var end = offset
    while end < count, !isSpace(end), !",[]{}".utf8.contains(self[end]) { end += 1 }
    return end
  }

  /// Where what stands at `offset` begins, its anchor and tag included.
  func start(withProperties offset: Int) -> Int {
    var start = offset
    while true {
      var end = start
      while end > 0, self[end - 1] == 32 { end -= 1 }
      var word = end
      while word > 0, !isSpace(word - 1), !",[]{}".utf8.contains(self[word - 1]) { word -= 1 }
      guard word < end, self[word] == UInt8(ascii: "&") || self[word] == UInt8(ascii: "!") else {
        return start
      }
      start = word
    }
  }
}
