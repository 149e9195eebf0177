import ManifestSyntax
import Testing

/// Entries are found by name, and what is not there is told from what is.
@Suite struct LookUpTests {
  @Test func theLastOfEqualKeysCounts() throws {
    let many = (0..<40).map { "key\($0): \($0)" }.joined(separator: "\n")
    let cases: [(text: String, key: String, value: String?)] = [
      ("a: 1\nb: 2\na: 3", "a", "3"), ("a: 1\nb: 2\na: 3", "b", "2"),
      ("{\"a\": 1, \"b\": 2, \"a\": 3}", "a", "3"), ("a: 1", "b", nil),
      ("x: &x {a: 1, b: 2}\nc: 3\n<<: *x", "b", "2"), ("{}", "a", nil), ("[a]", "a", nil),
      (many, "key0", "0"), (many, "key39", "39"), (many, "key40", nil),
      (many + "\nkey7: again", "key7", "again"),
    ]
    for (text, key, value) in cases {
      let tree = try #require(Self.read(text), "\(text)")
      #expect(tree.value(.root, key).map(tree.string) == value, "\(key) in \(text)")
    }
  }

  @Test func aSketchKnowsEveryKey() throws {
    for text in ["a: {b: [{c: 1}]}\n\"d\\u0065\": 2", "{\"a\": {\"b\": [{\"c\": 1}]}, \"de\": 2}"] {
      let tree = try #require(Self.read(text), "\(text)")
      for key in ["a", "b", "c", "de"] {
        #expect(KeySketch(of: NodeRef(tree)).mayMeet(KeySketch(ofKeys: [key])), "\(key) in \(text)")
      }
      let other = KeySketch(ofKeys: ["hostNetwork", "securityContext"])
      #expect(!KeySketch(of: NodeRef(tree)).mayMeet(other), "\(text)")
      #expect(KeySketch(of: NodeRef(tree)).mayMeet(KeySketch(ofKeys: [])), "\(text)")
      tree.set("hostNetwork", in: .root, to: true)
      #expect(KeySketch(of: NodeRef(tree)).mayMeet(other), "\(text)")
      #expect(KeySketch(of: NodeRef(Tree(copying: tree))).mayMeet(other), "\(text)")
    }
    // What is in no tree may have any key.
    #expect(KeySketch(of: .value(.emptyMap)).mayMeet(KeySketch(ofKeys: ["a"])))
  }

  private static func read(_ text: String) -> Tree? {
    if text.hasPrefix("{\"") { return JSONReader.read(SourceText(text)).tree }
    var reader = DocumentReader(SourceText(text))
    return reader.next()?.tree
  }
}
