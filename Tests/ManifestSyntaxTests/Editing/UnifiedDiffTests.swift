import ManifestSyntax
import Testing

struct UnifiedDiffTests {
  private static func diff(_ old: String, _ new: String) -> String {
    UnifiedDiff.text(from: old.utf8, to: new.utf8, name: "x")
  }

  @Test func printsHunksAsDiffDoes() {
    let head = "--- a/x\n+++ b/x\n"
    let cases: [(String, String, String)] = [
      ("a\n", "a\n", ""),
      ("", "", ""),
      ("a\nb\nc\n", "a\nB\nc\n", head + "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
      ("", "a\n", head + "@@ -0,0 +1 @@\n+a\n"),
      ("a\n", "", head + "@@ -1 +0,0 @@\n-a\n"),
      ("a", "a\n", head + "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
      (
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n5\n6\n7\n8\n9\n",
        head + "@@ -2,6 +2,7 @@\n 2\n 3\n 4\n+x\n 5\n 6\n 7\n"
      ),
      (
        "a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
        head + "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n"
      ),
    ]
    for (old, new, wanted) in cases { #expect(Self.diff(old, new) == wanted, "\(old) \(new)") }
  }

  @Test func patchesTurnTheOldTextIntoTheNew() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let old = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        "\(Int.random(in: 0...5, using: &random))\n"
      }
      let new = old.flatMap { line -> [String] in
        switch Int.random(in: 0...9, using: &random) {
        case 0: []
        case 1: [line, "new\n"]
        case 2: ["changed\n"]
        default: [line]
        }
      }
      let text = Self.diff(old.joined(), new.joined())
      #expect(Self.patched(old, text) == new, "\(text)")
    }
    // Too different to search for the shortest answer: still right.
    let old = (0..<3_000).map { "a\($0)\n" }
    let new = (0..<3_000).map { "b\($0)\n" }
    #expect(Self.patched(old, Self.diff(old.joined(), new.joined())) == new)
  }

  /// Applies a diff of whole lines; trusts its line numbers.
  private static func patched(_ old: [String], _ diff: String) -> [String] {
    var result: [String] = []
    var at = 0
    for line in diff.split(separator: "\n").dropFirst(2) {
      let rest = line.dropFirst() + "\n"
      switch line.first {
      case "@":
        let numbers = line.split(separator: " ")[1].dropFirst().split(separator: ",")
        let start = (Int(numbers[0]) ?? 0) - (numbers.count > 1 && numbers[1] == "0" ? 0 : 1)
        result += old[at..<max(at, start)]
        at = max(at, start)
      case "+": result.append(String(rest))
      case "-": at += 1
      default:
        result.append(old[at])
        at += 1
      }
    }
    return result + old[min(at, old.count)...]
  }
}
