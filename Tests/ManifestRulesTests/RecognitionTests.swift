import ManifestSchema
import ManifestSyntax
import Testing

@testable import ManifestRules

/// What is passed over in folders, and what placeholders keep from being judged.
@Suite struct RecognitionTests {
  private static let object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: "

  /// Statuses of the documents, the reason of a file that is passed over whole, and the codes.
  private func verdict(
    on text: String, named name: String, context: ValidationContext, isExplicit: Bool = false
  ) -> String {
    let result = Validator(context).validate(SourceText(name: name, text), isExplicit: isExplicit)
    if result.documents.isEmpty { return "whole: \(result.skipReason ?? "-")" }
    return result.documents.map { document in
      let codes = document.diagnostics.map(\.diagnostic.code)
      return ([document.status.rawValue] + codes).joined(separator: " ")
    }.joined(separator: ", ")
  }

  @Test func knowsFilesThatAreNoManifests() {
    var context = ValidationContext()
    context.survey(SourceText(name: "shop/Chart.yaml", "apiVersion: v2\nname: shop\n"))
    let template = "whole: a template that has not been rendered"
    let cases = [
      ("shop/templates/a.yaml", Self.object + "'{{ .Values.name }}'\n", template),
      ("shop/templates/sub/a.yaml", Self.object + "{{ .Values.name }}\n", template),
      ("shop/templates/plain.yaml", Self.object + "web\n", "valid"),
      ("other/templates/a.yaml", Self.object + "'{{ x }}'\n", "invalid META-02"),
      ("a.yaml", "{% if x %}\n" + Self.object + "web\n{% endif %}\n", template),
      ("a.yaml", "#@ load(\"@ytt:data\", \"data\")\n" + Self.object + "#@ data.name\n", template),
      ("shop/values.yaml", "metadata: {}\nspec: {}\n", "skipped"),
      ("shop/ci/small-values.yaml", "kind: ConfigMap\nmetadata: {}\n", "skipped"),
      ("values.yaml", Self.object + "web\n", "valid"),
      ("compose.test.yaml", "kind: x\nmetadata: {}\nspec: {}\n", "skipped"),
      (
        "tsconfig.json", "{\n  // strict\n  \"strict\": true\n}\n",
        "whole: neither a Kubernetes manifest nor well-formed"
      ),
      ("a.json", "{\n  // note\n  \"kind\": \"Service\"\n}\n", "invalid DEC-27"),
      ("a.yaml", "a: b: c\n", "whole: neither a Kubernetes manifest nor well-formed"),
      ("a.yaml", "a: b: c\n---\n" + Self.object + "web\n", "invalid DEC-27, valid"),
      ("a.yaml", "apiVersion: skaffold/v3\nkind: Config\n", "skipped"),
      ("a.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n", "skipped"),
      ("a.yaml", "apiVersion: v1\nkind: Config\n", "skipped"),
      ("a.yaml", "apiVersion: v1\nkind: List\nitems: []\n", "skipped"),
      ("a.yaml", "apiVersion: v1\nkind: PodList\n", "skipped"),
      ("a.yaml", "apiVersion: v1\nkind: List\nitems: {a: b}\n", "invalid DEC-14"),
      ("a.yaml", "apiVersion: v1\nkind: LisList\n", "invalid DEC-02"),
      ("a.yaml", Self.object + "web\nsops: {mac: x, version: 3.9.0}\n", "skipped"),
      ("a.yaml", Self.object + "web\nsops: {}\n", "invalid DEC-05"),
      (
        "a.yaml", "apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec: {token: x}\n",
        "valid"
      ),
    ]
    for (name, text, expected) in cases {
      #expect(verdict(on: text, named: name, context: context) == expected, "\(name): \(text)")
    }
    #expect(
      verdict(on: "a: b: c\n", named: "a.yaml", context: context, isExplicit: true)
        == "invalid DEC-27")
    context.options.skipsNonManifests = true
    let named = Self.object + "{{ .Values.name }}\n"
    #expect(
      verdict(on: named, named: "shop/templates/a.yaml", context: context, isExplicit: true)
        == template)
  }

  @Test func leavesPlaceholdersUnjudged() {
    let labels = Self.object + "web\n  labels:\n    "
    let cases: [(String, [String: String], String)] = [
      (Self.object + "${NAME}\n", [:], "valid KMF-01"),
      (Self.object + "${NAME}\n", ["NAME": "Web"], "invalid META-02"),
      (Self.object + "${NAME:-web}\n", [:], "valid"),
      (Self.object + "${NAME:-${OTHER}}\n", [:], "valid KMF-01"),
      (labels + "${KEY}: x\n", [:], "valid KMF-01"),
      (labels + "${KEY}: x\n", ["KEY": "a b"], "invalid META-07"),
      (Self.object + "web\n${PART}: {}\n", ["PART": "data"], "valid"),
      (Self.object + "web\n${PART}: {}\n", ["PART": "daat"], "invalid DEC-05"),
      (Self.object + "web\ndata: ${DATA}\n", ["DATA": "{a: b}"], "valid KMF-01"),
      ("apiVersion: v1\nkind: ${KIND}\nmetadata:\n  name: web\n", [:], "skipped KMF-01"),
      ("${ALL}\n", [:], "skipped KMF-01"),
    ]
    for (text, values, expected) in cases {
      var context = ValidationContext()
      context.options.substitutions = values
      let found = verdict(on: text, named: "a.yaml", context: context, isExplicit: true)
      #expect(found == expected, "\(text) with \(values)")
    }
  }

  @Test(.timeLimit(.minutes(1))) func takesTimeInProportionToFindings() {
    let count = 30_000
    var texts = ["labels": Self.object + "a\n  labels:\n"]
    texts["ports"] = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec:\n  ports:\n"
    for number in 0..<count {
      texts["labels"]? += "    'bad key \(number)': x\n"
      texts["ports"]? += "  - port: \(number + 1)\n    name: P\(number)\n"
    }
    let open = String(repeating: "${", count: count * 4) + String(repeating: "${a:-", count: count)
    texts["placeholders"] = Self.object + "a\n  annotations: {a: \"" + open + "}\"}\n"
    for (name, text) in texts {
      let result = Validator(ValidationContext()).validate(
        SourceText(name: "a.yaml", text), isExplicit: true)
      let found = result.documents.first?.diagnostics.count ?? 0
      #expect(name == "placeholders" ? found <= 1 : found >= count, "\(name): \(found)")
    }
  }
}
