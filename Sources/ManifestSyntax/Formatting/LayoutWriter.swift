/// Writes documents in the one layout: two spaces a level, lists as far left as their key, keys in
/// the order of a ranker, never two blank lines in a row.
struct LayoutWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(
    _ document: LayoutScanner.Document, isMarked: Bool, isFirst: Bool, _ ranker: (any KeyRanker)?
  ) {
    var isFresh = isFirst
    write(document.beforeMarker, 0, isFresh: &isFresh)
    if isMarked { line("---" + document.markerComment, 0) }
    isFresh = true
    write(document.head, 0, isFresh: &isFresh)
    guard let root = document.root else { return }
    if document.isHeadApart, !isFresh { line("", 0) }
    write(root, 0, ranker)
  }

  private mutating func line(_ text: String, _ indent: Int) {
    if !text.isEmpty {
      pad(indent)
      bytes += text.utf8
    }
    bytes.append(10)
  }

  private mutating func pad(_ count: Int) {
    for _ in 0..<count { bytes.append(32) }
  }

  /// - Parameter isFresh: whether nothing stands above yet: a blank line would part nothing.
  private mutating func write(_ comments: [LayoutComment], _ indent: Int, isFresh: inout Bool) {
    for comment in comments {
      if comment.isAfterBlank, !isFresh { line("", 0) }
      line(comment.text, indent)
      isFresh = false
    }
  }

  /// - Parameter isOpen: whether the first entry goes on after a dash.
  private mutating func write(
    _ block: LayoutBlock, _ indent: Int, _ ranker: (any KeyRanker)?, isOpen: Bool = false
  ) {
    let (entries, ranker) = Self.ordered(block, ranker)
    var isFresh = true
    for (position, entry) in entries.enumerated() {
      let isOnDashLine = isOpen && position == 0
      if !isOnDashLine {
        write(entry.before, indent, isFresh: &isFresh)
        if entry.isAfterBlank, !isFresh { line("", 0) }
      }
      let inside = block.isSequence ? ranker?.item() : ranker?.inside(entry.name)
      if block.isSequence {
        writeItem(entry, indent, inside, isOpen: isOnDashLine)
      } else {
        if !isOnDashLine { pad(indent) }
        bytes += entry.key.utf8
        bytes.append(UInt8(ascii: ":"))
        writeValue(entry, indent, inside)
      }
      isFresh = false
    }
    write(block.after, indent, isFresh: &isFresh)
  }

  /// The entries in their order, and the ranker for what is in them.
  private static func ordered(
    _ block: LayoutBlock, _ ranker: (any KeyRanker)?
  ) -> ([LayoutEntry], (any KeyRanker)?) {
    guard !block.isSequence, let ranker else { return (block.entries, ranker) }
    let settled = ranker.settled { name in
      block.entries.first { $0.name == name }?.value.text
    }
    let ranked = block.entries.enumerated().map { (settled.rank($0.element.name), $0.offset) }
    return (ranked.sorted { $0 < $1 }.map { block.entries[$0.1] }, settled)
  }

  // MARK: - Items

  private mutating func writeItem(
    _ entry: LayoutEntry, _ indent: Int, _ ranker: (any KeyRanker)?, isOpen: Bool
  ) {
    guard case .entries(let block) = entry.value.rest, entry.value.head.isEmpty else {
      if !isOpen { pad(indent) }
      bytes.append(UInt8(ascii: "-"))
      return writeValue(entry, indent, ranker)
    }
    // What stood between the dash and its first key stands above the dash.
    if !isOpen {
      var isFresh = true
      write(Self.commentsBeforeText(of: entry, ranker), indent, isFresh: &isFresh)
      pad(indent)
    }
    bytes += [UInt8(ascii: "-"), 32]
    write(block, indent + 2, ranker, isOpen: true)
  }

  /// The comments of an item that stand behind its dash, before its first text.
  private static func commentsBeforeText(
    of entry: LayoutEntry, _ ranker: (any KeyRanker)?
  ) -> [LayoutComment] {
    guard case .entries(let block) = entry.value.rest, entry.value.head.isEmpty else { return [] }
    var comments: [LayoutComment] = []
    if !entry.value.comment.isEmpty {
      let text = String(entry.value.comment.drop { $0 == " " })
      comments.append(LayoutComment(text: text, column: 0, isAfterBlank: false))
    }
    let (entries, settled) = ordered(block, ranker)
    guard let first = entries.first else { return comments }
    comments += first.before.map { comment in
      var comment = comment
      comment.isAfterBlank = false
      return comment
    }
    return block.isSequence
      ? comments + commentsBeforeText(of: first, settled?.item()) : comments
  }

  // MARK: - Values

  /// Writes what stands after a colon or dash.
  private mutating func writeValue(
    _ entry: LayoutEntry, _ indent: Int, _ ranker: (any KeyRanker)?
  ) {
    let value = entry.value
    if !value.head.isEmpty { bytes += " \(value.head)".utf8 }
    // A text of several lines has its comment behind the last one.
    if case .lines(let lines) = value.rest {
      writeLines(lines, shift: indent - entry.column, least: indent + 2)
    }
    bytes += value.comment.utf8
    bytes.append(10)
    switch value.rest {
    case .none, .lines: return
    case .block(let lines, let further):
      for line in lines {
        if !line.isEmpty { pad(indent + further) }
        bytes += line
        bytes.append(10)
      }
    case .entries(let block):
      let isInItem = entry.key.isEmpty
      write(block, indent + (block.isSequence && !isInItem ? 0 : 2), ranker)
    }
  }

  private mutating func writeLines(_ lines: [[UInt8]], shift: Int, least: Int) {
    for line in lines {
      bytes.append(10)
      let text = line.drop { $0 == 32 || $0 == 9 }
      if text.isEmpty { continue }
      pad(max(least, line.count - text.count + shift))
      bytes += text
    }
  }
}
