import Foundation
import ManifestRules
import ManifestSyntax
import Testing

/// Every folder of `fixtures/manifests` is a case: its input, and what kmf prints about it.
///
/// `KMF_UPDATE=1 swift test --filter GoldenTests` writes the expected files anew; read the diff.
struct GoldenTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "fixtures/manifests")
  private static let isUpdate = ProcessInfo.processInfo.environment["KMF_UPDATE"] != nil

  @Test func reportsAreAsExpected() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(names.count >= 10)
    for name in names {
      let folder = Self.folder.appending(path: name)
      guard
        let input = FileManager.default.contents(atPath: folder.appending(path: "input.yaml").path)
      else { continue }
      let source = SourceText(name: "\(name)/input.yaml", bytes: input)
      let result = Validator(ValidationContext()).validate(source, isExplicit: true)
      for (format, file) in [("pretty", "expected.txt"), ("json", "expected.json")] {
        try compare(report(result, format), folder.appending(path: file), "\(name), \(format)")
      }
    }
  }

  private func report(_ result: FileResult, _ format: String) throws -> String {
    let type = try #require(ReportRegistry.all.first { $0.name == format })
    var report = type.init(ReportOptions())
    var summary = RunSummary()
    summary.add(result)
    return report.begin() + report.add(result) + report.end(summary)
  }

  private func compare(_ text: String, _ file: URL, _ name: String) throws {
    if Self.isUpdate { try Data(text.utf8).write(to: file) }
    let expected = FileManager.default.contents(atPath: file.path).map {
      String(decoding: $0, as: UTF8.self)
    }
    #expect(
      text == expected, "\(name): run KMF_UPDATE=1 swift test --filter GoldenTests, read the diff")
  }
}
