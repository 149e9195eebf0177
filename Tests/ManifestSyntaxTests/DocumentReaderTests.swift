import ManifestSyntax
import Testing

/// Reads all documents of `text`: the JSON of each, or the code, place and message of what is
/// wrong.
private func read(_ text: String) -> [String] {
  let source = SourceText(text)
  let lines = LineTable(source)
  var reader = DocumentReader(source)
  var results: [String] = []
  while let document = reader.next() {
    for diagnostic in document.diagnostics {
      let place = lines.position(of: diagnostic.span?.start ?? 0)
      results.append("\(diagnostic.code) \(place.line):\(place.column) \(diagnostic.message)")
    }
    if let tree = document.tree { results.append(JSONWriter.string(tree.value())) }
  }
  return results
}

struct DocumentReaderTests {
  @Test func readsDocumentsAsKubernetesDoes() {
    let cases: [(String, [String])] = [
      ("a: 1\nb: [x, 'y', \"z\\n\"]\n", [#"{"a":1,"b":["x","y","z\n"]}"#]),
      ("a: 1\n---\nb: 2\n...\n---\nc: 3", [#"{"a":1}"#, #"{"b":2}"#, #"{"c":3}"#]),
      ("# only a comment\n", []),
      ("\u{FEFF}a: é\r\nb: ü\r\n", [#"{"a":"é","b":"ü"}"#]),
      ("on: yes\n1: ~\n1.5: 0644\n", [#"{"true":true,"1":null,"1.5":420}"#]),
      (
        "a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n",
        [#"{"a":{"b":1},"c":{"b":1},"d":{"b":1,"e":2}}"#]
      ),
      ("d:\n  <<: {b: 1}\n  e: 2\n", [#"{"d":{"b":1,"e":2}}"#]),
      ("text: |\n  one\n  two\n\nfold: >-\n  a\n  b\n", [#"{"text":"one\ntwo\n","fold":"a b"}"#]),
      (
        "a: !!str 12\nb: !!int \"12\"\nc: !!binary aGVsbG8=\nd: !foo bar\n",
        [#"{"a":"12","b":12,"c":"hello","d":"bar"}"#]
      ),
    ]
    for (text, expected) in cases { #expect(read(text) == expected, "\(text.debugDescription)") }
  }

  @Test func pointsAtWhatIsWrongAndReadsOn() {
    let cases: [(String, [String])] = [
      ("a: 1\na: 2\n", ["DEC-07 2:1 key 'a' is set twice in this mapping", #"{"a":2}"#]),
      (
        "a: 1\n---\nb: [1\n---\nc: 3\n",
        [#"{"a":1}"#, "DEC-27 3:4 this '[' is not closed, or a comma is missing", #"{"c":3}"#]
      ),
      ("a:\n\tb: 1\n", ["DEC-27 2:1 a tab cannot indent YAML"]),
      (
        "a: *nope\n---\nb: 1\n",
        ["DEC-27 1:4 alias '*nope' has no anchor '&nope' before it", #"{"b":1}"#]
      ),
      ("a: &x [*x]\n", ["DEC-27 1:8 alias '*x' stands inside its own anchor '&x'"]),
      ("a: .inf\n", ["DEC-26 1:4 infinity and not-a-number cannot be written as JSON"]),
      (
        "%YAML 1.2\n---\na: 1\n",
        ["DEC-24 1:1 directive '%YAML 1.2': Kubernetes reads YAML 1.1 only"]
      ),
      (
        "a: 1\n---\nb: \u{1}\n---\nc: 3\n",
        [#"{"a":1}"#, "ENC-02 3:4 control character U+0001 is not allowed in YAML", #"{"c":3}"#]
      ),
      (
        "a: 1\n...\nb: 2\n", ["DEC-28 3:1 text after '...' is ignored by the cluster", #"{"a":1}"#]
      ),
      ("a: x: y\n", ["DEC-27 1:4 this value holds ': ' and so looks like another key"]),
      ("a: \"x\nb: 1\n", ["DEC-27 1:4 this quote is never closed"]),
      (
        "a: *.example.com\n",
        ["DEC-27 1:4 '*' and '&' at the start of a value name an alias or an anchor"]
      ),
      (
        "a: {{ .Values.x }}\n",
        ["DEC-27 1:4 this is a template, not YAML: '{{' has not been rendered"]
      ),
      ("? [a]\n: 1\n", ["DEC-25 1:3 this key is a list or a mapping; a key must be text"]),
      (
        "a:\n  b: 1\n   c: 2\n",
        ["DEC-27 3:4 this line is indented deeper than 'b: 1' above, which already has a value"]
      ),
      (
        "a:\n    b: 1\n  c: 2\n",
        ["DEC-27 3:3 an indentation of 2 spaces fits no block above this line"]
      ),
      ("apiVersion: v1\nkind\nname: x\n", ["DEC-27 2:1 'kind' has no ': ' after its key"]),
    ]
    for (text, expected) in cases { #expect(read(text) == expected, "\(text.debugDescription)") }
  }

  @Test func refusesBombsAndAbysses() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...12 {
      let alias = "*a\(level - 1)"
      bomb +=
        "a\(level): &a\(level) [\(Array(repeating: alias, count: 10).joined(separator: ", "))]\n"
    }
    #expect(read(bomb).first?.hasPrefix("LIM-02") == true)
    // The path of the doubled key must be found although the aliases are left where they are.
    #expect(read(bomb + "b: 1\nb: 2\n").contains { $0.hasPrefix("LIM-02") })
    #expect(read(String(repeating: "[", count: 100_000)).first?.hasPrefix("LIM-01") == true)
    let json = JSONReader.read(SourceText(String(repeating: "[", count: 100_000)))
    #expect(json.diagnostics.count == 1)
  }

  @Test func readsCharactersThatStraddleAnyStep() {
    for length in 0..<40 {
      let text = "a: " + String(repeating: "x", count: length)
      for tail in ["é", "€", "😀", "😀b", "😀éb€"] {
        #expect(read(text + tail).count == 1, "\(length) \(tail)")
      }
    }
  }

  /// Mappings remember which keys they may have; nothing that adds keys may forget to tell them.
  @Test func findsEveryKeyHoweverItCame() throws {
    let names = (0..<80).map { "key-\($0)" }
    let yaml = "x: &x\n" + names.map { "  \($0): 1\n" }.joined() + "copy:\n  <<: *x\nz: *x\n"
    var reader = DocumentReader(SourceText(yaml))
    let tree = try #require(reader.next()?.tree)
    let entries = names.map { #""\#($0)": 1"# }.joined(separator: ",")
    let json = try #require(JSONReader.read(SourceText(#"{"j": {\#(entries)}}"#)).tree)
    for name in names {
      for parent in ["x", "copy", "z"] {
        let node = try #require(tree.value(.root, parent))
        #expect(tree.value(node, name) != nil, "\(parent).\(name)")
      }
      #expect(json.value(try #require(json.value(.root, "j")), name) != nil, "\(name) in JSON")
      tree.set("new-" + name, in: .root, to: .int(1))
      #expect(tree.value(.root, "new-" + name) != nil, "\(name) set")
    }
    var filling = DocumentReader(SourceText("${A}: 1\nb: ${A}\n"))
    let filled = try #require(filling.next()?.tree)
    filled.fillPlaceholders(["A": "name"])
    #expect(filled.value(.root, "name") != nil)
    #expect(filled.value(.root, "${A}") == nil)
  }

  @Test func readsJSONStrictly() {
    let cases: [(String, String)] = [
      (#"{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00"], "b": {}}"#, #"{"a":[1,-2500,"xé😀"],"b":{}}"#),
      (#"{"a": 1,}"#, "1:9 this is not JSON: expected a key in double quotes"),
      (#"{"a": 01}"#, "1:7 this is not JSON: this is not a JSON number"),
      (#"{a: 1}"#, "1:2 this is not JSON: expected a key in double quotes"),
      ("[1] x", "1:5 this is not JSON: text after the end of the JSON value"),
      (#"{"a": 1, "a": 2}"#, "1:10 key 'a' is set twice in this mapping"),
    ]
    for (text, expected) in cases {
      let source = SourceText(text)
      let document = JSONReader.read(source)
      let first = document.diagnostics.first.map {
        let place = LineTable(source).position(of: $0.span?.start ?? 0)
        return "\(place.line):\(place.column) \($0.message)"
      }
      #expect(first ?? document.tree.map { JSONWriter.string($0.value()) } == expected, "\(text)")
    }
  }
}
