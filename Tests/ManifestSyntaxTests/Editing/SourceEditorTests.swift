import ManifestSyntax
import Testing

struct SourceEditorTests {
  private static func edited(_ text: String, _ edits: [FixIt.Edit]) -> String {
    let source = SourceText(text)
    let first = text.unicodeScalars.first
    let tree: Tree?
    if first == "{" && text.contains("\"") {
      tree = JSONReader.read(source).tree
    } else {
      // The last document: what comes before must be left alone.
      var reader = DocumentReader(source)
      var last: Tree?
      while let document = reader.next() { last = document.tree ?? last }
      tree = last
    }
    guard let tree else { return "unreadable" }
    let changes = SourceEditor.apply(edits, to: tree)
    if changes.isEmpty { return "refused" }
    return TextEdit.apply(changes, to: source).map { String(decoding: $0, as: UTF8.self) }
      ?? "overlapping"
  }

  @Test func setsValuesWhereTheyStand() {
    let cases: [(String, FieldPath, String, String)] = [
      ("a: 1 # one\nb: 2\n", "a", "3", "a: 3 # one\nb: 2\n"),
      ("a: \"1\"\r\nb: 2\r\n", "a", "1", "a: 1\r\nb: 2\r\n"),
      ("a:\nb: 2\n", "a", "1", "a: 1\nb: 2\n"),
      ("a: # later\nb: 2\n", "a", "1", "a: 1 # later\nb: 2\n"),
      ("a:\n  b: 1\n  c: 2\nd: 3\n", "a", "4", "a: 4\nd: 3\n"),
      ("a: |\n  x\n  y\nb: 1\n", "a", "z", "a: z\nb: 1\n"),
      ("a:\n- 1 # x\n- 2\n", "a[1]", "\"3\"", "a:\n- 1 # x\n- \"3\"\n"),
      ("a:\n-\n- 2\n", "a[0]", "1", "a:\n- 1\n- 2\n"),
      ("a: [1, 2]\n", "a[0]", "x,y", "a: [\"x,y\", 2]\n"),
      ("a: &x 1\nb: *x\n", "b", "2", "a: &x 1\nb: 2\n"),
      ("a: &x 1\nb: *x\n", "a", "2", "refused"),
      ("{\"a\": 1, \"b\": [true]}", "b[0]", "no", "{\"a\": 1, \"b\": [false]}"),
      ("{\"a\": 1}", "a", "x", "{\"a\": \"x\"}"),
      ("a: 1\n---\n# two\na: 2\n", "a", "3", "a: 1\n---\n# two\na: 3\n"),
      ("é: ü # ä\n", "é", "ö", "é: ö # ä\n"),
      ("a: 1\n", "a.b", "1", "refused"),
      ("a: [1]\n", "a[1]", "1", "refused"),
    ]
    for (text, path, value, wanted) in cases {
      #expect(
        Self.edited(text, [.set(path, to: value)]) == wanted, "\(text.debugDescription) \(path)")
    }
  }

  @Test func addsMissingFieldsInTheStyleOfTheirSiblings() {
    let cases: [(String, FieldPath, String, String)] = [
      ("a:\n    b: 1 # one\nc: 2\n", "a.d", "3", "a:\n    b: 1 # one\n    d: 3\nc: 2\n"),
      ("a:\n  b: 1", "a.c", "2", "a:\n  b: 1\n  c: 2"),
      ("a: 1\r\n", "b", "2", "a: 1\r\nb: 2\r\n"),
      (
        "a:\n  - b: 1\n    c:\n    - 1\n", "a[0].d", "x",
        "a:\n  - b: 1\n    c:\n    - 1\n    d: x\n"
      ),
      ("a: 1\n", "b.c.d", "2", "a: 1\nb:\n  c:\n    d: 2\n"),
      ("a:\nb: 1\n", "a.c.d", "2", "a:\n  c:\n    d: 2\nb: 1\n"),
      ("a: # empty\nb: 1\n", "a.c", "2", "a: # empty\n  c: 2\nb: 1\n"),
      ("a: ~\nb: 1\n", "a.c", "2", "a: {c: 2}\nb: 1\n"),
      ("a: {}\n", "a.c", "2", "a: {c: 2}\n"),
      ("a: {b: 1}\n", "a.c.d", "2", "a: {b: 1, c: {d: 2}}\n"),
      ("a: |+\n  x\n\n", "b", "2", "b: 2\na: |+\n  x\n\n"),
      ("{\"a\":{\"b\":1}}", "a.c", "x", "{\"a\":{\"b\":1,\"c\": \"x\"}}"),
      ("{\n  \"a\": 1\n}\n", "b", "2", "{\n  \"a\": 1,\n  \"b\": 2\n}\n"),
      ("a: {\n  b: 1, # one\n}\n", "a.c", "2", "a: {\n  b: 1, # one\n  c: 2\n}\n"),
      ("a: 1\n---\nb: 2\n", "c", "3", "a: 1\n---\nb: 2\nc: 3\n"),
      ("a: 1\n", "a b: c", "2", "a: 1\n\"a b: c\": 2\n"),
      (
        "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n", "c.e", "2",
        "a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n  e: 2\n"
      ),
    ]
    for (text, path, value, wanted) in cases {
      #expect(
        Self.edited(text, [.set(path, to: value)]) == wanted, "\(text.debugDescription) \(path)")
    }
  }

  @Test func removesWholeLinesAndFlowItemsWithTheirCommas() {
    let cases: [(String, FieldPath, String)] = [
      ("a: 1 # one\n# two\nb: 2\n", "a", "# two\nb: 2\n"),
      ("a: 1\nb: 2", "b", "a: 1"),
      ("a: 1\r\nb:\r\n- 1\r\nc: 3\r\n", "b", "a: 1\r\nc: 3\r\n"),
      ("- a: 1\n  b: 2\n- c\n", "[0].a", "- b: 2\n- c\n"),
      ("a:\n- 1\n- 2 # two\n- 3\n", "a[1]", "a:\n- 1\n- 3\n"),
      ("a:\n-\n  b: 1\n  c: 1\n- 2\n", "a[0]", "a:\n- 2\n"),
      ("- # x\n  # y\n  a\n- b\n", "[0]", "- b\n"),
      ("a: # x\n  b: 1 # y\nc: 2\n", "a.b", "a: {} # x\nc: 2\n"),
      ("a:\n- 1\nc: 2\n", "a[0]", "a: []\nc: 2\n"),
      ("a: 1\n", "a", "{}\n"),
      ("- a: 1 # x\n", "[0].a", "- {} # x\n"),
      ("a: [1, 2, 3]\n", "a[0]", "a: [2, 3]\n"),
      ("a: [1, 2, 3]\n", "a[2]", "a: [1, 2]\n"),
      ("a: { b: 1 }\n", "a.b", "a: {}\n"),
      ("a: [ 1, ]\n", "a[0]", "a: []\n"),
      ("{\n  \"a\": 1,\n  \"b\": 2\n}\n", "b", "{\n  \"a\": 1\n}\n"),
      ("a: |\n  x\n\n  y\nb: 1\n", "a", "b: 1\n"),
      ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 1\n", "c.b", "refused"),
      ("a: &x {b: 1}\nc: *x\n", "a", "refused"),
      ("a: &x {b: 1}\nc: *x\n", "c", "a: &x {b: 1}\n"),
      ("a: 1\na: 2\nb: 1\n", "a", "refused"),
      ("a: 1\n", "b", "refused"),
      ("a: 1\n", "", "refused"),
    ]
    for (text, path, wanted) in cases {
      #expect(Self.edited(text, [.remove(path)]) == wanted, "\(text.debugDescription) \(path)")
    }
  }

  @Test func renamesKeysAndKeepsTheirQuotes() {
    let cases: [(String, FieldPath, String, String)] = [
      ("replicsa: 1 # x\n", "replicsa", "replicas", "replicas: 1 # x\n"),
      ("'a': 1\n", "a", "b", "'b': 1\n"),
      ("{\"a\": 1}", "a", "b", "{\"b\": 1}"),
      ("a: {b: 1}\n", "a.b", "on", "a: {\"on\": 1}\n"),
      ("a: 1\nb: 2\n", "a", "b", "refused"),
    ]
    for (text, path, name, wanted) in cases {
      #expect(
        Self.edited(text, [.rename(path, to: name)]) == wanted, "\(text.debugDescription) \(path)")
    }
  }

  @Test func doesSeveralEditsOrNone() {
    let cases: [(String, [FixIt.Edit], String)] = [
      (
        "a: 1\n", [.set("r.l.cpu", to: "1"), .set("r.l.memory", to: "2")],
        "a: 1\nr:\n  l:\n    cpu: 1\n    memory: 2\n"
      ),
      ("a: 1\n", [.set("b", to: "2"), .set("c", to: "3")], "a: 1\nb: 2\nc: 3\n"),
      ("a: 1\nb: 2\n", [.remove("a"), .remove("b")], "{}\n"),
      ("a: 1\nb: 2\n", [.set("a", to: "3"), .remove("c")], "refused"),
      ("a: {b: 1}\n", [.set("a.c", to: "2"), .remove("a.b")], "a: {c: 2}\n"),
      ("a: &x 1\nb: *x\n", [.set("a", to: "2"), .set("b", to: "2")], "a: &x 2\nb: 2\n"),
      ("a: '1'\n", [.replace(Span(start: 3, end: 6), with: "1")], "a: 1\n"),
      ("a: '1'\n", [.replace(Span(start: 3, end: 90), with: "1")], "refused"),
      ("a: '1'\n", [.replace(Span(start: 3, end: 4), with: "[")], "refused"),
    ]
    for (text, edits, wanted) in cases {
      #expect(Self.edited(text, edits) == wanted, "\(text.debugDescription) \(edits)")
    }
    let source = SourceText("items:\n- spec: {a: 1}\n")
    var reader = DocumentReader(source)
    let tree = reader.next()?.tree
    let changes = tree.map { SourceEditor.apply([.remove("spec.a")], to: $0, within: "items[0]") }
    #expect(changes == [TextEdit(Span(start: 16, end: 20), with: "")])
  }

  @Test func leavesOverlappingGroupsForAnotherRound() {
    let near = TextEdit(Span(start: 0, end: 3), with: "x")
    let far = TextEdit(Span(start: 5, end: 6), with: "y")
    let both = TextEdit(Span(start: 2, end: 4), with: "z")
    let picked = TextEdit.compatible([[near], [both, far], [far], [near]])
    #expect(picked.edits == [near, far])
    #expect(picked.left == [1])
    let source = SourceText("abcdefg")
    #expect(
      TextEdit.apply([far, near], to: source).map { String(decoding: $0, as: UTF8.self) } == "xdeyg"
    )
    #expect(TextEdit.apply([near, both], to: source) == nil)
    #expect(TextEdit.apply([TextEdit(Span(start: 7, end: 8), with: "")], to: source) == nil)
  }
}
