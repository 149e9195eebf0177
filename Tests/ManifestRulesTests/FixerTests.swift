import ManifestRules
import ManifestSyntax
import Testing

struct FixerTests {
  @Test func fixesWhatIsSafeAndNothingElse() throws {
    let cases: [(String, String)] = [
      (
        "apiVersion: v1 # core\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  on: 'x'\n  a: yes   # why\n  b: 1.10\n",
        "apiVersion: v1 # core\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  on: 'x'\n  a: \"yes\"   # why\n  b: \"1.10\"\n"
      ),
      (
        "apiVersion: apps/v1\r\nkind: Deploymnet\r\nmetadata:\r\n  name: a\r\nspec:\r\n  replicas: \"3\"\r\n  selctor: {matchLabels: {a: b}}\r\n  template:\r\n    metadata: {labels: {a: b}}\r\n    spec:\r\n      containers:\r\n      - {name: a, image: b}\r\n",
        "apiVersion: apps/v1\r\nkind: Deployment\r\nmetadata:\r\n  name: a\r\nspec:\r\n  replicas: 3\r\n  selector: {matchLabels: {a: b}}\r\n  template:\r\n    metadata: {labels: {a: b}}\r\n    spec:\r\n      containers:\r\n      - {name: a, image: b}\r\n"
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
