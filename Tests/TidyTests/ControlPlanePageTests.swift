import Foundation
import Testing

/// `docs/control-plane.md` says which behaviours of a control plane tests hold the controllers to;
/// it is made of the tests themselves. `KMF_UPDATE=1` writes it anew.
@Suite struct ControlPlanePageTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  private static let page = root.appendingPathComponent("docs/control-plane.md")

  @Test func pageIsCurrent() throws {
    let text = try Self.text(Self.tested())
    if ProcessInfo.processInfo.environment["KMF_UPDATE"] != nil {
      try text.write(to: Self.page, atomically: true, encoding: .utf8)
    }
    let found = (try? String(contentsOf: Self.page, encoding: .utf8)) ?? ""
    #expect(
      found == text,
      "run KMF_UPDATE=1 swift test --filter ControlPlanePageTests, and read the difference")
  }

  // MARK: - The page

  private static func text(_ tested: [Int: Set<String>]) -> String {
    let count = (1...last).count { tested[$0] != nil }
    var lines = [
      "# What a control plane does, and what is tested of it", "",
      "The controllers, the scheduler and the kubelets are held to a list of \(last) behaviours of"
        + " Kubernetes 1.36, by their",
      "numbers: \(count) have tests that carry the number, as"
        + " `\"199: …\"` in a table, or", "as `Facts 28 to 32` above a test or `// 154.` in it.",
      "",
      "This page is made of the tests (`make docs`).", "",
      "| Behaviours | Numbers | Tested | Not tested by number |", "|---|---|---|---|",
    ]
    for (place, section) in sections.enumerated() {
      let end = place + 1 < sections.count ? sections[place + 1].first - 1 : last
      let range = section.first...end
      lines.append(
        "| \(section.title) | \(section.first)–\(end) | \(ranges(range.filter { tested[$0] != nil }))"
          + " | \(ranges(range.filter { tested[$0] == nil })) |")
    }
    lines += ["", "## Why some are not", ""]
    let open = reasons.filter { reason in reason.numbers.allSatisfy { tested[$0] == nil } }
    lines += open.map { "- \(ranges($0.numbers)): \($0.reason)" }
    lines += ["", "## Where they are tested", "", "| Tests | Numbers |", "|---|---|"]
    for name in Set(tested.values.joined()).sorted() {
      let numbers = tested.keys.filter { tested[$0]?.contains(name) == true }.sorted()
      lines.append("| \(name) | \(ranges(numbers)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `1, 3–5`.
  private static func ranges(_ numbers: [Int]) -> String {
    var parts: [ClosedRange<Int>] = []
    for number in numbers {
      if let part = parts.last, part.upperBound + 1 == number {
        parts[parts.count - 1] = part.lowerBound...number
      } else {
        parts.append(number...number)
      }
    }
    return parts.map { part in
      part.count == 1 ? "\(part.lowerBound)" : "\(part.lowerBound)–\(part.upperBound)"
    }.joined(separator: ", ")
  }

  private static let last = 236
  private static let sections: [(first: Int, title: String)] = [
    (1, "Deployments: queue and triggers"), (8, "order of a sync"),
    (17, "new and old ReplicaSets"), (28, "surge and unavailability"), (33, "rolling updates"),
    (45, "Recreate"), (49, "scaling"), (59, "history"), (63, "status and progress"),
    (76, "going back"), (81, "rules of the API"), (85, "pod-template-hash"), (93, "ReplicaSets"),
    (110, "Endpoints"), (118, "EndpointSlices"), (126, "nodes and taints"),
    (136, "collection of pods"), (137, "disruption budgets"), (142, "accounts and tokens"),
    (146, "owners and dependents"), (153, "scheduler: queue"), (158, "one cycle"),
    (163, "profile and filters"), (173, "scores"), (181, "preemption"), (186, "autoscaling"),
    (193, "kubelet"), (212, "addresses and ports"), (220, "proxies"), (226, "shared machinery"),
    (232, "what a simulator decides itself"),
  ]

  private static let reasons: [(numbers: [Int], reason: String)] = [
    ([1, 110, 151], "how many workers there are: here one thing happens after the other"),
    ([82, 83], "defaults and refusals of the API: docs/conformance.md"),
    ([84], "not part of 1.36"),
    (
      [95],
      "nothing shows of it: expectations (94) keep late caches from being acted on, and the"
        + " caches of an embedded cluster are never late"
    ),
    ([203], "nobody serves requests, so probes have no answers to read"),
    ([207], "kubelets look when something happens, not every second"),
    ([208], "nodes have no pressure, and are not shut down"),
    ([216, 219], "refusals are compared with recorded answers: docs/conformance.md"),
    ([224], "proxies take over at once; said in docs/cluster-simulation.md"),
    (
      Array(232...235),
      "choices, not behaviours: one order, one seeded source of chance, named times, one engine"
    ),
  ]

  // MARK: - The tests

  /// The suites that test each behaviour.
  private static func tested() throws -> [Int: Set<String>] {
    var tested: [Int: Set<String>] = [:]
    for folder in [
      "ClusterControlTests", "ClusterEngineTests", "CommandTests", "ControlPlaneTests",
    ] {
      let start = root.appendingPathComponent("Tests/" + folder)
      let paths = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
      for case let path as URL in paths ?? .init() where path.pathExtension == "swift" {
        let name = path.deletingPathExtension().lastPathComponent
        for number in numbers(in: try String(contentsOf: path, encoding: .utf8)) {
          tested[number, default: []].insert(name)
        }
      }
    }
    return tested
  }

  private static func numbers(in source: String) -> Set<Int> {
    var found: Set<Int> = []
    // In strings: `"199, 200: …"`, `"231"` alone, and `"167 …"` where the scheduler's tables are.
    for match in source.matches(of: /"(\d{2,3}(?:, \d{1,3})*):/) { found.formUnion(list(match.1)) }
    for match in source.matches(of: /, "(\d{3}(?:, \d{3})*)"\)/) { found.formUnion(list(match.1)) }
    for match in source.matches(of: /; (\d{1,3}): [a-z]/) { found.formUnion(list(match.1)) }
    for match in source.matches(of: /"(1[5-8]\d) [a-z\\]/) { found.formUnion(list(match.1)) }
    // In remarks inside of tests: `// 153: …`, `// 154.`
    for match in source.matches(of: /\/\/ (\d{3}(?:, \d{3}(?:–\d{3})?)*)[:.]/) {
      found.formUnion(list(match.1))
    }
    // In what is said above a test.
    var comment = ""
    for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("///") {
        comment += text.dropFirst(3)
      } else {
        if text.hasPrefix("@Test") { found.formUnion(said(in: comment)) }
        comment = ""
      }
    }
    return found.filter { (1...last).contains($0) }
  }

  private static func said(in comment: String) -> [Int] {
    comment.matches(of: /[Ff]acts? (\d[\d, ]*(?:(?:and|to) [\d, ]*)*)/).flatMap { match in
      var numbers: [Int] = []
      var isRange = false
      for word in match.1.split(whereSeparator: { $0 == " " || $0 == "," }) {
        guard let number = Int(word) else {
          isRange = word == "to"
          continue
        }
        if isRange, let start = numbers.last, start < number { numbers += (start + 1)...number }
        if !isRange { numbers.append(number) }
        isRange = false
      }
      return numbers
    }
  }

  /// `161, 173–179`.
  private static func list(_ text: Substring) -> [Int] {
    text.split(whereSeparator: { $0 == " " || $0 == "," }).flatMap { part -> [Int] in
      let ends = part.split(separator: "–").compactMap { Int($0) }
      guard let first = ends.first, let last = ends.last, first <= last else { return [] }
      return Array(first...last)
    }
  }
}
