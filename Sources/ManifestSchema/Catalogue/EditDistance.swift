/// How far two words are apart, for "did you mean".
public enum EditDistance {
  /// How many bytes must be added, removed, changed or swapped with their neighbour.
  ///
  /// Words of more than 256 bytes count as far from everything.
  /// - Parameter limit: More than this is not worth counting, and answered with `Int.max`.
  /// - Complexity: O(n·m) in the lengths of the words.
  public static func between(_ left: String, _ right: String, limit: Int = .max) -> Int {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count <= 256, right.count <= 256 else { return Int.max }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    var current = beforeLast
    var leastOfLast = 0
    for (row, byte) in left.enumerated() {
      current[0] = row + 1
      var least = row + 1
      for (column, other) in right.enumerated() {
        let change = last[column] + (byte == other ? 0 : 1)
        var best = min(change, last[column + 1] + 1, current[column] + 1)
        if row > 0, column > 0, byte == right[column - 1], left[row - 1] == other {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current[column + 1] = best
        least = min(least, best)
      }
      // No row is less than the two before it.
      if min(least, leastOfLast) > limit { return Int.max }
      leastOfLast = least
      swap(&beforeLast, &last)
      swap(&last, &current)
    }
    return last[right.count]
  }

  /// The word of `words` that `word` was probably meant to be; nil when none is near.
  ///
  /// Near is one slip for words of up to five letters, two up to nine, three beyond.
  public static func nearest(to word: String, in words: some Sequence<String>) -> String? {
    nearest(to: word, in: Array(words))
  }

  /// The same for an array.
  public static func nearest(to word: String, in words: [String]) -> String? {
    let sketch = Sketch(word)
    let slips = sketch.slips
    let lower = word.lowercased()
    var best: (word: String, distance: Int)?
    for candidate in words where sketch.mayBeNear(Sketch(candidate)) {
      let distance = between(lower, candidate.lowercased(), limit: slips)
      if distance <= slips, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// What tells at a glance that two words are far apart. Whoever looks for words near to others
  /// again and again keeps one of each.
  public struct Sketch: Sendable {
    private let count: Int
    /// Which letters the word has, in whatever case, a bit each; nil where it has others than
    /// ASCII's.
    private let letters: UInt64?

    public init(_ word: String) {
      count = word.utf8.count
      var letters: UInt64? = 0
      for byte in word.utf8 {
        letters = byte < 0x80 ? letters.map { $0 | 1 << UInt64((byte | 0x20) & 0x3F) } : nil
      }
      self.letters = letters
    }

    /// How many slips lead to a word that is near.
    fileprivate var slips: Int { count <= 5 ? 1 : count <= 9 ? 2 : 3 }

    /// Which words of `candidates` may be near this one.
    public func positions(ofNearIn candidates: [Sketch]) -> [Int] {
      candidates.indices.filter { mayBeNear(candidates[$0]) }
    }

    /// Whether the word of `candidate` may be near this one.
    public func mayBeNear(_ candidate: Sketch) -> Bool {
      guard abs(candidate.count - count) <= slips else { return false }
      guard let letters, let others = candidate.letters else { return true }
      // A slip takes away one letter and adds one, at most.
      return (letters ^ others).nonzeroBitCount <= 2 * slips
    }
  }
}
