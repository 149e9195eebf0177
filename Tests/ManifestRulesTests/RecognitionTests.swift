import ManifestSchema
import ManifestSyntax
import Testing

@testable import ManifestRules

/// What is passed over in folders, and what placeholders keep from being judged.
@Suite struct RecognitionTests {
  private static let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: "

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
      ("shop/templates/a.yaml", Self.service + "'{{ .Values.name }}'\n", template),
      ("shop/templates/sub/a.yaml", Self.service + "{{ .Values.name }}\n", template),
      ("shop/templates/plain.yaml", Self.service + "web\n", "valid"),
      ("other/templates/a.yaml", Self.service + "'{{ x }}'\n", "invalid META-03"),
      ("a.yaml", "{% if x %}\n" + Self.service + "web\n{% endif %}\n", template),
      ("a.yaml", "#@ load(\"@ytt:data\", \"data\")\n" + Self.service + "#@ data.name\n", template),
      ("shop/values.yaml", "metadata: {}\nspec: {}\n", "skipped"),
      ("shop/ci/small-values.yaml", "kind: Service\nmetadata: {}\n", "skipped"),
      ("values.yaml", Self.service + "web\n", "valid"),
      ("compose.test.yaml", "kind: x\nmetadata: {}\nspec: {}\n", "skipped"),
      (
        "tsconfig.json", "{\n  // strict\n  \"strict\": true\n}\n",
        "whole: neither a Kubernetes manifest nor well-formed"
      ),
      ("a.json", "{\n  // note\n  \"kind\": \"Service\"\n}\n", "invalid DEC-27"),
      ("a.yaml", "a: b: c\n", "whole: neither a Kubernetes manifest nor well-formed"),
      ("a.yaml", "a: b: c\n---\n" + Self.service + "web\n", "invalid DEC-27, valid"),
    ]
    for (name, text, expected) in cases {
      #expect(verdict(on: text, named: name, context: context) == expected, "\(name): \(text)")
    }
    #expect(
      verdict(on: "a: b: c\n", named: "a.yaml", context: context, isExplicit: true)
        == "invalid DEC-27")
    context.options.skipsNonManifests = true
    let named = Self.service + "{{ .Values.name }}\n"
    #expect(
      verdict(on: named, named: "shop/templates/a.yaml", context: context, isExplicit: true)
        == template)
  }

  @Test func leavesPlaceholdersUnjudged() {
    let labels = Self.service + "web\n  labels:\n    "
    let cases: [(String, [String: String], String)] = [
      (Self.service + "${NAME}\n", [:], "valid KMF-01"),
      (Self.service + "${NAME}\n", ["NAME": "Web"], "invalid META-03"),
      (Self.service + "${NAME:-web}\n", [:], "valid"),
      (Self.service + "${NAME:-${OTHER}}\n", [:], "valid KMF-01"),
      (labels + "${KEY}: x\n", [:], "valid KMF-01"),
      (labels + "${KEY}: x\n", ["KEY": "a b"], "invalid META-07"),
      (Self.service + "web\n${PART}: {}\n", ["PART": "spec"], "valid"),
      (Self.service + "web\n${PART}: {}\n", ["PART": "spek"], "invalid DEC-05"),
      (Self.service + "web\nspec: ${SPEC}\n", ["SPEC": "{type: ExternalName}"], "valid KMF-01"),
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
    var texts = ["labels": Self.service + "a\n  labels:\n"]
    texts["ports"] = Self.service + "a\nspec:\n  ports:\n"
    for number in 0..<count {
      texts["labels"]? += "    'bad key \(number)': x\n"
      texts["ports"]? += "  - port: \(number + 1)\n    name: P\(number)\n"
    }
    let open = String(repeating: "${", count: count * 4) + String(repeating: "${a:-", count: count)
    texts["placeholders"] = Self.service + "a\n  annotations: {a: \"" + open + "}\"}\n"
    for (name, text) in texts {
      let result = Validator(ValidationContext()).validate(
        SourceText(name: "a.yaml", text), isExplicit: true)
      let found = result.documents.first?.diagnostics.count ?? 0
      #expect(name == "placeholders" ? found == 0 : found >= count, "\(name): \(found)")
    }
  }
}
