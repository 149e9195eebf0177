import Testing

@testable import InputFiles

@Suite struct IgnoreRulesTests {
  /// An ignore file's text, and entries (a slash at the end: a folder) with the verdict.
  private static let cases: [(text: String, ignored: [String], kept: [String])] = [
    ("a.yaml", ["a.yaml", "x/a.yaml", "a.yaml/"], ["b.yaml", "a.yaml.bak"]),
    ("/a.yaml", ["a.yaml"], ["x/a.yaml"]),
    ("x/a.yaml", ["x/a.yaml"], ["y/x/a.yaml", "a.yaml"]),
    ("build/", ["build/", "x/build/"], ["build", "x/build"]),
    ("/x/build/", ["x/build/"], ["build/", "x/build"]),
    ("*.yaml", ["a.yaml", "x/.yaml"], ["a.yml"]),
    ("x/*", ["x/a", "x/b/"], ["x/a/b", "x/"]),
    ("**/a", ["a", "x/a", "x/y/a"], ["ab"]),
    ("x/**", ["x/a", "x/a/b"], ["x/", "a/x/b"]),
    ("x/**/b", ["x/b", "x/y/b", "x/y/z/b"], ["x/yb", "b"]),
    ("**/x/**", ["x/a", "a/x/b"], ["x/"]),
    ("x**y", ["xy", "xaay"], ["x/y"]),
    ("x/a**b/c", ["x/ab/c", "x/aab/c"], ["x/a/b/c"]),
    ("?.yaml", ["a.yaml"], ["ab.yaml", ".yaml"]),
    ("[a-c].yaml", ["b.yaml"], ["d.yaml", "-.yaml"]),
    ("[!a-c].yaml\n[^x]z", ["d.yaml", "yz"], ["b.yaml", "xz"]),
    ("[]a].b", ["].b", "a.b"], ["b.b"]),
    ("[a-].b", ["-.b", "a.b"], ["b.b"]),
    ("[[:digit:]x]", ["1", "x"], ["a", ":"]),
    ("[\\]].b", ["].b"], ["\\.b"]),
    ("x[a/]b", ["xab"], ["x/b"]),
    ("[", [], ["["]),
    ("a\\", [], ["a", "a\\"]),
    ("# a\n\\#b", ["#b"], ["a", "# a"]),
    ("\\!a", ["!a"], ["a"]),
    ("*\n!a.yaml\n!/x/", ["b", "x"], ["a.yaml", "x/"]),
    ("a  \nb\\ ", ["a", "b "], ["a  ", "b"]),
    ("a\r\nb\r\n", ["a", "b"], ["a\r"]),
    ("\u{FEFF}a", ["a"], []),
    ("\n\n!\n/\n", [], ["a", "a/"]),
    ("ä?.y\nö[!a]", ["äx.y"], ["ää.y", "öä"]),
    (" a", [" a"], ["a"]),
    ("a\\*b\\?", ["a*b?"], ["axb?", "a*bc"]),
  ]

  @Test func judgesAsGitDoes() {
    for example in Self.cases {
      var rules = IgnoreRules()
      rules.add(Array(example.text.utf8), depth: 0)
      for path in example.ignored { #expect(judge(rules, path), "\(example.text): \(path)") }
      for path in example.kept { #expect(!judge(rules, path), "\(example.text): \(path)") }
    }
  }

  @Test func deeperFilesOutrankHigherOnes() {
    var rules = IgnoreRules()
    rules.add(Array("/s/a\nb\n".utf8), depth: 0)
    rules.add(Array("!a\n/c\n".utf8), depth: 1)
    let cases: [(String, Bool)] = [("s/a", false), ("s/b", true), ("s/c", true), ("s/x/c", false)]
    for (path, ignored) in cases { #expect(judge(rules, path) == ignored, "\(path)") }
  }

  /// A pattern that makes naive matchers take exponential time.
  @Test func matchesHostilePatternsInBoundedTime() {
    let pattern = String(repeating: "*a", count: 200) + "b"
    let deep = String(repeating: "**/*/", count: 50) + "b"
    var rules = IgnoreRules()
    rules.add(Array((pattern + "\n" + deep).utf8), depth: 0)
    #expect(!judge(rules, String(repeating: "a", count: 250)))
    #expect(!judge(rules, String(repeating: "a/", count: 300) + "c"))
  }

  private func judge(_ rules: IgnoreRules, _ path: String) -> Bool {
    let components = Array(path.utf8).split(separator: UInt8(ascii: "/"))
    return rules.ignores(components, isFolder: path.hasSuffix("/"))
  }
}
