import Foundation
import Testing

/// `kmf fmt`.
@Suite struct FmtTests {
  private static let crooked =
    "kind: ConfigMap\ndata:\n    colour: blue\n# the name\nmetadata:\n    name: settings\napiVersion: v1\n"
  private static let straight =
    "apiVersion: v1\nkind: ConfigMap\n# the name\nmetadata:\n  name: settings\ndata:\n  colour: blue\n"

  @Test func formatsFilesWhereTheyLie() throws {
    let scratch = try Scratch()
    try scratch.write("k8s/a.yaml", Self.crooked)
    try scratch.write("k8s/b.yaml", Self.straight)
    try scratch.write("k8s/values.yaml", "b:   1\na:   2\n")
    try scratch.write("chart/Chart.yaml", "name: c\n")
    try scratch.write("chart/templates/t.yaml", Self.crooked)
    let check = try scratch.kmf(["fmt", "--check", "."])
    #expect(check.code == 1 && check.out == "k8s/a.yaml\n", "\(check)")
    #expect(check.err.contains("1 file would be formatted, 1 unchanged, 3 no manifests"))
    let diff = try scratch.kmf(["fmt", "--diff", "k8s"])
    #expect(diff.code == 1 && diff.out.hasPrefix("--- a/k8s/a.yaml\n"), "\(diff)")
    #expect(try scratch.read("k8s/a.yaml") == Self.crooked)
    let written = try scratch.kmf(["fmt", "."])
    #expect(written.code == 0 && written.out.isEmpty, "\(written)")
    #expect(try scratch.read("k8s/a.yaml") == Self.straight)
    #expect(try scratch.read("chart/templates/t.yaml") == Self.crooked)
    let again = try scratch.kmf(["fmt", "--check", "."])
    #expect(again.code == 0 && again.out.isEmpty, "\(again)")
  }

  @Test func saysWhatItCannotDo() throws {
    let scratch = try Scratch()
    let piped = try scratch.kmf(["fmt", "-"], input: Self.crooked)
    #expect(piped.code == 0 && piped.out == Self.straight, "\(piped)")
    try scratch.write("broken.yaml", "kind: A\n  apiVersion: v1\n")
    try scratch.write("odd.yaml", "? kind\n: A\napiVersion: v1\nspec: {}\n")
    let broken = try scratch.kmf(["fmt", "broken.yaml", "odd.yaml"])
    #expect(broken.code == 2 && broken.err.contains("broken.yaml:2:"), "\(broken)")
    #expect(broken.err.contains("'odd.yaml' was left alone: line 1"), "\(broken)")
    #expect(try scratch.kmf(["fmt", "none.yaml"]).code == 2)
    #expect(try scratch.kmf(["fmt", "--check", "--diff", "."]).code == 2)
  }
}
