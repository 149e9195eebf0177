import Foundation
import Testing

/// Values of Secrets appear nowhere but where somebody asks for the very object: planted ones are
/// looked for in all that commands print and write.
@Suite struct SecretTests {
  /// Each in a form of its own, so that a find says where it came from.
  private static let canaries = [
    "canary-in-text", "canary-in-data", "canary-broken", "canary-applied", "canary-second",
    "canary-list", "canary-multi-line",
  ]

  private static let encoded = canaries.map { Data($0.utf8).base64EncodedString() }

  private static func secret(_ first: String, _ rest: String = "") -> String {
    """
    apiVersion: v1
    kind: Secret
    metadata:
      name: login
      annotations:
        kubectl.kubernetes.io/last-applied-configuration: >-
          {"apiVersion":"v1","kind":"Secret","metadata":{"name":"login"},
          "stringData":{"old":"canary-applied"}}
    stringData:
      password: \(first)
      key: |
        canary-multi-line
        second line
    data:
      token: \(Data("canary-in-data".utf8).base64EncodedString())
    \(rest)
    """
  }

  private static let list = """
    apiVersion: v1
    kind: List
    items:
    - apiVersion: v1
      kind: Secret
      metadata: {name: listed}
      stringData: {p: canary-list}
    """

  /// Mistakes that quote what they are about.
  private static let broken = [
    "type: Opaque\nextra: canary-broken", "immutable: canary-broken",
    "data: canary-broken", "  more: canary-broken!", "  more: [canary-broken]",
    "  more: {inner: canary-broken}", "  more: canary: canary-broken", "\tmore: canary-broken",
    "  more: \"canary-broken", "  token: Y2FuYXJ5LWJyb2tlbg==\n  token: canary-broken",
    "  more: canary-broken}\n  - x",
  ]

  private static let formats = [
    "validate": [
      "pretty", "concise", "json", "jsonl", "sarif", "junit", "github", "gitlab", "checkstyle",
      "tap",
    ],
    "diff": ["pretty", "unified", "json", "markdown", "jsonpatch"],
    "apply": ["text", "json", "jsonl", "name"],
  ]

  @Test func noCommandTellsThem() throws {
    let scratch = try Scratch()
    try scratch.write("app/secret.yaml", Self.secret("canary-in-text"))
    try scratch.write("app/list.yaml", Self.list)
    try scratch.write("next/secret.yaml", Self.secret("canary-second"))
    func run(_ words: String, _ code: Int32? = nil) throws {
      let outcome = try scratch.kmf(words.split(separator: " ").map(String.init))
      if let code { #expect(outcome.code == code, "kmf \(words): \(outcome.err)") }
      check(outcome.out + outcome.err, "kmf \(words)")
    }
    for format in Self.formats["validate"] ?? [] { try run("validate app -o \(format)", 0) }
    try run("lint app")
    for format in Self.formats["diff"] ?? [] { try run("diff app -o \(format)", 1) }
    for format in Self.formats["apply"] ?? [] { try run("apply app --dry-run -o \(format)", 0) }
    try run("apply app --set app -o json", 0)
    for format in Self.formats["diff"] ?? [] {
      try run("diff next --set app --prune --explain-ignored -o \(format)", 1)
      try run("diff next --drift --show-managed-fields -o \(format)")
    }
    try run("diff next --out plan.kmf", 1)
    check(try scratch.read("plan.kmf"), "the plan")
    for words in [
      "history", "history secret/login", "history secret/login --all -o json",
      "owners secret/login", "owners secret/login --all -o json", "describe secret/login",
      "describe secret/login -o json", "get secrets", "get secrets -o wide", "get all -A",
      "apply plan.kmf --dry-run", "apply plan.kmf app", "apply plan.kmf -o json",
      "history secret/login", "restore --revision 1 --dry-run",
      "restore --revision 1 --dry-run -o json", "label secret login a=b",
      "annotate secret login a=b", "owners secret/login --take .", "cluster check",
      "cluster info", "delete secret login", "restore --revision 1",
    ] { try run(words) }
  }

  @Test func noMistakeTellsThem() throws {
    let scratch = try Scratch()
    try scratch.write("good.yaml", Self.secret("canary-in-text"))
    #expect(try scratch.kmf(["apply", "good.yaml"]).code == 0)
    for (position, rest) in Self.broken.enumerated() {
      let name = "broken-\(position).yaml"
      try scratch.write(name, Self.secret("canary-in-text", rest))
      let seldom = [
        "validate \(name) -o json", "validate \(name) -o sarif", "validate \(name) -o junit",
        "diff \(name) -o json", "diff \(name) -o markdown", "apply \(name) -o jsonl",
        "replace -f \(name)", "import \(name)",
      ]
      for words in [
        "validate \(name)", "lint \(name)", "diff \(name)", "apply \(name)", "create -f \(name)",
        // All mistakes come through the same few doors: a door in turn is enough.
        seldom[position % seldom.count],
      ] {
        let outcome = try scratch.kmf(words.split(separator: " ").map(String.init))
        check(outcome.out + outcome.err, "kmf \(words) (\(rest))")
      }
    }
  }

  private func check(_ text: String, _ place: String) {
    for canary in Self.canaries + Self.encoded where text.contains(canary) {
      let line = text.split(separator: "\n").first { $0.contains(canary) } ?? ""
      Issue.record("\(place) tells \(canary): \(line)")
    }
  }
}
