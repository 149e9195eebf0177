import ManifestRules
import ManifestSyntax
import Testing

struct FixerTests {
  @Test func fixesWhatIsSafeAndNothingElse() throws {
    let deployment = { (kind: String, replicas: String, selector: String) in
      """
      apiVersion: apps/v1
      kind: \(kind)
      metadata:
        name: a
      spec:
        replicas: \(replicas)
        \(selector): {matchLabels: {a: b}}
        template:
          metadata: {labels: {a: b}}
          spec:
            containers:
            - {name: a, image: b}
      """.split(separator: "\n").joined(separator: "\r\n")
    }
    let map = { (yes: String, number: String) in
      """
      apiVersion: v1 # core
      kind: ConfigMap
      metadata: {name: a}
      data:
        on: 'x'
        a: \(yes)   # why
        b: \(number)

      """
    }
    let cases: [(String, String)] = [
      (map("yes", "1.10"), map("\"yes\"", "\"1.10\"")),
      (
        deployment("Deploymnet", "\"3\"", "selctor"), deployment("Deployment", "3", "selector")
      ),
    ]
    let fixer = Fixer(Validator(ValidationContext()))
    for (before, after) in cases {
      let outcome = try #require(fixer.fix(SourceText(before), isExplicit: true))
      #expect(String(decoding: outcome.bytes, as: UTF8.self) == after)
      #expect(fixer.fix(SourceText(after), isExplicit: true) == nil)
    }
  }
}
