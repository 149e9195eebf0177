import ManifestSyntax
import Testing

@testable import ManifestRules

struct TextReportTests {
  /// The excerpt of one finding, without the line that ends the report.
  private static func pretty(
    _ text: String, at excerpt: String, turn: Int = 0,
    related: [(message: String, at: String)] = [], width: Int = 100, message: String = "wrong"
  ) -> String {
    var sample = Sample("a.yaml", text)
    sample.document(nil, nil, .invalid)
    let diagnostic = Diagnostic("X-01", .error, .invalid, at: .root, message)
    sample.finding(diagnostic, at: excerpt, turn: turn, related: related)
    return Sample.report(Pretty.self, [sample.file]) {
      $0.isQuiet = true
      $0.width = width
    }
  }

  private static func rows(_ rows: String...) -> String { rows.joined(separator: "\n") + "\n\n" }

  private static let head = "error[X-01]: wrong"
  private static let long = String(repeating: "x", count: 60)

  private static let excerpts: [(name: String, text: String, wanted: String)] = [
    (
      "plain", pretty("a: 1\nbc: 2\n", at: "2"),
      rows(head, " --> a.yaml:2:5", "  |", "2 | bc: 2", "  |     ^")
    ),
    (
      "tabs are four columns", pretty("a:\t1", at: "1"),
      rows(head, " --> a.yaml:1:4", "  |", "1 | a:    1", "  |       ^")
    ),
    (
      "wide and combining characters", pretty("日: e\u{301}x", at: "x"),
      rows(head, " --> a.yaml:1:6", "  |", "1 | 日: e\u{301}x", "  |      ^")
    ),
    (
      "wide characters are underlined whole", pretty("a: 日本", at: "日本"),
      rows(head, " --> a.yaml:1:4", "  |", "1 | a: 日本", "  |    ^^^^")
    ),
    (
      "nothing to underline", pretty("a:\r\nb: 1\r\n", at: ""),
      rows(head, " --> a.yaml:1:1", "  |", "1 | a:", "  | ^")
    ),
    (
      "a byte-order mark takes no column", pretty("\u{FEFF}a: 1", at: "a"),
      rows(head, " --> a.yaml:1:1", "  |", "1 | a: 1", "  | ^")
    ),
    (
      "several lines: the first is underlined", pretty("a: |\n  x\n", at: "|\n  x"),
      rows(head, " --> a.yaml:1:4", "  |", "1 | a: |", "  |    ^")
    ),
    (
      "two marks on one line",
      pretty("a: [1, 1]", at: "1", turn: 1, related: [("first", "1")]),
      rows(
        head, " --> a.yaml:1:8", "  |", "1 | a: [1, 1]", "  |        ^", "  |     - first")
    ),
    (
      "marks far apart",
      pretty("a: 1\n\n\n\n\n\n\n\n\na: 2\n", at: "2", related: [("first", "1")]),
      rows(
        head, "  --> a.yaml:10:4", "   |", " 1 | a: 1", "   |    - first", "...",
        "10 | a: 2", "   |    ^")
    ),
    (
      "marks two lines apart", pretty("a: 1\nb\nc: 2", at: "2", related: [("first", "1")]),
      rows(
        head, " --> a.yaml:3:4", "  |", "1 | a: 1", "  |    - first", "2 | b",
        "3 | c: 2", "  |    ^")
    ),
    (
      "a long line, cut at both ends", pretty(long + "!" + long, at: "!", width: 30),
      rows(
        head, " --> a.yaml:1:61", "  |", "1 | …xxxxxxxx!xxxxxxxxxxxxxxx…", "  |          ^")
    ),
    (
      "a long line, end in sight", pretty(long + "!", at: "!", width: 30),
      rows(
        head, " --> a.yaml:1:61", "  |", "1 | …xxxxxxxxxxxxxxxxxxxxxxx!",
        "  |                         ^")
    ),
    (
      "what a terminal would obey",
      pretty("a: \u{1B}[2J\u{202E}", at: "[", message: "x\u{1B}\n\u{7}"),
      rows(
        "error[X-01]: x\\u{1b}\\n\\u{7}", " --> a.yaml:1:5", "  |", "1 | a: \u{FFFD}[2J\u{FFFD}",
        "  |     ^")
    ),
  ]

  @Test func prettyShowsTheLinesThatItSpeaksOf() {
    for (name, text, wanted) in Self.excerpts { #expect(text == wanted, "\(name)") }
    // A line of a million characters costs no more than what is shown of it.
    let huge = Self.pretty(String(repeating: "é", count: 1_000_000) + "!", at: "é")
    #expect(huge.utf8.count < 500)
  }

  @Test func unknownKindsAreCountedTogether() {
    var skips = SkipTally()
    for (kind, count) in [("a/v1 B", 2), ("a/v2 B", 1), ("c/v1 D", 2)] {
      for _ in 0..<count {
        var file = FileResult(
          file: "x.yaml", documents: [DocumentResult(document: 0, line: 1, status: .skipped)])
        file.documents[0].skipReason = "unknown kind \(kind)"
        skips.add(file)
      }
    }
    #expect(skips.description == "5 of unknown kinds: B 3, D 2")
  }

  @Test func reportsForPeopleEndWithCountsAndHideNothing() {
    let sentence =
      "kmf: 3 files, 3 documents: 1 valid, 1 invalid, 2 skipped "
      + "(1 not a Kubernetes manifest, 1 unknown kind); 1 unreadable; 2 errors, 1 warning\n"
    let concise = """
      shop/web.yaml:4:13: error DEC-09 spec.replicas: expected a whole number, found string '3'
      shop/web.yaml:6:3: warning DEC-02 spec.replicsa: no such field
      shop/gone.yaml: error IO-01: the file vanished while it was read

      """
    let pretty = """
      error[DEC-09]: expected a whole number, found string '3'
       --> shop/web.yaml:4:13
        |
      4 |   replicas: "3"
        |             ^^^
        = field: spec.replicas of Deployment shop/web
        = help: remove the quotes
        = note: the server does not convert text to numbers

      warning[DEC-02]: no such field
       --> shop/web.yaml:6:3
        |
      4 |   replicas: "3"
        |   -------- meant this one?
      5 |   selector: a
      6 |   replicsa: 4
        |   ^^^^^^^^
        = field: spec.replicsa of Deployment shop/web

      error[IO-01]: the file vanished while it was read
       --> shop/gone.yaml


      """
    #expect(Sample.report(Concise.self, Sample.shop) == concise + sentence)
    #expect(Sample.report(Pretty.self, Sample.shop) == pretty + sentence)
    #expect(Sample.report(Concise.self, Sample.shop) { $0.isQuiet = true } == concise)
    #expect(Sample.report(Pretty.self, Sample.shop) { $0.isQuiet = true } == pretty)
  }

  @Test func coloursAreOnlyColours() {
    for format in [Pretty.self, Concise.self] as [any ReportFormat.Type] {
      let plain = Sample.report(format, Sample.shop)
      let colored = Sample.report(format, Sample.shop) { $0.isColored = true }
      #expect(colored.contains("\u{1B}[1;31merror") && colored.contains("\u{1B}[1;33mwarning"))
      var stripped = ""
      var isEscape = false
      for scalar in colored.unicodeScalars {
        if scalar == "\u{1B}" { isEscape = true }
        if !isEscape { stripped.unicodeScalars.append(scalar) }
        if isEscape, scalar == "m" { isEscape = false }
      }
      #expect(stripped == plain, "\(format.name)")
      #expect(!plain.contains("\u{1B}"))
    }
  }

  @Test func registryNamesEveryFormatOnce() {
    let names = ReportRegistry.names
    let wanted = "pretty concise json jsonl sarif junit github gitlab checkstyle tap"
    #expect(names.joined(separator: " ") == wanted)
    for name in names { #expect(ReportRegistry.format(named: name)?.name == name) }
    #expect(ReportRegistry.format(named: "xml") == nil)
    for format in ReportRegistry.all {
      #expect(
        Sample.report(format, Sample.shop) == Sample.report(format, Sample.shop), "\(format.name)")
    }
  }
}
