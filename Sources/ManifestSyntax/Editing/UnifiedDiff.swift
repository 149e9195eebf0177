/// Shows how two texts differ, as `diff -u` does.
public enum UnifiedDiff {
  /// Lines of context around a change.
  private static let context = 3
  /// How many lines may come and go before the search for the shortest answer is given up: its
  /// time and memory grow with the square.
  private static let changesMax = 1_000

  private enum Change { case keep, remove, add }

  private struct Row {
    var change: Change
    /// The line's position in the old text, and in the new one.
    var old: Int
    var new: Int
  }

  /// The difference between `old` and `new`; empty where there is none.
  ///
  /// - Parameter name: the file, shown as `a/name` and `b/name`.
  public static func text(
    from old: some Collection<UInt8>, to new: some Collection<UInt8>, name: String
  ) -> String {
    let before = lines(Array(old))
    let after = lines(Array(new))
    let rows = compare(before, after)
    guard rows.contains(where: { $0.change != .keep }) else { return "" }
    var result = "--- a/\(name)\n+++ b/\(name)\n"
    for hunk in hunks(rows) { result += print(rows[hunk], before, after) }
    return result
  }

  /// The lines with their line ends.
  private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines: [ArraySlice<UInt8>] = []
    var start = 0
    for (position, byte) in text.enumerated() where byte == 10 {
      lines.append(text[start...position])
      start = position + 1
    }
    if start < text.count { lines.append(text[start...]) }
    return lines
  }

  // MARK: - Comparing

  private static func compare(_ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]) -> [Row] {
    var head = 0
    while head < old.count, head < new.count, old[head] == new[head] { head += 1 }
    var tail = 0
    while tail < min(old.count, new.count) - head,
      old[old.count - tail - 1] == new[new.count - tail - 1]
    {
      tail += 1
    }
    var rows = (0..<head).map { Row(change: .keep, old: $0, new: $0) }
    let middle = shortest(old[head..<(old.count - tail)], new[head..<(new.count - tail)])
    rows += middle
    for back in (0..<tail).reversed() {
      rows.append(Row(change: .keep, old: old.count - back - 1, new: new.count - back - 1))
    }
    return rows
  }

  /// Myers' greedy search for the fewest changes, or all out and all in where they are too many.
  private static func shortest(
    _ old: ArraySlice<ArraySlice<UInt8>>, _ new: ArraySlice<ArraySlice<UInt8>>
  ) -> [Row] {
    let total = min(old.count + new.count, changesMax)
    var furthest = [Int](repeating: 0, count: 2 * total + 3)
    var trace: [[Int]] = []
    for changes in 0...total {
      trace.append(furthest)
      for diagonal in stride(from: -changes, through: changes, by: 2) {
        let at = diagonal + total + 1
        let goesDown =
          diagonal == -changes || diagonal != changes && furthest[at - 1] < furthest[at + 1]
        var x = goesDown ? furthest[at + 1] : furthest[at - 1] + 1
        while x < old.count, x - diagonal < new.count, x >= diagonal,
          old[old.startIndex + x] == new[new.startIndex + x - diagonal]
        {
          x += 1
        }
        furthest[at] = x
        if x >= old.count, x - diagonal >= new.count {
          return path(trace, middle: total + 1, old.indices, new.indices)
        }
      }
    }
    return old.indices.map { Row(change: .remove, old: $0, new: new.startIndex) }
      + new.indices.map { Row(change: .add, old: old.endIndex, new: $0) }
  }

  private static func path(
    _ trace: [[Int]], middle: Int, _ old: Range<Int>, _ new: Range<Int>
  ) -> [Row] {
    var rows: [Row] = []
    var x = old.count
    var y = new.count
    func row(_ change: Change) -> Row {
      Row(change: change, old: old.lowerBound + x, new: new.lowerBound + y)
    }
    for changes in (0..<trace.count).reversed() {
      let furthest = trace[changes]
      let diagonal = x - y
      let at = diagonal + middle
      let goesDown =
        diagonal == -changes || diagonal != changes && furthest[at - 1] < furthest[at + 1]
      let fromX = changes == 0 ? 0 : goesDown ? furthest[at + 1] : furthest[at - 1]
      let fromY = changes == 0 ? 0 : fromX - (goesDown ? diagonal + 1 : diagonal - 1)
      while x > fromX, y > fromY {
        x -= 1
        y -= 1
        rows.append(row(.keep))
      }
      guard changes > 0 else { break }
      x = fromX
      y = fromY
      rows.append(row(goesDown ? .add : .remove))
    }
    return rows.reversed()
  }

  // MARK: - Printing

  private static func hunks(_ rows: [Row]) -> [Range<Int>] {
    var hunks: [Range<Int>] = []
    for (position, row) in rows.enumerated() where row.change != .keep {
      let start = max(0, position - context)
      let end = min(rows.count, position + context + 1)
      if let last = hunks.last, last.upperBound >= start {
        hunks[hunks.count - 1] = last.lowerBound..<end
      } else {
        hunks.append(start..<end)
      }
    }
    return hunks
  }

  private static func print(
    _ rows: ArraySlice<Row>, _ old: [ArraySlice<UInt8>], _ new: [ArraySlice<UInt8>]
  ) -> String {
    let removed = rows.filter { $0.change != .add }.count
    let added = rows.filter { $0.change != .remove }.count
    guard let first = rows.first else { return "" }
    let head = "-\(range(first.old, removed)) +\(range(first.new, added))"
    var result = "@@ \(head) @@\n"
    for row in rows {
      switch row.change {
      case .keep: result += line(" ", old[row.old])
      case .remove: result += line("-", old[row.old])
      case .add: result += line("+", new[row.new])
      }
    }
    return result
  }

  /// `3,7`: from which line (from 1) how many; a range of none names the line before it.
  private static func range(_ start: Int, _ count: Int) -> String {
    count == 1 ? "\(start + 1)" : "\(count == 0 ? start : start + 1),\(count)"
  }

  private static func line(_ sign: String, _ bytes: ArraySlice<UInt8>) -> String {
    let text = sign + String(decoding: bytes, as: UTF8.self)
    return bytes.last == 10 ? text : text + "\n\\ No newline at end of file\n"
  }
}
