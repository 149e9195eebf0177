import Foundation
import ManifestRules
import Testing

struct RulePagesTests {
  @Test func pagesAreCurrent() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "docs/rules")
    let pages = RulePages.all()
    for page in pages {
      let text = try? String(contentsOf: folder.appending(path: page.name), encoding: .utf8)
      #expect(text == page.text, "docs/rules/\(page.name) is stale: run make docs")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(names) == Set(pages.map(\.name)), "docs/rules has a page too many: run make docs")
  }
}
