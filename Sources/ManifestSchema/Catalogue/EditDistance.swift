/// How far two words are apart, for "did you mean".
public enum EditDistance {
  /// How many bytes must be added, removed, changed or swapped with their neighbour.
  ///
  /// Words of more than 256 bytes count as far from everything.
  /// - Complexity: O(n·m) in the lengths of the words.
  public static func between(_ left: String, _ right: String) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count <= 256, right.count <= 256 else { return Int.max }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var current = beforeLast
    for (row, byte) in left.enumerated() {
      current[0] = row + 1
      for (column, other) in right.enumerated() {
        let change = last[column] + (byte == other ? 0 : 1)
        var best = min(change, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current[column + 1] = best
      }
      swap(&beforeLast, &last)
      swap(&last, &current)
    }
    return last[right.count]
  }

  /// The word of `words` that `word` was probably meant to be; nil when none is near.
  ///
  /// Near is one slip for words of up to five letters, two up to nine, three beyond.
  public static func nearest(to word: String, in words: some Sequence<String>) -> String? {
    let slips = word.utf8.count <= 5 ? 1 : word.utf8.count <= 9 ? 2 : 3
    var best: (word: String, distance: Int)?
    for candidate in words where abs(candidate.utf8.count - word.utf8.count) <= slips {
      let distance = between(word.lowercased(), candidate.lowercased())
      if distance <= slips, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }
}
