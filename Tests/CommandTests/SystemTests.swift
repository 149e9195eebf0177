import Foundation
import Testing

/// What the world does to a command.
@Suite struct SystemTests {
  @Test func aReaderWhoLeavesEndsItQuietly() throws {
    let scratch = try Scratch()
    for index in 0..<400 { try scratch.write("f\(index).yaml", Manifest.bad) }
    let outcome = try scratch.shell(
      "{ \"$KMF\" validate . ; echo \"code $?\" >&2; } | head -n 1")
    #expect(outcome.out.hasPrefix("error[DEC-08]"))
    #expect(outcome.err == "code 1\n", "no complaint, and the code of what was found so far")
  }

  @Test func pipesFoldersAndFilesThatCannotBeReadAreErrors() throws {
    let scratch = try Scratch()
    try scratch.write("good.yaml", Manifest.good)
    let made = try scratch.shell("mkfifo fifo.yaml && mkdir empty && ln -s nowhere dangling.yaml")
    #expect(made.code == 0)
    let fifo = try scratch.kmf(["validate", "fifo.yaml"])
    #expect(fifo.code == 2 && fifo.out.contains("named pipe"), "\(fifo)")
    let empty = try scratch.kmf(["validate", "empty"])
    #expect(empty.code == 2 && empty.out.contains("'empty'"), "\(empty)")
    let all = try scratch.kmf(["validate", "."])
    #expect(all.code == 2 && all.out.contains("dangling.yaml"), "\(all)")
    #expect(all.out.contains("1 a named pipe"), "\(all)")
    if getuid() == 0 {
      print("skipped: root may read everything, so permissions cannot be tested as root")
    } else {
      _ = try scratch.shell("chmod 000 good.yaml")
      let refused = try scratch.kmf(["validate", "good.yaml"])
      #expect(refused.code == 2 && refused.out.contains("may not be read"), "\(refused)")
    }
    let full = try scratch.shell("\"$KMF\" validate good.yaml > /dev/full")
    #expect(full.code == 2 && full.err.contains("cannot write the output"), "\(full)")
  }

  /// Full Foundation costs 45 MB and twice the start-up; networking belongs to another program.
  @Test func linksNothingThatAHookMustNotCarry() throws {
    let libraries = try Scratch().shell("ldd \"$KMF\"")
    for name in ["libFoundation.so", "libFoundationInternationalization", "_FoundationICU", "NIO"]
    where libraries.out.contains(name) {
      Issue.record("kmf links \(name)")
    }
  }

  @Test func coloursAreForTerminalsUnlessAskedFor() throws {
    let scratch = try Scratch()
    try scratch.write("bad.yaml", Manifest.bad)
    let cases: [(arguments: [String], environment: [String: String], isColored: Bool)] = [
      ([], [:], false),
      ([], ["CLICOLOR_FORCE": "1"], true),
      ([], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
      (["--no-color"], ["CLICOLOR_FORCE": "1"], false),
      (["--color"], ["NO_COLOR": "1"], true),
    ]
    for (arguments, environment, isColored) in cases {
      let outcome = try scratch.kmf(["validate", "bad.yaml"] + arguments, environment: environment)
      #expect(outcome.out.contains("\u{1B}[") == isColored, "\(arguments) \(environment)")
    }
  }
}
