import Foundation
import Testing

@Suite struct ValidateTests {
  /// A run, and what it must come to.
  private struct Case {
    var name: String
    var files: [String: String] = ["good.yaml": Manifest.good, "bad.yaml": Manifest.bad]
    var arguments: [String]
    var input: String?
    var code: Int32
    var out: [String] = []
    var err: [String] = []
    var absent: [String] = []
  }

  private static let exits: [Case] = [
    Case(name: "clean", arguments: ["good.yaml"], code: 0, out: ["1 valid"]),
    Case(name: "findings", arguments: ["bad.yaml"], code: 1, out: ["error[DEC-08]"]),
    Case(name: "folder", arguments: ["."], code: 1, out: ["2 files", "1 valid, 1 invalid"]),
    Case(name: "nothing named", arguments: [], code: 2, err: ["nothing to validate"]),
    Case(name: "stdin", arguments: [], input: Manifest.bad, code: 1, out: ["<stdin>:6:11"]),
    Case(name: "dash", arguments: ["-"], input: Manifest.good, code: 0, out: ["1 valid"]),
    Case(name: "empty stdin", arguments: ["-"], input: "", code: 0, out: ["0 documents"]),
    Case(
      name: "stdin's name", arguments: ["-", "--stdin-filename", "web.yaml"],
      input: Manifest.bad, code: 1, out: ["web.yaml:6:11"]),
    Case(name: "missing", arguments: ["nope.yaml", "good.yaml"], code: 2, out: ["'nope.yaml'"]),
    Case(
      name: "missing, for machines", arguments: ["nope.yaml", "-o", "json"], code: 2,
      out: ["\"unreadable\":1"], err: ["kmf: 'nope.yaml' does not exist"]),
    Case(name: "no pattern match", arguments: ["*.nothing"], code: 2, out: ["matches no file"]),
    Case(
      name: "binary", files: ["b.yaml": "a\0b"], arguments: ["b.yaml"], code: 2, out: ["b.yaml"]),
    Case(name: "unknown option", arguments: ["--bogus"], code: 2, err: ["--bogus"]),
    Case(name: "bad version", arguments: ["--kubernetes-version", "2"], code: 2, err: ["'2'"]),
    Case(name: "uncovered", arguments: ["--kubernetes-version", "1.99"], code: 2, err: ["1.25"]),
    Case(
      name: "bad format", arguments: ["-o", "jsno", "."], code: 2, err: ["did you mean 'json'?"]),
    Case(name: "bad number", arguments: ["--jobs", "0", "."], code: 2, err: ["'0'"]),
    Case(
      name: "two on stdout", arguments: ["-o", "json", "-o", "tap", "."], code: 2,
      err: ["two outputs go to standard output"]),
    Case(
      name: "output nowhere", arguments: ["-o", "json=no/such/folder.json", "good.yaml"], code: 2,
      err: ["cannot write 'no/such/folder.json'"]),
    Case(name: "never fail", arguments: ["--fail-on", "never", "bad.yaml"], code: 0),
    Case(
      name: "fewer shown", arguments: ["--max-diagnostics", "0", "bad.yaml"], code: 1,
      out: ["1 error", "1 finding not shown"], absent: ["DEC-08"]),
    Case(name: "quiet", arguments: ["--quiet", "good.yaml"], code: 0, absent: ["kmf"]),
    Case(name: "range", arguments: ["--kubernetes-version", "1.30..1.33", "good.yaml"], code: 0),
  ]

  private static let judging: [Case] = [
    Case(
      name: "unknown kind", files: ["t.yaml": Manifest.unknown], arguments: ["."], code: 0,
      out: ["warning[KMF-02]", "unknown kind"]),
    Case(
      name: "warnings fail", files: ["t.yaml": Manifest.unknown],
      arguments: [".", "--fail-on", "warning"], code: 1),
    Case(
      name: "unknown kinds refused", files: ["t.yaml": Manifest.unknown],
      arguments: [".", "--unknown-kinds", "error"], code: 1, out: ["error[KMF-02]"]),
    Case(
      name: "unknown kinds skipped", files: ["t.yaml": Manifest.unknown],
      arguments: [".", "--unknown-kinds", "skip"], code: 0, out: ["1 skipped"], absent: ["KMF-02"]),
    Case(
      name: "not a manifest, found", files: ["values.yaml": "replicas: 3\n"], arguments: ["."],
      code: 0, out: ["1 skipped"]),
    Case(
      name: "not a manifest, named", files: ["values.yaml": "replicas: 3\n"],
      arguments: ["values.yaml"], code: 1, out: ["no Kubernetes object"]),
    Case(
      name: "not a manifest, allowed", files: ["values.yaml": "replicas: 3\n"],
      arguments: ["values.yaml", "--skip-non-manifests"], code: 0, out: ["1 skipped"]),
    Case(
      name: "ignored",
      files: [".kmfignore": "bad*\n", "bad.yaml": Manifest.bad, "g.yml": Manifest.good],
      arguments: ["."], code: 0, out: ["1 file"]),
    Case(
      name: "not ignored", files: [".kmfignore": "bad*\n", "bad.yaml": Manifest.bad],
      arguments: [".", "--no-ignore"], code: 1),
    Case(
      name: "substituted", files: ["c.yaml": Manifest.good.replacing("blue", with: "${C}")],
      arguments: ["c.yaml", "--substitute", "C=red"], code: 0, absent: ["KMF-01"]),
    Case(
      name: "bad substitution", arguments: ["good.yaml", "--substitute", "C"], code: 2,
      err: ["write VAR=value"]),
    Case(
      name: "substituted from a file",
      files: [
        "c.yaml": Manifest.good.replacing("blue", with: "${C}"), "v.env": "# c\nexport C='red'\n",
      ], arguments: ["c.yaml", "--substitute-file", "v.env"], code: 0, absent: ["KMF-01"]),
  ]

  private static let custom: [Case] = [
    Case(
      name: "definition among the inputs",
      files: ["a.yaml": Manifest.unknown + "size: big\n", "crd.yaml": Manifest.definition],
      arguments: ["."], code: 1, out: ["CRD-02", "a.yaml:5:7"]),
    Case(
      name: "definition given",
      files: ["a.yaml": Manifest.unknown + "sise: 3\n", "d/crd.yaml": Manifest.definition],
      arguments: ["a.yaml", "--crds", "d"], code: 1, out: ["CRD-01", "size"]),
    Case(
      name: "good custom resource",
      files: ["a.yaml": Manifest.unknown + "size: 3\n", "d/crd.yaml": Manifest.definition],
      arguments: ["a.yaml", "--crds", "d"], code: 0, out: ["1 valid"]),
    Case(
      name: "no definition given", arguments: ["good.yaml", "--crds", "bad.yaml"], code: 2,
      err: ["no CustomResourceDefinition"]),
    Case(
      name: "foreign schema",
      files: [
        "a.yaml": Manifest.unknown + "size: big\n",
        "s/thing.json": "{\"type\":\"object\",\"properties\":{\"size\":{\"type\":\"integer\"}}}",
      ],
      arguments: ["a.yaml", "--schema-location", "s/{{ .ResourceKind }}.json"], code: 1,
      out: ["CRD-02"]),
    Case(
      name: "broken foreign schema",
      files: ["a.yaml": Manifest.unknown, "s/thing.json": "{"],
      arguments: ["a.yaml", "--schema-location", "s/{{ .ResourceKind }}.json"], code: 1,
      out: ["s/thing.json"]),
    Case(
      name: "remote schema",
      arguments: ["good.yaml", "--schema-location", "https://example.com/x"],
      code: 2, err: ["nothing is fetched"]),
  ]

  @Test func endsAndSaysAsPromised() throws {
    for one in Self.exits + Self.judging + Self.custom {
      let scratch = try Scratch()
      for (name, text) in one.files { try scratch.write(name, text) }
      let outcome = try scratch.kmf(["validate"] + one.arguments, input: one.input)
      let told = "\(one.name): \(outcome)"
      #expect(outcome.code == one.code, "\(told)")
      for text in one.out where !outcome.out.contains(text) {
        Issue.record("'\(text)' is missing in the output of \(told)")
      }
      for text in one.err where !outcome.err.contains(text) {
        Issue.record("'\(text)' is missing on standard error of \(told)")
      }
      for text in one.absent where outcome.out.contains(text) {
        Issue.record("'\(text)' is in the output of \(told)")
      }
    }
  }

  @Test func writesSeveralOutputsAndReadsNoneOfThem() throws {
    let scratch = try Scratch()
    try scratch.write("bad.yaml", Manifest.bad)
    let arguments = ["validate", ".", "-o", "concise", "-o", "json=r.json", "-o", "sarif=r.sarif"]
    let first = try scratch.kmf(arguments)
    let second = try scratch.kmf(arguments)
    #expect(first.out.hasPrefix("bad.yaml\(Manifest.badFinding)"))
    #expect(first.out == second.out, "a report in the folder is no input of the next run")
    #expect(try scratch.read("r.json").contains("\"code\":\"DEC-08\""))
    #expect(try scratch.read("r.sarif").contains("DEC-08"))
  }

  @Test func judgesInParallelAsInSequence() throws {
    let scratch = try Scratch()
    for index in 0..<150 {
      try scratch.write(
        "d\(index % 7)/f\(index).yaml", index % 3 == 0 ? Manifest.bad : Manifest.good)
    }
    // Large enough to be judged in parts.
    let text = (0..<100).map { "    line \($0) of a text that takes room\n" }.joined()
    let long = Manifest.good + "  text: |\n" + text
    let part = long + "---\n" + long + "---\n" + Manifest.bad
    let large = Array(repeating: part, count: 600).joined(separator: "---\n")
    try scratch.write("large.yaml", large)
    let serial = try scratch.kmf(["validate", ".", "--jobs", "1", "-o", "concise"])
    for jobs in ["2", "5"] {
      let parallel = try scratch.kmf(["validate", ".", "--jobs", jobs, "-o", "concise"])
      #expect(parallel.out == serial.out && parallel.code == serial.code, "--jobs \(jobs)")
    }
    let numbers = try scratch.kmf(["validate", "large.yaml", "--jobs", "3", "-o", "jsonl"])
    let single = try scratch.kmf(["validate", "large.yaml", "--jobs", "1", "-o", "jsonl"])
    func documents(_ text: String) -> [Substring] {
      text.split(separator: "\n").filter { !$0.contains("durationMs") }
    }
    #expect(documents(numbers.out) == documents(single.out))
  }

  @Test func readsTheNearestConfiguration() throws {
    let scratch = try Scratch()
    try scratch.write("kmf.yaml", "failOn: never\nexclude: [\"old/\"]\noutput: concise\n")
    try scratch.write("k8s/bad.yaml", Manifest.bad)
    try scratch.write("k8s/old/worse.yaml", Manifest.bad)
    let found = try scratch.kmf(["validate", "."], in: "k8s")
    #expect(found.code == 0 && found.out.hasPrefix("bad.yaml:6"), "\(found)")
    #expect(!found.out.contains("worse"), "\(found)")
    let flagged = try scratch.kmf(["validate", ".", "--fail-on", "error"], in: "k8s")
    #expect(flagged.code == 1, "flags win: \(flagged)")
    try scratch.write("other.yaml", "output: json\n")
    let named = try scratch.kmf(["validate", "k8s/bad.yaml", "--config", "other.yaml"])
    #expect(named.code == 1 && named.out.hasPrefix("{"), "\(named)")
  }

  @Test func refusesMistakesInTheConfigurationWithTheirPlaces() throws {
    let cases: [(text: String, says: String)] = [
      ("kubernetesVerson: 1.31", "kmf.yaml:1:1: unknown key 'kubernetesVerson'; did you mean"),
      ("failOn: error\nunknownKinds: maybe", "kmf.yaml:2:15: 'maybe' is not one of"),
      ("kubernetesVersion: 1.99", "kmf.yaml:1:20: Kubernetes 1.99 is not covered"),
      ("jobs: many", "kmf.yaml:1:7: a whole number from 1"),
      ("ignoreFiles: 3", "kmf.yaml:1:14: true or false"),
      ("output: [pretty, jsn]", "kmf.yaml:1:18: unknown output format 'jsn'"),
      ("- a", "kmf.yaml:1:1: a configuration is a mapping"),
      ("failOn: [", "kmf.yaml:2:1: this is not YAML"),
      ("jobs: 1\n---\njobs: 2", "kmf.yaml:3:1: a configuration is a single document"),
      ("crds: no-such-folder", "'no-such-folder' does not exist"),
    ]
    for (text, says) in cases {
      let scratch = try Scratch()
      try scratch.write("kmf.yaml", text + "\n")
      try scratch.write("good.yaml", Manifest.good)
      let outcome = try scratch.kmf(["validate", "good.yaml"])
      #expect(outcome.code == 2 && outcome.err.contains(says), "\(text): \(outcome)")
    }
  }
}
