import Foundation
import Testing

/// The examples of the documentation, run as they stand.
@Suite struct DocumentationTests {
  private struct Example {
    var command: String
    var answer: [String] = []
  }

  @Test func theExamplesOfTheClusterPagesAreTrue() throws {
    for name in ["cluster.md", "cluster-simulation.md"] { try check(name) }
    try check("rollouts.md", least: 5)
  }

  private func check(_ name: String, least: Int = 16) throws {
    let page = Scratch.project.appendingPathComponent("docs/\(name)")
    let examples = Self.examples(in: try String(contentsOf: page, encoding: .utf8))
    #expect(examples.count >= least, "\(name) has examples")
    let scratch = try Scratch()
    try FileManager.default.copyItem(
      at: Scratch.project.appendingPathComponent("fixtures/shop"),
      to: scratch.folder.appendingPathComponent("shop"))
    for example in examples {
      let outcome = try scratch.shell("kmf() { \"$KMF\" \"$@\"; }; { \(example.command)\n} 2>&1")
      let lines = outcome.out.split(separator: "\n").map(String.init)
      #expect(
        Self.match(example.answer[...], lines[...]),
        "\(name): \(example.command): \(outcome.out)")
    }
  }

  /// The commands of the blocks marked `console`, each with the lines below it.
  private static func examples(in page: String) -> [Example] {
    var examples: [Example] = []
    var isInside = false
    for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        isInside = line == "```console"
      } else if isInside, line.hasPrefix("$ ") {
        examples.append(Example(command: String(line.dropFirst(2))))
      } else if isInside, !line.isEmpty, !examples.isEmpty {
        examples[examples.count - 1].answer.append(String(line))
      }
    }
    return examples
  }

  /// A line that is only `…` stands for any number of lines, elsewhere it stands for any text.
  private static func match(_ wanted: ArraySlice<String>, _ found: ArraySlice<String>) -> Bool {
    guard let first = wanted.first else { return found.isEmpty }
    let rest = wanted.dropFirst()
    if first == "…" {
      return found.indices.contains { match(rest, found[$0...]) } || match(rest, [])
    }
    guard let line = found.first else { return false }
    return fits(line, first) && match(rest, found.dropFirst())
  }

  private static func fits(_ line: String, _ pattern: String) -> Bool {
    let parts = pattern.components(separatedBy: "…")
    guard parts.count > 1 else { return line == pattern }
    var left = line[...]
    guard left.hasPrefix(parts[0]) else { return false }
    left = left.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() {
      guard let place = left.range(of: part) else { return false }
      left = left[place.upperBound...]
    }
    return left.hasSuffix(parts[parts.count - 1])
  }
}
