import ManifestSyntax
import Testing

@testable import ManifestSchema

@Test("patterns match as RE2 matches them")
func patternsMatch() throws {
  let cases: [(pattern: String, yes: [String], no: [String])] = [
    ("", ["", "a"], []), ("a", ["a", "xay"], ["", "b"]), ("^a$", ["a"], ["ab", "ba", "a\n"]),
    ("^(a|bc)+$", ["a", "abc", "bcbc"], ["", "b", "abx"]),
    ("^a{2,3}$", ["aa", "aaa"], ["a", "aaaa"]), ("^a{2}$", ["aa"], ["a", "aaa"]),
    ("^a{2,}?$", ["aa", "aaaaa"], ["a"]), ("a{,2}", ["a{,2}"], ["aa"]), ("x{", ["x{"], ["x"]),
    ("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", ["a", "a-b", "9x"], ["-a", "a-", "A", ""]),
    ("^[^a-c]$", ["d", "é"], ["a", "dd"]), ("^[]a]$", ["]", "a"], ["b"]), ("^[a-]$", ["-"], ["b"]),
    (#"^\d+\.\w*\s$"#, ["1. ", "12.a_ "], ["1.", "x. "]), (#"^\D\W\S$"#, ["a-b"], ["1-b", "aab"]),
    (#"^[\d\D]$"#, ["a", "1"], [""]), (#"^[^\w]$"#, ["-"], ["a"]),
    (#"^[[:alpha:]_]+$"#, ["ab_"], ["a1"]), (#"^[[:^digit:]]$"#, ["x"], ["1"]),
    (#"^\p{L}+$"#, ["aé"], ["1"]), (#"^\pN$"#, ["1", "²"], ["a"]), (#"^\P{Lu}$"#, ["a"], ["A"]),
    ("(?i)^abc$", ["ABC", "aBc"], ["abd"]), ("(?i:a)b", ["Ab"], ["AB"]),
    ("^.$", ["a", "é"], ["\n"]),
    ("(?s)^.$", ["\n"], ["ab"]), ("(?m)^b$", ["a\nb\nc"], ["ab"]),
    (#"\bfoo\b"#, ["a foo b"], ["food"]),
    (#"^\x41\x{42}\t\.$"#, ["AB\t."], ["AB\t,"]), (#"\Aa\z"#, ["a"], ["ab"]),
    ("(?P<x>a)(?<y>b)", ["ab"], ["a"]),
    (#"\Qa.b\E+"#, ["a.bb"], ["axb"]), ("(a*)*", ["", "b"], []), ("^(|a)+$", ["", "aa"], ["b"]),
    (
      #"^(\+|-)?(([0-9]+(\.[0-9]*)?)|(\.[0-9]+))(([KMGTPE]i)|[numkMGTPE])?$"#, ["1", "-2.5Mi"],
      ["1X"]
    ),
  ]
  for (pattern, yes, no) in cases {
    let compiled = try LinearPattern(pattern)
    for text in yes { #expect(compiled.matches(text) == true, "\(pattern) on \(text)") }
    for text in no { #expect(compiled.matches(text) == false, "\(pattern) on \(text)") }
  }
}

@Test("what is no pattern is refused, and no pattern takes long")
func patternsAreBounded() throws {
  let refused = [
    "(", ")", "[", "[b-a]", "*", "a**", "a{2}{3}", "\\", "(?=a)", "(?!a)", "(?<=a)", "(?<!a)",
    #"\1"#,
    "a{1001}", "a{3,2}", "(?z)", #"\p{Nope}"#, "[[:nope:]]", "(?P<x", #"\x{zz}"#, "[a", "{2}",
    "((a{1000}){1000}){1000}", "(((){1000}){1000}){1000}", String(repeating: "(", count: 5000),
  ]
  for pattern in refused {
    #expect(throws: PatternError.self, "\(pattern.prefix(40))") { try LinearPattern(pattern) }
  }
  let text = String(repeating: "a", count: 2_000) + "!"
  for pattern in ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*)*(.*)*$x", "^(a?){100}a{100}$"] {
    #expect(try LinearPattern(pattern).matches(text) == false, "\(pattern)")
  }
  let large = String(repeating: "a", count: 100_000)
  #expect(try LinearPattern("(a{900}){20}b").matches(large) == nil)
}
