import Testing

@testable import ManifestSyntax

/// What the sample below is printed as.
private let printed = #"""
  name: web
  empty: {}
  none: []
  nothing: null
  count: 3
  share: 0.5
  list:
  - a
  - k: v
    inner:
    - x
  - - 1
    - 2
  quoted:
  - "yes"
  - "1"
  - ""
  - "null"
  - "1e3"
  - "0644"
  - "12:30"
  - "2024-01-31"
  - "<<"
  - "~"
  odd:
  - 'a: b'
  - '- a'
  - '# a'
  - it's
  - ''''
  - 'a #b'
  - 'a:'
  - :a
  - '*a'
  - ' a'
  - '%a'
  - '---'
  escaped:
  - "tab\there"
  - "\U0001F600"
  - "\x7F"
  - "a\r\n"
  plain:
  - a#b
  - a:b
  - -a
  - ?a
  - 12:3x
  - ü
  - a b
  - =
  - x="1"
  text: |-
    a
    b
  ended: |
    a
    b
  kept: |+
    a

  indented: |2
      a
    b
  bad: "a \nb"
  'a key: odd': 1
  "yes": true

  """#

@Test("values are printed as kubectl prints them")
func printsLikeKubectl() {
  let quoted: Value = ["yes", "1", "", "null", "1e3", "0644", "12:30", "2024-01-31", "<<", "~"]
  let odd: Value = [
    "a: b", "- a", "# a", "it's", "'", "a #b", "a:", ":a", "*a", " a", "%a", "---",
  ]
  let value: Value = [
    "name": "web", "empty": [:], "none": [], "nothing": .null, "count": 3, "share": .double(0.5),
    "list": ["a", ["k": "v", "inner": ["x"]], [1, 2]], "quoted": quoted, "odd": odd,
    "escaped": ["tab\there", "\u{1F600}", "\u{7F}", "a\r\n"],
    "plain": ["a#b", "a:b", "-a", "?a", "12:3x", "ü", "a b", "=", "x=\"1\""],
    "text": "a\nb", "ended": "a\nb\n", "kept": "a\n\n", "indented": "  a\nb\n", "bad": "a \nb",
    "a key: odd": 1, "yes": true,
  ]
  let found = YAMLWriter.write(value)
  #expect(found == printed)
  #expect(YAMLWriter.write(["b": 1, "a": 2], keys: .sorted) == "a: 2\nb: 1\n")
  #expect(YAMLWriter.write(documents: [1, "x"]) == "1\n---\nx\n")
}

@Test("what is written reads back as the same value")
func writtenReadsBack() throws {
  var random = SplitMix(state: 7)
  for round in 0..<3000 {
    let value = random.value(depth: 4)
    let text = YAMLWriter.write(value)
    var reader = DocumentReader(SourceText(text))
    let tree = try #require(reader.next()?.tree, "round \(round):\n\(text)")
    let isSame = tree.value() == value
    #expect(isSame, "round \(round): \(value)\n\(text)")
    if !isSame { return }
  }
}

@Test("a tree made of a value, and one that was edited, read as the value does")
func editedTrees() throws {
  var random = SplitMix(state: 11)
  for _ in 0..<300 {
    let value = random.value(depth: 4)
    #expect(Tree(value).value() == value)
  }
  var reader = DocumentReader(SourceText("a: null\nb: {c: 1}\nd: [x]\n"))
  let tree = try #require(reader.next()?.tree)
  let b = try #require(tree.value(.root, "b"))
  let d = try #require(tree.value(.root, "d"))
  _ = tree.path(to: b)
  tree.set("a", in: .root, to: "new")
  tree.set("e", in: b, to: ["f": 1])
  tree.append(["g": true], to: d)
  let expected: Value = ["a": "new", "b": ["c": 1, "e": ["f": 1]], "d": ["x", ["g": true]]]
  #expect(tree.value() == expected && tree.count(b) == 2 && tree.count(d) == 2)
  let made = try #require(tree.node(at: "d[1].g"))
  #expect(tree.path(to: made) == "d[1].g" && tree.isSynthetic(made) && !tree.isSynthetic(d))
  #expect(tree.span(of: "b.e.f") == tree.span(of: "b"))
  #expect(tree.remove("a", from: .root) && !tree.remove("a", from: .root))
  #expect(tree.remove("c", from: b) && tree.remove("d", from: .root))
  #expect(tree.value() == ["b": ["e": ["f": 1]]] && tree.count(.root) == 1)
  tree.set("z", in: .root, to: .null)
  #expect(tree.value() == ["b": ["e": ["f": 1]], "z": .null])
}

/// A generator with a seed, so that a failure repeats.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  private static let pieces = [
    "a", "B", " ", "  ", "\n", "\n\n", "\t", ":", ": ", "-", "- ", "#", " #", "'", "\"", "\\", "?",
    "? ", "!", "&", "*", "|", ">", "%", "@", "`", "{", "}", "[", "]", ",", "0", "1", "7", ".", "e",
    "_", "+", "yes", "no", "on", "null", "~", "true", "0x", "0o", "<<", "=", "---", "...", "ü", "日",
    "\u{1F600}", "\u{0}", "\u{7}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{FEFF}", "\r",
    "12:30", "2024-01-31", "inf", "nan",
  ]

  mutating func text() -> String {
    let count = Int.random(in: 0...6, using: &self)
    var text = ""
    for _ in 0..<count { text += Self.pieces.randomElement(using: &self) ?? "" }
    // Long keys are written in another way.
    let isLong = Int.random(in: 0..<60, using: &self) == 0
    return isLong ? String(repeating: text + "k", count: 40) : text
  }

  mutating func value(depth: Int) -> Value {
    let count = Int.random(in: 0...3, using: &self)
    switch Int.random(in: 0..<(depth > 0 ? 12 : 8), using: &self) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &self))
    case 2: return .int(Int64.random(in: .min ... .max, using: &self))
    case 3: return .uint(UInt64.random(in: (UInt64(Int64.max) + 1)...UInt64.max, using: &self))
    case 4: return .double(Double(Int64.random(in: -999...999, using: &self)) + 0.25)
    case 5...7: return .string(text())
    case 8, 9: return .list((0..<count).map { _ in value(depth: depth - 1) })
    default:
      return .map(ValueMap((0..<count).map { _ in (key: text(), value: value(depth: depth - 1)) }))
    }
  }
}
