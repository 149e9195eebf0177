import Foundation
import ManifestRules
import Testing

@Suite struct RuleBookTests {
  private static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  /// Whoever sees a code can ask `kmf explain` about it.
  @Test func everyCodeInTheSourcesIsExplained() throws {
    let code = /"([A-Z]{3,6}-[0-9]{2})"/
    let known = Set(RuleBook.all.map(\.code))
    let names = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path)
    for name in names.sorted() where name.hasSuffix(".swift") {
      let file = Self.sources.appendingPathComponent(name)
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: code) {
        let found = String(match.output.1)
        if found.hasPrefix("UTF-") || known.contains(found) { continue }
        Issue.record("\(name): \(found) has no entry in the rule book")
      }
    }
  }

  @Test func entriesAreWhole() {
    var seen: Set<String> = []
    for entry in RuleBook.groups.joined() {
      #expect(seen.insert(entry.code).inserted, "\(entry.code) stands twice")
      #expect(!entry.title.isEmpty && !entry.title.hasSuffix("."), "\(entry.code)")
      #expect(entry.summary.hasSuffix(".") && entry.why.hasSuffix("."), "\(entry.code)")
      #expect((entry.bad == nil) || (entry.good != nil), "\(entry.code) shows only the mistake")
    }
    #expect(RuleBook.entry("dec-09")?.code == "DEC-09")
    #expect(RuleBook.entry("NO-99") == nil)
  }
}
