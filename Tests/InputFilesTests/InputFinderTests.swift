import Foundation
import Glibc
import Testing

@testable import InputFiles

@Suite struct InputFinderTests {
  /// Files to make, arguments to give (below the scratch folder), files to be found.
  private struct Case {
    var name: String
    var files: [String]
    var ignore: [String: String] = [:]
    var arguments = [""]
    var found: [String]
  }

  private static let cases: [Case] = [
    Case(
      name: "endings and order", files: ["b.yaml", "a.yml", "c/d.json", "n.txt", "B.YAML"],
      found: ["a.yml", "b.yaml", "c/d.json"]),
    Case(
      name: "hidden", files: ["a.yaml", ".b.yaml", ".c/d.yaml"], found: ["a.yaml"]),
    Case(
      name: "hidden, but named", files: [".b.yaml", ".c/d.yaml"], arguments: [".b.yaml", ".c"],
      found: [".b.yaml", ".c/d.yaml"]),
    Case(
      name: "twice", files: ["a/b.yaml"], arguments: ["a", "a/b.yaml", "", "a/../a/b.yaml"],
      found: ["a/b.yaml"]),
    Case(name: "any ending when named", files: ["a.txt"], arguments: ["a.txt"], found: ["a.txt"]),
    Case(
      name: "star", files: ["a.yaml", "b.yaml", "b.txt", ".h.yaml", "c/a.yaml"],
      arguments: ["*.yaml"], found: ["a.yaml", "b.yaml"]),
    Case(
      name: "double star", files: ["a.yaml", "c/a.yaml", "c/d/b.yaml", "c/.h/x.yaml", "c/n.txt"],
      arguments: ["**/*.yaml"], found: ["a.yaml", "c/a.yaml", "c/d/b.yaml"]),
    Case(
      name: "double star inside", files: ["k/base/a.yaml", "k/x/y/base/b.yaml", "k/x/c.yaml"],
      arguments: ["k/**/base/*.yaml"], found: ["k/base/a.yaml", "k/x/y/base/b.yaml"]),
    Case(
      name: "double star at the end", files: ["k/a.yaml", "k/x/b.json", "k/n.txt", "c.yaml"],
      arguments: ["k/**"], found: ["k/a.yaml", "k/x/b.json"]),
    Case(
      name: "a pattern that means folders", files: ["a1/x.yaml", "a2/y/z.yaml", "b/x.yaml"],
      arguments: ["a?"], found: ["a1/x.yaml", "a2/y/z.yaml"]),
    Case(
      name: "bracket", files: ["a.yaml", "b.yaml", "c.yaml"], arguments: ["[a-b].yaml"],
      found: ["a.yaml", "b.yaml"]),
    Case(
      name: "a real name that looks like a pattern", files: ["[a].yaml", "a.yaml"],
      arguments: ["[a].yaml"], found: ["[a].yaml"]),
    Case(
      name: "character", files: ["ü.yaml", "uu.yaml"], arguments: ["?.yaml"], found: ["ü.yaml"]),
    Case(
      name: "nested ignore files", files: ["a.yaml", "s/a.yaml", "s/b.yaml", "build/x.yaml"],
      ignore: [".gitignore": "build/\nb.yaml\n", "s/.gitignore": "!b.yaml\na.yaml\n"],
      found: ["a.yaml", "s/b.yaml"]),
    Case(
      name: "kmfignore has the last word", files: ["a.yaml", "b.yaml"],
      ignore: [".gitignore": "a.yaml\n", ".kmfignore": "!a.yaml\nb.yaml"], found: ["a.yaml"]),
    Case(
      name: "no way back into an ignored folder", files: ["d/a.yaml", "e/a.yaml", "e/b.yaml"],
      ignore: [".gitignore": "d\n!d/a.yaml\ne/*\n!e/b.yaml\n"], found: ["e/b.yaml"]),
    Case(
      name: "from the root of the repository", files: ["s/t/a.yaml", "s/t/b.yaml", ".git/HEAD"],
      ignore: [".gitignore": "/s/t/a.yaml\n", ".git/info/exclude": "b.yaml\n!b.yaml\n"],
      arguments: ["s/t"], found: ["s/t/b.yaml"]),
    Case(
      name: "info/exclude", files: ["a.yaml", "b.yaml", ".git/HEAD"],
      ignore: [".git/info/exclude": "a.*\n"], found: ["b.yaml"]),
    Case(
      name: "ignored, but named", files: ["a.yaml", "x/b.yaml"],
      ignore: [".gitignore": "*.yaml\nx\n"],
      arguments: ["a.yaml"], found: ["a.yaml"]),
    Case(
      name: "patterns respect ignore files", files: ["a.yaml", "x/b.yaml"],
      ignore: [".gitignore": "x/\n"], arguments: ["**/*.yaml"], found: ["a.yaml"]),
  ]

  @Test func findsWhatIsMeant() throws {
    for example in Self.cases {
      let scratch = try ScratchFolder()
      for file in example.files { try scratch.write(file) }
      for (file, text) in example.ignore { try scratch.write(file, text) }
      let arguments = example.arguments.map { $0.isEmpty ? scratch.path : scratch[$0] }
      let listing = InputFinder().find(arguments)
      #expect(scratch.relative(listing.inputs.map(\.path)) == example.found, "\(example.name)")
      #expect(listing.errors.isEmpty, "\(example.name): \(listing.errors.map(\.message))")
    }
  }

  @Test func readsIgnoredFilesWhenTold() throws {
    let scratch = try ScratchFolder()
    try scratch.write("a.yaml")
    try scratch.write(".gitignore", "*\n")
    let without = InputFinder().find([scratch.path])
    #expect(without.errors.map(\.cause) == [.nothingFound(leftOut: 1)])
    let with = InputFinder(respectsIgnoreFiles: false).find([scratch.path])
    #expect(scratch.relative(with.inputs.map(\.path)) == ["a.yaml"])
  }

  @Test func survivesLinks() throws {
    let scratch = try ScratchFolder()
    try scratch.write("a/real.yaml")
    try scratch.write("b/other.yaml")
    try scratch.link("a/self", to: ".")
    try scratch.link("a/up", to: "..")
    try scratch.link("a/b", to: "../b")
    try scratch.link("b/a", to: "../a")
    try scratch.link("a/circle", to: "circle")
    try scratch.link("c.yaml", to: "a/real.yaml")
    try scratch.link("nowhere.txt", to: "missing")
    for arguments in [[scratch.path], [scratch["**/*.yaml"]], [scratch["a"], scratch["b"]]] {
      let listing = InputFinder().find(arguments)
      let names = listing.inputs.map { realPath($0.path) }
      #expect(
        Set(names) == [scratch["a/real.yaml"], scratch["b/other.yaml"]], "\(arguments): \(names)")
      #expect(names.count == 2, "\(arguments): \(names)")
      #expect(listing.errors.isEmpty, "\(listing.errors)")
    }
    try scratch.link("d.yaml", to: "missing")
    #expect(InputFinder().find([scratch.path]).errors.map(\.cause) == [.brokenLink])
  }

  @Test func refusesWhatIsNoFile() throws {
    let scratch = try ScratchFolder()
    try scratch.write("a.yaml")
    try scratch.write("empty/n.txt")
    try #require(mkfifo(scratch["pipe.yaml"], 0o600) == 0)
    let listing = InputFinder().find([scratch.path])
    #expect(listing.errors.isEmpty)
    #expect(listing.passedOver == [.init(path: scratch["pipe.yaml"], kind: .pipe)])
    let cases: [(String, InputError.Cause)] = [
      (scratch["pipe.yaml"], .notAFile(.pipe)), ("/dev/null", .notAFile(.device)),
      (scratch["missing.yaml"], .notFound), (scratch["a.yaml/b"], .notFound), ("", .notFound),
      (scratch["*.json"], .nothingFound(leftOut: 0)), (scratch["empty"], .nothingFound(leftOut: 0)),
      (scratch["nowhere/*.yaml"], .nothingFound(leftOut: 0)), ("a\u{FFFD}.yaml", .nameNotUTF8),
      ("a\0.yaml", .notFound),
    ]
    for (argument, cause) in cases {
      let listing = InputFinder().find([argument])
      #expect(listing.errors.map(\.cause) == [cause], "\(argument)")
      #expect(listing.errors.allSatisfy { !$0.message.isEmpty && !$0.remedy.isEmpty })
    }
    #expect(InputFinder().find(["-", "-", "/dev/stdin"]).inputs.map(\.path) == ["<stdin>"])
    #expect(InputFinder().find(["/dev/fd/63"]).inputs.map(\.place) == [.stream(63)])
  }

  @Test func reportsNamesThatAreNotUTF8() throws {
    let scratch = try ScratchFolder()
    for name: [UInt8] in [Array("x\u{FF}.yaml".utf8), [0x61, 0xFF] + Array(".yaml".utf8), [0xFE]] {
      let path = (Array(scratch.path.utf8) + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }
      let file = open(path, O_CREAT | O_WRONLY, 0o600)
      try #require(file >= 0)
      close(file)
    }
    let listing = InputFinder().find([scratch.path])
    #expect(listing.errors.map(\.cause) == [.nameNotUTF8])
    #expect(listing.inputs.count == 1)
  }

  @Test func reportsFoldersThatMayNotBeRead() throws {
    guard geteuid() != 0 else {
      print("skipped: root may read every folder")
      return
    }
    let scratch = try ScratchFolder()
    try scratch.write("closed/a.yaml")
    try scratch.write("b.yaml")
    chmod(scratch["closed"], 0)
    defer { chmod(scratch["closed"], 0o700) }
    let listing = InputFinder().find([scratch.path])
    #expect(listing.errors.map(\.cause) == [.permissionDenied])
    #expect(scratch.relative(listing.inputs.map(\.path)) == ["b.yaml"])
  }

  @Test func namesErrorsByTheSystemsNumber() {
    let cases: [(Int32, Bool, InputError.Cause)] = [
      (ENOENT, true, .vanished), (ENOENT, false, .notFound), (EACCES, true, .permissionDenied),
      (ELOOP, true, .brokenLink), (EIO, true, .refused),
    ]
    for (code, listed, cause) in cases {
      let error = InputError(errno: code, path: "a.yaml", listed: listed)
      #expect(error.cause == cause)
      #expect(error.message.contains("a.yaml") && !error.systemText.isEmpty)
    }
  }
}
