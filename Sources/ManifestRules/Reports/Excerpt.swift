import ManifestSyntax

/// Shows lines of a source with marks under them.
///
/// Works on bytes, so that a line of any length costs no more than what is shown of it. A character
/// is drawn as wide as a terminal draws it; tabs and characters that a terminal obeys are replaced.
struct Excerpt {
  /// Something to underline.
  struct Mark {
    var span: Span
    var isPrimary: Bool
    var label: String
  }

  /// One character as it is shown.
  private struct Glyph {
    /// A tab is shown as blanks, as many as it is wide.
    var scalar: Unicode.Scalar
    var width: Int
    var offset: Int
  }

  let source: SourceText
  let lines: LineTable
  /// The columns that text may take, gutter excluded.
  let width: Int
  /// Whether only keys are shown, since the values are secret.
  var hidesValues = false
  /// What is never shown, since it is secret.
  var hidden: [Span] = []

  /// Adds the rows for `marks` to `text`, gutter included, whose numbers are `gutter` digits wide.
  func add(_ marks: [Mark], gutter: Int, to text: inout ReportText) {
    if marks.count == 1, addPlain(marks[0], gutter: gutter, to: &text) { return }
    addRows(marks, gutter: gutter, to: &text)
  }

  /// Adds the rows of a single mark in a line of plain characters that fits and hides nothing:
  /// nearly all are of that kind, and each byte of theirs is a column.
  ///
  /// - Returns: Whether it is of that kind.
  private func addPlain(_ mark: Mark, gutter: Int, to text: inout ReportText) -> Bool {
    guard !hidesValues, hidden.isEmpty else { return false }
    let number = lines.line(of: mark.span.start)
    let line = contents(ofLine: number)
    let bytes = UnsafeRawBufferPointer(rebasing: source.bytes[line])
    guard line.count <= width, Escaping.isPlain(bytes) else { return false }
    addBar(number, gutter: gutter, to: &text)
    if !line.isEmpty {
      text.add(" ")
      text.add(bytes)
    }
    let start = min(max(Int(mark.span.start), line.lowerBound), line.upperBound)
    let end = min(max(Int(mark.span.end), start), line.upperBound)
    addBar(nil, gutter: gutter, to: &text)
    underline(mark, before: start - line.lowerBound, under: end - start, in: &text)
    return true
  }

  /// Begins a row: the number of its line, if any, and the bar.
  func addBar(_ number: Int?, gutter: Int, to text: inout ReportText) {
    text.add("\n")
    text.begin(.gutter)
    if let number {
      text.add(number, width: gutter)
    } else {
      text.add(" ", times: gutter)
    }
    text.add(" |")
    text.endPaint()
  }

  /// The bytes of a line without its break.
  private func contents(ofLine number: Int) -> Range<Int> {
    let line = lines.span(ofLine: number)
    var end = Int(line.end)
    while end > Int(line.start), source.bytes[end - 1] == 10 || source.bytes[end - 1] == 13 {
      end -= 1
    }
    return Int(line.start)..<end
  }

  private func addRows(_ marks: [Mark], gutter: Int, to text: inout ReportText) {
    var previous: Int?
    let byLine = Dictionary(grouping: marks) { lines.line(of: $0.span.start) }
    for number in byLine.keys.sorted() {
      if let previous, number == previous + 2 {
        let window = window(of: previous + 1, around: nil)
        addSource(previous + 1, gutter: gutter, window, to: &text)
      } else if let previous, number > previous + 1 {
        text.add("\n")
        text.add("...", .gutter)
      }
      let here = (byLine[number] ?? []).sorted { $0.isPrimary && !$1.isPrimary }
      let window = window(of: number, around: here.first?.span)
      addSource(number, gutter: gutter, window, to: &text)
      for mark in here {
        addBar(nil, gutter: gutter, to: &text)
        underline(mark, under: window, in: &text)
      }
      previous = number
    }
  }

  private func addSource(
    _ number: Int, gutter: Int, _ glyphs: [Glyph], to text: inout ReportText
  ) {
    addBar(number, gutter: gutter, to: &text)
    if glyphs.isEmpty { return }
    text.add(" ")
    for glyph in glyphs {
      if glyph.scalar == "\t" {
        text.add(" ", times: glyph.width)
      } else {
        text.add(UTF8.encode(glyph.scalar) ?? UTF8.encodedReplacementCharacter)
      }
    }
  }

  private func underline(_ mark: Mark, under glyphs: [Glyph], in text: inout ReportText) {
    var before = 0
    var under = 0
    for glyph in glyphs where glyph.offset >= 0 {
      if glyph.offset < Int(mark.span.start) {
        before += glyph.width
      } else if glyph.offset < Int(mark.span.end) {
        under += glyph.width
      }
    }
    if let first = glyphs.first, first.offset < 0 { before += first.width }
    underline(mark, before: before, under: under, in: &text)
  }

  private func underline(_ mark: Mark, before: Int, under: Int, in text: inout ReportText) {
    text.add(" ", times: 1 + before)
    text.begin(mark.isPrimary ? .primary : .secondary)
    text.add(mark.isPrimary ? "^" : "-", times: max(1, under))
    if !mark.label.isEmpty {
      text.add(" ")
      text.add(escaping: mark.label)
    }
    text.endPaint()
  }

  /// The part of a line that fits, so chosen that the beginning of `span` is in it.
  private func window(of number: Int, around span: Span?) -> [Glyph] {
    let line = contents(ofLine: number)
    let (start, end) = (line.lowerBound, line.upperBound)
    if hidesValues { return keyOnly(line) }
    let focus = min(max(span.map { Int($0.start) } ?? start, start), end)
    // Four bytes a character, and some that take no column.
    let reach = width * 6
    var from = max(start, focus - reach)
    while from > start, from < end, source.bytes[from] & 0xC0 == 0x80 { from -= 1 }
    let to = min(end, focus + reach)
    let glyphs = glyphs(from..<to)
    let isCut = from > start || to < end
    if !isCut, glyphs.reduce(0, { $0 + $1.width }) <= width { return glyphs }
    return fit(glyphs, focus: focus, isCutLeft: from > start, isCutRight: to < end)
  }

  /// A line up to its first value.
  private func keyOnly(_ line: Range<Int>) -> [Glyph] {
    let bytes = source.bytes[line]
    var keyStart = line.lowerBound
    while keyStart < line.upperBound, bytes[keyStart] == 0x20 || bytes[keyStart] == 0x2D {
      keyStart += 1
    }
    let signs = Array("._-/\"'".utf8)
    let keyEnd =
      bytes[keyStart...].firstIndex { byte in
        !(0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || signs.contains(byte))
      } ?? line.upperBound
    // Words without a colon behind them are no key.
    guard keyEnd < line.upperBound, bytes[keyEnd] == 0x3A, keyEnd - line.lowerBound < width - 4
    else { return [Glyph(scalar: "…", width: 1, offset: line.lowerBound)] }
    var end = keyEnd + 1
    if end < line.upperBound, bytes[end] == 0x20 { end += 1 }
    var shown = glyphs(line.lowerBound..<end)
    if end < line.upperBound { shown.append(Glyph(scalar: "…", width: 1, offset: end)) }
    return shown
  }

  private func fit(_ glyphs: [Glyph], focus: Int, isCutLeft: Bool, isCutRight: Bool) -> [Glyph] {
    let space = width - 2
    let middle = glyphs.firstIndex { $0.offset >= focus } ?? glyphs.count
    let tail = glyphs[middle...].reduce(0) { $0 + $1.width }
    let before = max(space / 3, space - tail)
    var first = middle
    var used = 0
    while first > 0, used + glyphs[first - 1].width <= before {
      first -= 1
      used += glyphs[first].width
    }
    var last = middle
    while last < glyphs.count, used + glyphs[last].width <= space {
      used += glyphs[last].width
      last += 1
    }
    // A negative offset: belongs to no byte, so no mark ever covers it.
    let dots = Glyph(scalar: "…", width: 1, offset: -1)
    var result = Array(glyphs[first..<last])
    if first > 0 || isCutLeft { result.insert(dots, at: 0) }
    if last < glyphs.count || isCutRight { result.append(dots) }
    return result
  }

  private func glyphs(_ range: Range<Int>) -> [Glyph] {
    var glyphs: [Glyph] = []
    glyphs.reserveCapacity(range.count)
    var offset = range.lowerBound
    for scalar in String(decoding: source.bytes[range], as: UTF8.self).unicodeScalars {
      let length = UTF8.width(scalar)
      // A byte-order mark takes no column: no editor shows it.
      if hidden.contains(where: { Int($0.start)..<Int($0.end) ~= offset }) {
        glyphs.append(Glyph(scalar: "•", width: 1, offset: offset))
      } else if scalar.value != 0xFEFF || offset > 0 {
        glyphs.append(Self.glyph(scalar, offset))
      }
      // Repaired text is longer than its bytes; stay inside the range.
      offset = min(offset + length, range.upperBound)
    }
    return glyphs
  }

  private static func glyph(_ scalar: Unicode.Scalar, _ offset: Int) -> Glyph {
    if scalar == "\t" { return Glyph(scalar: scalar, width: 4, offset: offset) }
    if Escaping.isUnprintable(scalar) { return Glyph(scalar: "\u{FFFD}", width: 1, offset: offset) }
    return Glyph(scalar: scalar, width: CharacterWidth.of(scalar), offset: offset)
  }
}

/// How many columns of a terminal a character takes.
enum CharacterWidth {
  /// Blocks that terminals draw two columns wide, by the East Asian Width property and emoji.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x23E9...0x23EC, 0x2E80...0x303E, 0x3041...0x33FF,
    0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
    0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
  ]

  /// 0 for characters that combine with the one before, 2 for wide ones, else 1.
  static func of(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }
}
