import CLibYAML

extension SourceText {
  /// Where the next document marker line (`---` at the start of a line) begins, at or after
  /// `offset`.
  ///
  /// A marker in the first column ends a document even inside a block or quoted scalar, so this
  /// needs no parser.
  func documentMarker(from offset: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var at = offset
    while at < count {
      let isLineStart = at == 0 || bytes[at - 1] == 10 || bytes[at - 1] == 13
      if isLineStart, isMarker(at) { return at }
      guard let end = memchr(base + at, 10, count - at) else { return nil }
      at = UnsafeRawPointer(end) - base + 1
    }
    return nil
  }

  /// Whether `---` stands by itself at `at`, which must be the start of a line.
  func isMarker(_ at: Int) -> Bool {
    guard at + 3 <= count, bytes[at] == 45, bytes[at + 1] == 45, bytes[at + 2] == 45 else {
      return false
    }
    guard at + 3 < count else { return true }
    return [9, 10, 13, 32].contains(bytes[at + 3])
  }

  /// Splits the text before document markers into about `count` ranges of like size, so that
  /// several workers can each read one. Directives stay with their document.
  public func chunks(_ wanted: Int) -> [Range<Int>] {
    guard wanted > 1, count > 0 else { return [0..<count] }
    var ranges: [Range<Int>] = []
    var start = 0
    while ranges.count + 1 < wanted {
      let aim = start + (count - start) / (wanted - ranges.count)
      guard let marker = documentMarker(from: aim), marker > start, !followsDirective(marker) else {
        break
      }
      ranges.append(start..<marker)
      start = marker
    }
    ranges.append(start..<count)
    return ranges
  }

  private func followsDirective(_ marker: Int) -> Bool {
    var end = marker - 1
    while end > 0, bytes[end - 1] == 13 { end -= 1 }
    var start = end
    while start > 0, bytes[start - 1] != 10 { start -= 1 }
    return start < end && bytes[start] == 37
  }
}
