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
  let paint: Paint
  /// Whether only keys are shown, since the values are secret.
  var hidesValues = false
  /// What is never shown, since it is secret.
  var hidden: [Span] = []

  /// Adds the rows for `marks` to `text`, gutter included, whose numbers are `gutter` digits wide.
  func add(_ marks: [Mark], gutter: Int, to text: inout String) {
    if marks.count == 1, let mark = marks.first, addPlain(mark, gutter: gutter, to: &text) {
      return
    }
    for row in rows(marks, gutter: gutter) { text.addRow(row) }
  }

  /// The rows of a single mark in a line of plain characters that fits and hides nothing: nearly
  /// all are of that kind, and each byte of theirs is a column.
  ///
  /// - Returns: Whether it is of that kind.
  private func addPlain(_ mark: Mark, gutter: Int, to text: inout String) -> Bool {
    guard !hidesValues, hidden.isEmpty else { return false }
    let number = lines.line(of: mark.span.start)
    let line = contents(ofLine: number)
    let bytes = source.bytes[line]
    guard line.count <= width, bytes.allSatisfy({ 0x20..<0x7F ~= $0 }) else { return false }
    let margin = String(repeating: " ", count: gutter)
    let bar = paint.gutter("\(sourceMargin(number, gutter: gutter)) |")
    if line.isEmpty {
      text.addRow(bar)
    } else {
      text.addRow(bar, " ", String(decoding: bytes, as: UTF8.self))
    }
    let start = min(max(Int(mark.span.start), line.lowerBound), line.upperBound)
    let end = min(max(Int(mark.span.end), start), line.upperBound)
    text.addRow(
      paint.gutter("\(margin) |"), " ",
      underline(mark, before: start - line.lowerBound, under: end - start))
    return true
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

  private func sourceMargin(_ number: Int, gutter: Int) -> String {
    let digits = String(number)
    return String(repeating: " ", count: max(0, gutter - digits.utf8.count)) + digits
  }

  private func rows(_ marks: [Mark], gutter: Int) -> [String] {
    var rows: [String] = []
    var previous: Int?
    let byLine = Dictionary(grouping: marks) { lines.line(of: $0.span.start) }
    for number in byLine.keys.sorted() {
      if let previous, number == previous + 2 {
        rows.append(sourceRow(previous + 1, gutter: gutter, window(of: previous + 1, around: nil)))
      } else if let previous, number > previous + 1 {
        rows.append(paint.gutter("..."))
      }
      let here = (byLine[number] ?? []).sorted { $0.isPrimary && !$1.isPrimary }
      let window = window(of: number, around: here.first?.span)
      rows.append(sourceRow(number, gutter: gutter, window))
      for mark in here {
        let margin = String(repeating: " ", count: gutter)
        let bar = paint.gutter("\(margin) |")
        rows.append("\(bar) \(underline(mark, in: window))")
      }
      previous = number
    }
    return rows
  }

  private func sourceRow(_ number: Int, gutter: Int, _ glyphs: [Glyph]) -> String {
    let bar = paint.gutter("\(sourceMargin(number, gutter: gutter)) |")
    if glyphs.isEmpty { return bar }
    var text: [UInt8] = []
    text.reserveCapacity(glyphs.count + 8)
    for glyph in glyphs {
      if glyph.scalar == "\t" {
        text += repeatElement(0x20, count: glyph.width)
      } else {
        text += UTF8.encode(glyph.scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return "\(bar) \(String(decoding: text, as: UTF8.self))"
  }

  private func underline(_ mark: Mark, in glyphs: [Glyph]) -> String {
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
    return underline(mark, before: before, under: under)
  }

  private func underline(_ mark: Mark, before: Int, under: Int) -> String {
    let sign = mark.isPrimary ? "^" : "-"
    let signs = String(repeating: sign, count: max(1, under))
    let label = mark.label.isEmpty ? "" : " \(mark.label)"
    let marked = mark.isPrimary ? paint.primary(signs + label) : paint.secondary(signs + label)
    return String(repeating: " ", count: before) + marked
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

/// Colours for a terminal, or none.
struct Paint {
  var isOn: Bool
  /// The severity whose colour the primary marks take.
  var severity = Diagnostic.Severity.error

  func primary(_ text: String) -> String { wrap(text, Self.code(severity)) }
  func secondary(_ text: String) -> String { wrap(text, "1;34") }
  func gutter(_ text: String) -> String { wrap(text, "1;34") }
  func help(_ text: String) -> String { wrap(text, "1;32") }
  func bold(_ text: String) -> String { wrap(text, "1") }

  private static func code(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
