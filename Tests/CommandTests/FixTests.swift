import Foundation
import Testing

/// `kmf validate --fix` and `--diff`.
@Suite struct FixTests {
  private static let fixed = Manifest.good.replacingOccurrences(of: "blue", with: "\"1\"")

  @Test func writesFixesAndReportsWhatIsLeft() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", "# kept\r\n" + Manifest.bad)
    try scratch.write("b.yaml", "\u{FEFF}" + Manifest.bad)
    try scratch.write("good.yaml", Manifest.good)
    try scratch.write("left.yaml", "apiVersion: v1\nkind: ConfigMap\nbogus: 1\ndata: {a: 1}\n")
    _ = try scratch.shell("chmod 640 a.yaml && mkdir links && ln -s ../b.yaml links/b.yaml")
    let outcome = try scratch.kmf([
      "validate", "--fix", "a.yaml", "links/b.yaml", "good.yaml", "left.yaml",
    ])
    #expect(outcome.code == 1 && outcome.err == "kmf: fixed 3 findings in 3 files\n", "\(outcome)")
    #expect(outcome.out.contains("bogus") && !outcome.out.contains("DEC-08"), "\(outcome)")
    #expect(try scratch.read("a.yaml") == "# kept\r\n" + Self.fixed)
    let marked = try Data(contentsOf: scratch.folder.appendingPathComponent("b.yaml"))
    #expect(marked == Data(("\u{FEFF}" + Self.fixed).utf8))
    let modes = try scratch.shell(
      "stat -c %a a.yaml; test -L links/b.yaml && echo link; ls -A | wc -l")
    #expect(modes.out == "640\nlink\n5\n", "\(modes)")
    let again = try scratch.kmf(["validate", "--fix", "a.yaml", "b.yaml", "good.yaml"])
    #expect(again.code == 0 && again.err == "kmf: nothing was fixed\n", "\(again)")
  }

  @Test func showsDifferencesInOrderAndWritesNothing() throws {
    let scratch = try Scratch()
    for index in 10..<40 { try scratch.write("f\(index).yaml", Manifest.bad) }
    for arguments in [["--diff"], ["--fix", "--diff"]] {
      let outcome = try scratch.kmf(["validate", "."] + arguments)
      #expect(outcome.code == 1, "\(outcome)")
      #expect(outcome.err == "kmf: 30 findings in 30 files would be fixed\n")
      let names = outcome.out.split(separator: "\n").filter { $0.hasPrefix("--- a/") }
      #expect(names.count == 30 && names == names.sorted())
      #expect(outcome.out.contains("-  colour: 1\n+  colour: \"1\"\n"))
      #expect(try scratch.read("f10.yaml") == Manifest.bad)
    }
    let patched = try scratch.shell(
      "\"$KMF\" validate --diff -q . | git apply - && \"$KMF\" validate .")
    #expect(patched.code == 0, "\(patched)")
    let none = try scratch.kmf(["validate", "--diff", "."])
    #expect(none.code == 0 && none.out.isEmpty && none.err == "kmf: nothing to fix\n", "\(none)")
  }

  @Test func fixesStandardInputOntoStandardOutput() throws {
    let scratch = try Scratch()
    let fixed = try scratch.kmf(["validate", "--fix", "-"], input: Manifest.bad)
    #expect(fixed.out == Self.fixed && fixed.code == 0, "\(fixed)")
    #expect(fixed.err.contains("1 valid") && fixed.err.contains("fixed 1 finding in 1 file"))
    let same = try scratch.kmf(["validate", "--fix"], input: Manifest.good)
    #expect(same.out == Manifest.good && same.code == 0, "\(same)")
    let diff = try scratch.kmf(
      ["validate", "--diff", "--stdin-filename", "x.yaml"], input: Manifest.bad)
    #expect(diff.out.hasPrefix("--- a/x.yaml\n") && diff.code == 1, "\(diff)")
  }

  @Test func leavesAloneWhatItCannotWrite() throws {
    let scratch = try Scratch()
    try scratch.write("a.yaml", Manifest.bad)
    let utf16 = try #require(Manifest.bad.data(using: .utf16LittleEndian))
    try (Data([0xFF, 0xFE]) + utf16).write(to: scratch.folder.appendingPathComponent("u.yaml"))
    let encoded = try scratch.kmf(["validate", "--fix", "u.yaml"])
    #expect(encoded.code == 1 && encoded.err.contains("left alone: it is UTF-16LE"), "\(encoded)")
    let limited = try scratch.shell(
      "( ulimit -f 0; \"$KMF\" validate --fix a.yaml; echo \"code $?\" ) 2>&1 | cat; ls -A | wc -l")
    #expect(limited.out.contains("code 2") && limited.out.contains("writing: File too large"))
    #expect(limited.out.hasSuffix("\n2\n"), "the draft is gone: \(limited)")
    #expect(try scratch.read("a.yaml") == Manifest.bad)
    let usage = try scratch.kmf(["validate", "--unsafe-fixes", "a.yaml"])
    #expect(usage.code == 2 && usage.err.contains("--fix or --diff"), "\(usage)")
    let both = try scratch.kmf(["validate", "--diff", "-o", "json", "a.yaml"])
    #expect(both.code == 2 && both.err.contains("no report"), "\(both)")
    let missing = try scratch.kmf(["validate", "--diff", "nope.yaml"])
    #expect(missing.code == 2 && missing.err.contains("'nope.yaml'"), "\(missing)")
    if getuid() == 0 {
      print("skipped: root may write everything, so read-only files cannot be tested as root")
      return
    }
    _ = try scratch.shell("chmod 444 a.yaml")
    let refused = try scratch.kmf(["validate", "--fix", "a.yaml"])
    #expect(refused.code == 2 && refused.err.contains("writing it"), "\(refused)")
    #expect(try scratch.read("a.yaml") == Manifest.bad)
  }
}
