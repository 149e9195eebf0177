import ManifestRules
import ManifestSyntax
import Testing

struct TextReportTests {
  @Test func show() {
    for format in ReportRegistry.all { print("==== \(format.name)\n" + Sample.report(format, Sample.shop)) }
  }
}
