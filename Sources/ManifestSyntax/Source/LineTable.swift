import CLibYAML

/// Finds lines and columns of byte offsets; made once for a source that has something to report.
public struct LineTable: Sendable {
  private let source: SourceText
  private let starts: [UInt32]
  /// For very long lines, the column at every ``stride`` bytes: a generated one-line file may have
  /// thousands of findings.
  private var landmarks: [Int: [Int]] = [:]
  private static let stride = 4096

  /// Finds all line starts. A line ends with LF, CR LF or a lone CR, as editors count.
  public init(_ source: SourceText) {
    self.source = source
    var starts: [UInt32] = [0]
    // Manifests have about twenty bytes a line.
    starts.reserveCapacity(source.count / 16)
    if let base = source.bytes.baseAddress {
      let hasReturns = memchr(base, 13, source.count) != nil
      if hasReturns {
        Self.appendStartsAfterReturns(source.bytes, to: &starts)
      } else {
        var at = 0
        while at < source.count, let end = memchr(base + at, 10, source.count - at) {
          at = UnsafeRawPointer(end) - base + 1
          starts.append(UInt32(truncatingIfNeeded: at))
        }
      }
    }
    self.starts = starts
    for line in starts.indices {
      let end = line + 1 < starts.count ? Int(starts[line + 1]) : source.count
      if end - Int(starts[line]) > 4 * Self.stride {
        landmarks[line + 1] = columns(from: line, to: end)
      }
    }
  }

  private func columns(from line: Int, to end: Int) -> [Int] {
    var columns: [Int] = []
    var column = 1
    let start = Int(starts[line])
    for at in start..<end {
      if (at - start) % Self.stride == 0 { columns.append(column) }
      if source.bytes[at] & 0xC0 != 0x80 { column += 1 }
    }
    return columns
  }

  private static func appendStartsAfterReturns(
    _ bytes: UnsafeRawBufferPointer, to starts: inout [UInt32]
  ) {
    var at = 0
    while at < bytes.count {
      if bytes[at] == 13, at + 1 < bytes.count, bytes[at + 1] == 10 { at += 1 }
      if bytes[at] == 10 || bytes[at] == 13 { starts.append(UInt32(truncatingIfNeeded: at + 1)) }
      at += 1
    }
  }

  /// How many lines there are; text after the last line end counts as one.
  public var lineCount: Int { starts.count }

  /// The line (from 1) that holds the byte at `offset`.
  public func line(of offset: UInt32) -> Int {
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return low + 1
  }

  /// Line and column of the byte at `offset`; the column counts Unicode scalars from 1.
  public func position(of offset: UInt32) -> Position {
    let line = line(of: offset)
    var column = 1
    var at = Int(starts[line - 1])
    // A byte-order mark takes no column: no editor shows it.
    if at == 0, source.count >= 3, source.bytes[0] == 0xEF, source.bytes[1] == 0xBB { at = 3 }
    if let columns = landmarks[line], Int(offset) > at {
      let mark = min((Int(offset) - at) / Self.stride, columns.count - 1)
      column = columns[mark]
      at += mark * Self.stride
    }
    while at < min(Int(offset), source.count) {
      if source.bytes[at] & 0xC0 != 0x80 { column += 1 }
      at += 1
    }
    return Position(line: line, column: column)
  }

  /// The text of line `number` (from 1) without its line end.
  public func text(ofLine number: Int) -> String {
    guard number >= 1, number <= starts.count else { return "" }
    let start = Int(starts[number - 1])
    var end = number < starts.count ? Int(starts[number]) : source.count
    while end > start, source.bytes[end - 1] == 10 || source.bytes[end - 1] == 13 { end -= 1 }
    return String(decoding: source.bytes[start..<end], as: UTF8.self)
  }

  /// Where line `number` (from 1) begins and ends, its line end included.
  public func span(ofLine number: Int) -> Span {
    let start = starts[number - 1]
    let end = number < starts.count ? starts[number] : UInt32(truncatingIfNeeded: source.count)
    return Span(start: start, end: end)
  }
}
