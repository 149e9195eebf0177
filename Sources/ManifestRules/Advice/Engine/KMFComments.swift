import ManifestSyntax

/// The comments of a text that speak to kmf: `# kmf: ignore[RES001] because …`.
struct KMFComment {
  /// What follows `kmf:`, without blanks around it.
  var text: String
  /// The comment, from its `#` to the end of its line.
  var span: Span
  /// Whether nothing but blanks stands before it on its line.
  var isAlone: Bool

  /// The comments of a document, in order; whatever looks like one inside a text is none.
  static func all(in source: SourceText, _ range: Range<Int>, _ tree: Tree?) -> [KMFComment] {
    guard source.contains("kmf:") else { return [] }
    let texts = tree.map { textSpans(in: $0, source) } ?? []
    var comments: [KMFComment] = []
    var lineStart = range.lowerBound
    while lineStart < range.upperBound {
      var end = lineStart
      while end < range.upperBound, source.bytes[end] != 10, source.bytes[end] != 13 { end += 1 }
      if let comment = comment(in: source, lineStart..<end, texts) { comments.append(comment) }
      lineStart = end + 1
    }
    return comments
  }

  private static func comment(
    in source: SourceText, _ line: Range<Int>, _ texts: [Span]
  ) -> KMFComment? {
    var isAlone = true
    for at in line {
      let byte = source.bytes[at]
      guard byte == UInt8(ascii: "#") else {
        if byte != 32, byte != 9 { isAlone = false }
        continue
      }
      let isStart = at == line.lowerBound || source.bytes[at - 1] == 32 || source.bytes[at - 1] == 9
      guard isStart else {
        isAlone = false
        continue
      }
      if texts.contains(where: { $0.start < UInt32(at) && UInt32(at) < $0.end }) {
        isAlone = false
        continue
      }
      let span = Span(start: UInt32(clamping: at), end: UInt32(clamping: line.upperBound))
      var words = source.text(span).dropFirst()
      while words.first == " " || words.first == "#" { words.removeFirst() }
      guard words.hasPrefix("kmf:") else { return nil }
      words = words.dropFirst(4)
      while words.first == " " { words.removeFirst() }
      while words.last == " " { words.removeLast() }
      return KMFComment(text: String(words), span: span, isAlone: isAlone)
    }
    return nil
  }

  /// Where quoted and block texts stand: a `#` in them is no comment. The first line of a block
  /// text is its header, which may end with a comment.
  private static func textSpans(in tree: Tree, _ source: SourceText) -> [Span] {
    var spans: [Span] = []
    func visit(_ node: NodeID) {
      switch tree.kind(node) {
      case .mapping:
        for (key, value) in tree.entries(node) {
          visit(key)
          visit(value)
        }
      case .sequence: for item in tree.items(node) { visit(item) }
      default:
        let span = tree.span(node)
        guard span.count > 1, Int(span.end) <= source.count else { return }
        let first = source.bytes[Int(span.start)]
        if first == UInt8(ascii: "|") || first == UInt8(ascii: ">") {
          var start = Int(span.start)
          while start < Int(span.end), source.bytes[start] != 10 { start += 1 }
          spans.append(Span(start: UInt32(clamping: start), end: span.end))
        } else {
          spans.append(span)
        }
      }
    }
    visit(.root)
    return spans
  }
}
