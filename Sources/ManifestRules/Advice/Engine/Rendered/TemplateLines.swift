import ManifestSyntax

/// Which line of a template each line of its rendered text was made from.
///
/// Helm does not say, so the texts are compared. What stands literally in both, in the same order,
/// belongs together: the pairing with the most such text is looked for, document by document. The
/// rest are lines that a loop repeats, which go where they fit best, and those that came out of a
/// value as a whole (`{{ toYaml .Values.resources }}`), which go to where the value stands.
struct TemplateLines: Sendable {
  /// Above this the best pairing is not looked for: both texts are thousands of lines long.
  private static let cellsMax = 1_000_000
  /// How far ahead, and around, lines of long texts are looked for.
  private static let reach = 200

  private let template: SourceText
  private let rendered: SourceText
  private let lines: [TemplateLine]
  private let renderedLines: [Range<Int>]
  private let renderedTable: LineTable
  /// The line of the template for each line of the rendered text; nil where none fits.
  private let origins: [Int?]

  init(template: SourceText, rendered: SourceText) {
    self.template = template
    self.rendered = rendered
    var isInAction = false
    lines = Self.ranges(LineTable(template)).map {
      TemplateLine(template.bytes, $0, isInAction: &isInAction)
    }
    renderedTable = LineTable(rendered)
    renderedLines = Self.ranges(renderedTable).map { Self.trimmed(rendered.bytes, $0) }
    origins = Self.pair(rendered.bytes, renderedLines, lines, template.bytes)
  }

  private static func ranges(_ table: LineTable) -> [Range<Int>] {
    (0..<table.lineCount).map {
      let span = table.span(ofLine: $0 + 1)
      return Int(span.start)..<Int(span.end)
    }
  }

  private static func trimmed(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) -> Range<Int> {
    var (from, to) = (line.lowerBound, line.upperBound)
    while from < to, bytes[from] == 0x20 { from += 1 }
    while to > from, [0x20, 0x0D, 0x0A].contains(bytes[to - 1]) { to -= 1 }
    return from..<to
  }

  // MARK: - Pairing

  private static func pair(
    _ bytes: UnsafeRawBufferPointer, _ renderedLines: [Range<Int>], _ lines: [TemplateLine],
    _ template: UnsafeRawBufferPointer
  ) -> [Int?] {
    let segments = parts(lines.indices) { isBreak(template, lines[$0].range) }
    var origins = [Int?](repeating: nil, count: renderedLines.count)
    for document in parts(renderedLines.indices, at: { isBreak(bytes, renderedLines[$0]) }) {
      let wanted = document.map { bytes[renderedLines[$0]] }
      var best: (score: Int, pairs: [Int?])?
      for segment in segments {
        let found = alignment(wanted, Array(lines[segment]))
        if found.score > best?.score ?? 0 {
          best = (found.score, found.pairs.map { $0.map { $0 + segment.lowerBound } })
        }
      }
      let pairs = best?.pairs ?? [Int?](repeating: nil, count: wanted.count)
      let filled = filled(pairs, wanted, lines)
      for (number, origin) in zip(document, filled) { origins[number] = origin }
    }
    return origins
  }

  /// The parts of `all` between the lines that separate documents.
  private static func parts(_ all: Range<Int>, at isBreak: (Int) -> Bool) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = all.lowerBound
    for number in all where isBreak(number) {
      parts.append(start..<number)
      start = number + 1
    }
    parts.append(start..<all.upperBound)
    return parts
  }

  private static func isBreak(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) -> Bool {
    bytes[line].starts(with: "---".utf8)
  }

  /// The pairing in one order with the most common text.
  private static func alignment(
    _ wanted: [UnsafeRawBufferPointer.SubSequence], _ lines: [TemplateLine]
  ) -> (score: Int, pairs: [Int?]) {
    var pairs = [Int?](repeating: nil, count: wanted.count)
    let width = lines.count + 1
    guard (wanted.count + 1) * width <= cellsMax else { return nearest(wanted, lines) }
    var likeness = [Int32](repeating: 0, count: wanted.count * lines.count)
    // The best sum of what follows each pair of places.
    var sums = [Int32](repeating: 0, count: (wanted.count + 1) * width)
    for left in wanted.indices.reversed() {
      for right in lines.indices.reversed() {
        let own =
          wanted[left].isEmpty ? 0 : Int32(clamping: lines[right].likeness(to: wanted[left]))
        likeness[left * lines.count + right] = own
        var sum = max(sums[(left + 1) * width + right], sums[left * width + right + 1])
        if own > 0 { sum = max(sum, sums[(left + 1) * width + right + 1] &+ own) }
        sums[left * width + right] = sum
      }
    }
    var (left, right) = (0, 0)
    while left < wanted.count, right < lines.count {
      let own = likeness[left * lines.count + right]
      let sum = sums[left * width + right]
      if own > 0, sum == sums[(left + 1) * width + right + 1] &+ own {
        pairs[left] = right
        left += 1
        right += 1
      } else if sum == sums[left * width + right + 1] {
        right += 1
      } else {
        left += 1
      }
    }
    return (Int(sums.first ?? 0), pairs)
  }

  /// A pairing in one order that takes what comes next, for long texts.
  private static func nearest(
    _ wanted: [UnsafeRawBufferPointer.SubSequence], _ lines: [TemplateLine]
  ) -> (score: Int, pairs: [Int?]) {
    var pairs = [Int?](repeating: nil, count: wanted.count)
    var score = 0
    var from = 0
    for (number, line) in wanted.enumerated() where !line.isEmpty {
      let ahead = from..<min(lines.count, from + reach)
      guard let found = ahead.first(where: { lines[$0].likeness(to: line) > 0 }) else { continue }
      pairs[number] = found
      score += lines[found].likeness(to: line)
      from = found + 1
    }
    return (score, pairs)
  }

  /// The pairing with the lines that it left open.
  private static func filled(
    _ pairs: [Int?], _ wanted: [UnsafeRawBufferPointer.SubSequence], _ lines: [TemplateLine]
  ) -> [Int?] {
    var pairs = pairs
    var last: Int?
    for number in pairs.indices {
      if let pair = pairs[number] {
        last = pair
        continue
      }
      if wanted[number].isEmpty { continue }
      let ahead = pairs[number...].prefix(reach)
      let next = ahead.lazy.compactMap { $0 }.first { $0 > last ?? -1 }
      if let value = insertion(in: lines, after: last, before: next) {
        pairs[number] = value
        continue
      }
      let isLong = wanted.count * lines.count > cellsMax
      let near = max(0, (last ?? 0) - reach)..<min(lines.count, (last ?? 0) + reach)
      let scored = (isLong ? near : lines.indices).map {
        (line: $0, score: lines[$0].likeness(to: wanted[number]))
      }
      let best = scored.max { left, right in
        let away = (abs(left.line - (last ?? 0)), abs(right.line - (last ?? 0)))
        return (left.score, away.1) < (right.score, away.0)
      }
      if let best, best.score > 0 {
        pairs[number] = best.line
        last = best.line
      }
    }
    return pairs
  }

  /// The value that stands between two paired lines.
  private static func insertion(
    in lines: [TemplateLine], after last: Int?, before next: Int?
  ) -> Int? {
    let from = last.map { $0 + 1 } ?? 0
    let to = next ?? lines.count
    guard from < to else { return nil }
    let found = lines[from..<to].firstIndex { $0.kind == .insertion }
    // Without a line that follows, only what stands right behind can be meant.
    if next == nil, let found, found > from + 2 { return nil }
    return found
  }

  // MARK: - Places

  /// The place in the template for a place in the rendered text; of what came out of an action,
  /// the action.
  func span(of place: Span) -> Span {
    let number = renderedTable.line(of: place.start) - 1
    guard let line = origin(near: number) else { return beginning }
    let range = lines[line].range
    guard renderedLines.indices.contains(number), origins[number] == line else {
      return Span(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
    }
    let end = min(Int(place.end), renderedLines[number].upperBound)
    let text = rendered.bytes[min(Int(place.start), end)..<end]
    if !text.isEmpty, let at = Self.occurrence(of: text, in: template.bytes[range]) {
      return Span(start: UInt32(at), end: UInt32(at + text.count))
    }
    return action(in: range)
  }

  /// The line that a rendered line was made from, or the one before it that is known.
  private func origin(near number: Int) -> Int? {
    guard origins.indices.contains(number) else { return nil }
    return origins[...number].lazy.reversed().compactMap { $0 }.first
  }

  /// Where the template begins to say something.
  private var beginning: Span {
    let first = lines.first { $0.kind != .code } ?? lines.first { !$0.range.isEmpty }
    let range = first?.range ?? 0..<0
    return Span(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
  }

  private func action(in range: Range<Int>) -> Span {
    let bytes = template.bytes[range]
    let open = Self.occurrence(of: Array("{{".utf8)[...], in: bytes)
    var end = range.upperBound
    while end - 2 > range.lowerBound, !template.bytes[(end - 2)..<end].elementsEqual("}}".utf8) {
      end -= 1
    }
    guard let open, open < end - 2 else {
      return Span(start: UInt32(range.lowerBound), end: UInt32(range.upperBound))
    }
    return Span(start: UInt32(open), end: UInt32(end))
  }

  private static func occurrence(
    of text: some RandomAccessCollection<UInt8>, in bytes: UnsafeRawBufferPointer.SubSequence
  ) -> Int? {
    var at = bytes.startIndex
    while at + text.count <= bytes.endIndex {
      if bytes[at..<(at + text.count)].elementsEqual(text) { return at }
      at += 1
    }
    return nil
  }
}
