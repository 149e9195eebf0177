/// Makes inputs that nobody would write out of ones that somebody wrote.
struct Mutator {
  private var chance: Chance
  private let seeds: [[UInt8]]
  /// Larger inputs say nothing more and take longer.
  private static let bytesMax = 40_000

  init(seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    chance = Chance(seed: seed)
  }

  /// The next input.
  mutating func next() -> [UInt8] {
    if chance.happens(4) { return monster() }
    var bytes = Array(chance.one(of: seeds).prefix(Self.bytesMax))
    for _ in 0..<(1 + chance.below(chance.happens(30) ? 12 : 3)) { change(&bytes) }
    return Array(bytes.prefix(2 * Self.bytesMax))
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    switch chance.below(15) {
    case 0, 1: flip(&bytes)
    case 2, 3, 4: splice(chance.one(of: Tokens.all), into: &bytes)
    case 5: changeLine(&bytes) { line, _ in line + line }
    case 6: changeLine(&bytes) { _, _ in [] }
    case 7: changeLine(&bytes) { line, chance in [32, 32][..<(1 + chance.below(2))] + line }
    case 8: changeLine(&bytes) { line, chance in Array(line.dropFirst(1 + chance.below(3))) }
    case 9: crossOver(&bytes)
    case 10: bytes.removeLast(chance.below(bytes.count))
    case 11, 12: replaceValue(&bytes)
    case 13: repeatBlock(&bytes)
    default: replaceWord(&bytes)
    }
  }

  private mutating func flip(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    for _ in 0...chance.below(3) {
      let at = chance.below(bytes.count)
      bytes[at] =
        chance.happens(50)
        ? UInt8(truncatingIfNeeded: chance.next()) : bytes[at] ^ (1 << UInt8(chance.below(8)))
    }
  }

  private mutating func splice(_ token: String, into bytes: inout [UInt8]) {
    let at = chance.below(bytes.count + 1)
    let length = chance.happens(50) ? min(chance.below(8), bytes.count - at) : 0
    bytes.replaceSubrange(at..<(at + length), with: Array(token.utf8))
  }

  private mutating func changeLine(
    _ bytes: inout [UInt8], _ change: ([UInt8], inout Chance) -> [UInt8]
  ) {
    let range = line(in: bytes)
    bytes.replaceSubrange(range, with: change(Array(bytes[range]), &chance))
  }

  /// A line with its end.
  private mutating func line(in bytes: [UInt8]) -> Range<Int> {
    guard !bytes.isEmpty else { return 0..<0 }
    let at = chance.below(bytes.count)
    let start = bytes[..<at].lastIndex(of: 10).map { $0 + 1 } ?? 0
    let end = bytes[at...].firstIndex(of: 10).map { $0 + 1 } ?? bytes.count
    return start..<max(start, end)
  }

  private mutating func crossOver(_ bytes: inout [UInt8]) {
    let other = chance.one(of: seeds).prefix(Self.bytesMax)
    let from = chance.below(other.count)
    let part = other.dropFirst(from).prefix(1 + chance.below(400))
    let at = chance.below(bytes.count + 1)
    if chance.happens(20) { bytes.insert(contentsOf: Array("\n---\n".utf8), at: at) }
    bytes.insert(contentsOf: part, at: at)
  }

  /// Puts something else after the colon of a line: the input stays YAML, its meaning does not.
  private mutating func replaceValue(_ bytes: inout [UInt8]) {
    let range = line(in: bytes)
    guard let colon = bytes[range].firstIndex(of: UInt8(ascii: ":")) else { return }
    let hasEnd = bytes[range].last == 10
    let value = " " + chance.one(of: Tokens.values)
    bytes.replaceSubrange(
      (colon + 1)..<range.upperBound, with: Array(value.utf8) + (hasEnd ? [10] : []))
  }

  private mutating func replaceWord(_ bytes: inout [UInt8]) {
    let range = line(in: bytes)
    guard let start = bytes[range].firstIndex(where: { $0 > 32 }) else { return }
    let end = bytes[start..<range.upperBound].firstIndex { $0 <= 32 || $0 == 58 }
    bytes.replaceSubrange(
      start..<(end ?? range.upperBound), with: Array(chance.one(of: Tokens.words).utf8))
  }

  private mutating func repeatBlock(_ bytes: inout [UInt8]) {
    let first = line(in: bytes)
    let end = min(bytes.count, first.upperBound + chance.below(300))
    let block = Array(bytes[first.lowerBound..<end])
    let times = chance.happens(10) ? 60 : 1 + chance.below(4)
    for _ in 0..<times where bytes.count < Self.bytesMax {
      bytes.insert(contentsOf: block, at: end)
    }
  }

  /// Inputs made to be too much.
  private mutating func monster() -> [UInt8] {
    let head = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n"
    let count = 1 + chance.below(3000)
    let text: String
    switch chance.below(9) {
    case 0: text = head + "  a: " + String(repeating: "[", count: count)
    case 1:
      text = String(repeating: "{\"a\":", count: count) + "1" + String(repeating: "}", count: count)
    case 2: text = (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    case 3: text = bomb()
    case 4: text = head + "  n: " + String(repeating: "9", count: count * 4)
    case 5: text = head + "  n: 1e" + String(repeating: "9", count: count)
    case 6: text = String(repeating: "- ", count: count)
    case 7: text = head + (0..<count).map { "  k\($0): &a\($0) *a\(max(0, $0 - 1))\n" }.joined()
    default:
      text =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n"
        + (0..<min(count, 800)).map { "  - {name: c\($0), image: i}\n" }.joined()
    }
    var bytes = Array(text.utf8)
    if chance.happens(40) { change(&bytes) }
    return bytes
  }

  private mutating func bomb() -> String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...(2 + chance.below(20)) {
      let items = (0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", ")
      text +=
        chance.happens(80)
        ? "a\(level): &a\(level) [\(items)]\n" : "a\(level): &a\(level)\n  <<: [\(items)]\n"
    }
    return text
  }
}
