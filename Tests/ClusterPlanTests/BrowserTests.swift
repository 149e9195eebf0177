import ClusterPlan
import Foundation
import ManifestSyntax
import Testing

/// Reports in a real browser: what code can see of how they look. The pictures are left in
/// `.build/reports` for people.
@Suite struct BrowserTests {
  @Test func reportsReadWellInLightAndDarkWideAndNarrow() throws {
    guard let browser = try Browser() else { return }
    let forecast = try Self.forecast()
    let report = HTMLPlan.text(forecast, ChangeFormatOptions())
    #expect(!report.contains("http://") && !report.contains("https://"), "it needs a network")
    let page = try browser.write(ReportInspection.page(of: report), to: "widths.html")
    var pictures: [Data] = []
    for isDark in [false, true] {
      let name = isDark ? "dark" : "light"
      let elements = try browser.look(
        at: page, picture: name + ".png", size: "2400,2600", isDark: isDark)
      let troubles = ReportInspection.troubles(elements)
      #expect(troubles.isEmpty, "\(name): \(troubles.prefix(8).joined(separator: "\n"))")
      pictures.append(browser.bytes(of: name + ".png"))
    }
    let drawing = try browser.write(SVGPlan.text(forecast, ChangeFormatOptions()), to: "plan.svg")
    for isDark in [false, true] {
      let name = "svg-\(isDark ? "dark" : "light").png"
      _ = try browser.look(at: drawing, picture: name, size: "720,820", isDark: isDark)
      pictures.append(browser.bytes(of: name))
    }
    #expect(pictures.allSatisfy { $0.count > 10_000 }, "\(pictures.map(\.count)): blank?")
    #expect(pictures[0] != pictures[1] && pictures[2] != pictures[3], "dark is as light")
    let alone = try browser.write(report, to: "plan.html")
    try browser.makePaper(of: alone, to: "plan.pdf")
    #expect(browser.bytes(of: "plan.pdf").count > 10_000, "nothing was printed")
  }

  /// Long names, many waves, an outage, a stall, notes: all that a report can have.
  private static func forecast() throws -> Forecast {
    let bench = try Bench()
    try bench.addNodes([("4", ["a": "b"]), ("4", ["a": "b"])])
    let cpu = "resources: {requests: {cpu: 1}}"
    let named = { (text: String, name: String) in
      text.replacing("name: web}", with: "name: \(name)}").replacing(
        "app: web", with: "app: \(name)")
    }
    let long = "recommendations-for-returning-customers-of-the-online-shop"
    let before = SampleManifests.and(
      SampleManifests.service, SampleManifests.deployment("replicas: 10", 3, 2),
      named(SampleManifests.deployment("replicas: 2", container: cpu), long),
      named(SampleManifests.deployment("replicas: 120", 1, 0), "many"),
      named(SampleManifests.deployment("replicas: 3", 0, "100%"), "outage"))
    try bench.apply(Bench.manifests(before))
    try bench.start("web", pods: 10, on: "n1")
    try bench.start(long, pods: 6, on: "n1")
    let after = before.replacing("web:1", with: "web:2").replacing("cpu: 1}", with: "cpu: 3800m}")
    return try bench.forecast(Bench.manifests(after), ForecastOptions(readyAfter: 12))
  }
}
