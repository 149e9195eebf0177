import Foundation
import Testing

/// `kmf validate --against`.
@Suite struct AgainstTests {
  private static func deployment(_ name: String, app: String, namespace: String? = nil) -> String {
    """
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: \(name)\(namespace.map { "\n  namespace: \($0)" } ?? "")
    spec:
      selector: {matchLabels: {app: \(app)}}
      template:
        metadata: {labels: {app: \(app)}}
        spec: {containers: [{name: web, image: nginx}]}

    """
  }

  @Test func judgesPairsAsUpdatesAndNamesTheRest() throws {
    let scratch = try Scratch()
    let old = [
      Self.deployment("web", app: "web", namespace: "shop"), Manifest.good,
      Self.deployment("gone", app: "gone"),
    ]
    try scratch.write("old.yaml", old.joined(separator: "---\n"))
    try scratch.write("before/all.yaml", old.joined(separator: "---\n"))
    try scratch.write("new/web.yaml", Self.deployment("web", app: "shop"))
    try scratch.write("new/more.yaml", Manifest.good + "---\n" + Self.deployment("api", app: "a"))
    let plain = try scratch.kmf(["validate", "new"])
    #expect(plain.code == 0, "as creates they are well: \(plain)")
    for place in ["old.yaml", "before", "-"] {
      let input = place == "-" ? try scratch.read("old.yaml") : nil
      let outcome = try scratch.kmf(["validate", "--against", place, "new"], input: input)
      #expect(outcome.code == 1, "\(place): \(outcome)")
      #expect(outcome.out.contains("new/web.yaml:6:"), "\(place): \(outcome)")
      #expect(outcome.out.contains("field: spec.selector"), "\(place): \(outcome)")
      #expect(outcome.err.contains("2 of 3 objects"), "\(place): \(outcome)")
      #expect(outcome.err.contains(": Deployment gone\n"), "\(place): \(outcome)")
      #expect(outcome.err.contains("judged as new: Deployment api\n"), "\(place): \(outcome)")
    }
    let same = try scratch.kmf(["validate", "--against", "old.yaml", "old.yaml"])
    #expect(same.code == 0 && same.err.contains("3 of 3 objects"), "\(same)")
  }

  @Test func refusesWhatCannotBeCompared() throws {
    let scratch = try Scratch()
    try scratch.write("broken.yaml", "a: [\n")
    try scratch.write("twice.yaml", Manifest.good + "---\n" + Manifest.good + "---\na: 1\n")
    try scratch.write("good.yaml", Manifest.good)
    let cases: [(arguments: [String], code: Int32, says: String)] = [
      (["--against", "nope.yaml", "good.yaml"], 2, "'nope.yaml' does not exist"),
      (["--against", "broken.yaml", "good.yaml"], 2, "--against: broken.yaml:"),
      (
        ["--against", "twice.yaml", "good.yaml"], 0, "twice.yaml:8: ConfigMap settings is here more"
      ),
      (["--against", "twice.yaml", "good.yaml"], 0, "twice.yaml:15: this document is no object"),
      (["--against", "-", "-"], 2, "standard input cannot be both"),
    ]
    for (arguments, code, says) in cases {
      let outcome = try scratch.kmf(["validate"] + arguments, input: "")
      #expect(outcome.code == code && outcome.err.contains(says), "\(arguments): \(outcome)")
    }
  }
}
