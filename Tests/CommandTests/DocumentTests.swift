import Foundation
import Testing

/// What the pages of docs/ show is run: commands, exit codes, parts of their output.
@Suite struct DocumentTests {
  /// One command of a page.
  private struct Step {
    var line: Int
    var command: String
    var code: Int32 = 0
    var shows: [String] = []
  }

  @Test func wishesAreAnswered() throws {
    let scratch = try Scratch()
    try copy("fixtures/wishes", into: scratch)
    let steps = try Self.steps(of: "docs/wishes.md", language: "sh")
    #expect(steps.count > 30)
    try run(steps, in: scratch, page: "docs/wishes.md")
  }

  @Test func recipesForServersWork() throws {
    let scratch = try Scratch()
    try copy("fixtures/shop", into: scratch, at: "k8s")
    let steps = try Self.steps(of: "docs/ci.md", language: "sh")
    try run(steps, in: scratch, page: "docs/ci.md")
    // The services' own files run the same commands: those of each block, one after the other.
    for language in ["yaml github", "yaml gitlab"] {
      let script = try Self.scripts(of: "docs/ci.md", language: language)
      #expect(script.count >= 3, "\(language): \(script)")
      let place = try Scratch()
      try copy("fixtures/shop", into: place, at: "k8s")
      for command in script {
        let outcome = try place.shell(
          "set -e\nkmf() { \"$KMF\" \"$@\"; }\n\(command)",
          environment: ["GITHUB_STEP_SUMMARY": "summary.md", "CI_PROJECT_DIR": "."])
        #expect(outcome.code == 0, "docs/ci.md (\(language)): \(command): \(outcome)")
      }
    }
  }

  private func copy(_ folder: String, into scratch: Scratch, at place: String? = nil) throws {
    let source = Scratch.project.appendingPathComponent(folder)
    if let place {
      try FileManager.default.copyItem(
        at: source, to: scratch.folder.appendingPathComponent(place))
      return
    }
    for file in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(file), to: scratch.folder.appendingPathComponent(file))
    }
  }

  private func run(_ steps: [Step], in scratch: Scratch, page: String) throws {
    for step in steps {
      let outcome = try scratch.shell("kmf() { \"$KMF\" \"$@\"; }\n\(step.command)")
      let place = "\(page):\(step.line): \(step.command)"
      #expect(outcome.code == step.code, "\(place)\n\(outcome.out)\(outcome.err)")
      for text in step.shows where !(outcome.out + outcome.err).contains(text) {
        Issue.record("\(place) does not show '\(text)':\n\(outcome.out)\(outcome.err)")
      }
    }
  }

  // MARK: - Pages

  /// The blocks of a page that open with ```` ```language ````, each with its first line's number.
  private static func blocks(
    of page: String, language: String
  ) throws -> [(line: Int, lines: [String])] {
    let text = try String(contentsOf: Scratch.project.appendingPathComponent(page), encoding: .utf8)
    var blocks: [(line: Int, lines: [String])] = []
    var isInside = false
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if !isInside, line == "```" + language {
        isInside = true
        blocks.append((index + 2, []))
      } else if isInside, line == "```" {
        isInside = false
      } else if isInside {
        blocks[blocks.count - 1].lines.append(line)
      }
    }
    return blocks
  }

  private static func steps(of page: String, language: String) throws -> [Step] {
    var steps: [Step] = []
    for block in try blocks(of: page, language: language) {
      for (offset, line) in block.lines.enumerated() where !line.isEmpty {
        if line.hasPrefix("#> ") {
          steps[steps.count - 1].shows.append(String(line.dropFirst(3)))
          continue
        }
        var step = Step(line: block.line + offset, command: line)
        if let mark = line.range(of: " # exit ", options: .backwards),
          let code = Int32(line[mark.upperBound...])
        {
          step.command = String(line[..<mark.lowerBound])
          step.code = code
        }
        steps.append(step)
      }
    }
    return steps
  }

  /// The lines of `run: |` and `script:` that begin with kmf or use what it wrote.
  private static func scripts(of page: String, language: String) throws -> [String] {
    var scripts: [String] = []
    for block in try blocks(of: page, language: language) {
      for line in block.lines {
        let command = line.trimmingCharacters(in: .whitespaces)
        let text = command.hasPrefix("- ") ? String(command.dropFirst(2)) : command
        if text.hasPrefix("kmf ") { scripts.append(text) }
      }
    }
    return scripts
  }
}
