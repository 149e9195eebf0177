import ManifestSyntax
import Testing

@testable import ManifestSchema

@Test("definitions are judged where their own schema is silent")
func definitions() throws {
  let good = definition(spec: "{type: object}")
  let cases: [(old: String, new: String, found: String)] = [
    ("", "", ""), ("name: shops.ex", "name: shop.ex", "CRD-20 metadata.name"),
    ("name: shops.example.com", "name: '${NAME}'", ""),
    ("storage: true", "storage: false", "CRD-26 spec.versions"),
    (
      "        type: object\n", "        type: array\n",
      "CRD-21 spec.versions[0].schema.openAPIV3Schema.type"
    ),
    (
      "        type: object\n", "        title: x\n",
      "CRD-21 spec.versions[0].schema.openAPIV3Schema.type"
    ),
    (
      "spec: {type: object}", "spec: {type: string, pattern: '(?=a)'}",
      "CRD-22 spec.versions[0].schema.openAPIV3Schema.properties.spec.pattern"
    ),
  ]
  for (old, new, expected) in cases {
    let text = old.isEmpty ? good : replacing(old, by: new, in: good)
    let found = CustomKinds.read(try tree(text)).diagnostics
    #expect(found.map { "\($0.code) \($0.path)" }.joined() == expected, "\(text)")
  }
  #expect(CustomKinds.read(try tree("kind: Pod\napiVersion: v1")).kinds == nil)
  #expect(
    CustomKinds.read(
      try tree("kind: CustomResourceDefinition\napiVersion: apiextensions.k8s.io/v1\nspec: 3")
    ).kinds == nil)
}

/// `text` with the first `old` replaced.
private func replacing(_ old: String, by new: String, in text: String) -> String {
  var index = text.startIndex
  while index < text.endIndex, !text[index...].hasPrefix(old) { index = text.index(after: index) }
  guard index < text.endIndex else { return "not found: \(old)" }
  return text[..<index] + new + text[text.index(index, offsetBy: old.count)...]
}

@Test("the old form keeps unknown fields unless told not to")
func oldDefinitions() throws {
  func text(_ more: String) -> String {
    """
    apiVersion: apiextensions.k8s.io/v1beta1
    kind: CustomResourceDefinition
    metadata: {name: shops.example.com}
    spec:
      group: example.com
      version: v1
      \(more)
      names: {kind: Shop, plural: shops}
      scope: Cluster
      validation:
        openAPIV3Schema:
          properties: {spec: {type: object, required: [a], properties: {a: {type: string}}}}
    """
  }
  let gvk = GroupVersionKind(group: "example.com", version: "v1", kind: "Shop")
  let object = try tree("apiVersion: example.com/v1\nkind: Shop\nspec: {b: 1}\n")
  for (more, expected) in [
    ("", ["CRD-03 spec.a"]), ("preserveUnknownFields: false", ["CRD-01 spec.b", "CRD-03 spec.a"]),
  ] {
    let known = try schema(knowing: text(more))
    #expect(known.kind(apiVersion: "example.com/v1", kind: "Shop")?.scope == .cluster)
    let found = try #require(known.customChecker(for: gvk)).check(object)
    #expect(found.map { "\($0.code) \($0.path)" } == expected, "\(more)")
  }
}

@Test("foreign schemas are found by their path and judge by the rules of JSON Schema")
func foreignSchemas() throws {
  let gvk = GroupVersionKind(group: "Cert.io", version: "v1", kind: "Issuer")
  let core = GroupVersionKind(group: "", version: "v1", kind: "Pod")
  let version = KubernetesVersion(minor: 31)
  let paths: [(location: String, gvk: GroupVersionKind, path: String)] = [
    (
      "s/{{ .Group }}/{{.ResourceKind}}_{{- .ResourceAPIVersion -}}.json", gvk,
      "s/Cert.io/issuer_v1.json"
    ),
    ("s/", gvk, "s/v1.31.0-standalone-strict/issuer-cert-v1.json"),
    ("s", core, "s/v1.31.0-standalone-strict/pod-v1.json"),
    ("file:///s/{{ .Group }}{{ .KindSuffix }}.json", core, "/s/v1-v1.json"),
    (
      "{{ .ResourceKind }}.json", GroupVersionKind(group: "a", version: "v1", kind: "../x"),
      ".._x.json"
    ),
  ]
  for (location, gvk, path) in paths {
    #expect(
      try SchemaLocation(location).paths(for: gvk, version: version).first == path, "\(location)")
  }
  for text in [
    "https://x/y.json", "{{ .Nope }}.json", "{{ .Group", "{{ lower .Group }}.json", "{{Group}}",
  ] {
    #expect(throws: SchemaLocationError.self, "\(text)") { try SchemaLocation(text) }
  }
  let file = """
    {"$ref": "#/definitions/root", "definitions": {
      "root": {"type": "object", "additionalProperties": false, "required": ["spec"],
        "properties": {"spec": {"$ref": "#/definitions/a~1b"}}},
      "a/b": {"type": ["object", "null"], "patternProperties": {"^x-": {"type": "string"}},
        "additionalProperties": false, "properties": {
          "size": {"exclusiveMinimum": 0, "type": "integer"},
          "inner": {"$ref": "#/definitions/a~1b"},
          "fixed": {"const": 7}, "pair": {"items": [{"type": "string"}, {"type": "integer"}]}}}}}
    """
  let found = SchemaLocation.find(
    gvk, version: version, in: [.embedded, try SchemaLocation("s")], isEmbedded: false
  ) { $0 == "s/v1.31.0-standalone/issuer-cert-v1.json" ? SourceText(name: $0, file) : nil }
  guard case .schema(let kinds, _, let diagnostics) = found else {
    Issue.record("not found")
    return
  }
  #expect(diagnostics.isEmpty)
  let known = Schema()
  kinds.install(into: known)
  let cases: [(spec: String, found: [String])] = [
    ("{size: 1, x-a: b, inner: {inner: {size: 2}}, fixed: 7, pair: [a, 1, z]}", []),
    ("{size: 0}", ["CRD-05 spec.size"]), ("{x-a: 1}", ["CRD-02 spec.x-a"]),
    ("{z: 1}", ["CRD-01 spec.z"]),
    ("{inner: {inner: {sise: 2}}}", ["CRD-01 spec.inner.inner.sise"]),
    ("{fixed: 8}", ["CRD-04 spec.fixed"]),
    ("{pair: [1, a]}", ["CRD-02 spec.pair[0]", "CRD-02 spec.pair[1]"]),
  ]
  for (spec, expected) in cases {
    let object = try tree(
      "apiVersion: Cert.io/v1\nkind: Issuer\nmetadata: {name: a}\nspec: \(spec)\n")
    let found = try #require(known.customChecker(for: gvk)).check(object)
    #expect(found.map { "\($0.code) \($0.path)" } == expected, "\(spec)")
  }
  let missing = SchemaLocation.find(
    core, version: version, in: [.embedded], isEmbedded: true
  ) { _ in nil }
  if case .embedded = missing {} else { Issue.record("the tables come first") }
  #expect(JSONSchema.read(SourceText("")).schema == nil)
  #expect(JSONSchema.read(SourceText("[1]")).schema == nil)
  #expect(JSONSchema.read(SourceText("{")).diagnostics.isEmpty == false)
}

@Test("schemas that contain themselves, or abuse alternatives, end")
func schemaBombs() throws {
  let gvk = GroupVersionKind(group: "x.io", version: "v1", kind: "X")
  let deepList = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
  let self40 = Array(repeating: "{\"$ref\": \"#\"}", count: 40).joined(separator: ",")
  let schemas: [String] = [
    ##"{"$ref": "#"}"##, ##"{"allOf": [{"$ref": "#"}]}"##,
    ##"{"anyOf": [\##(self40)], "minLength": 1}"##,
    ##"{"oneOf": [\##(self40)], "properties": {"spec": {"$ref": "#"}}}"##,
    ##"{"not": {"$ref": "#"}}"##,
    ##"""
    {"properties": {"spec": {"items": {"$ref": "#/properties/spec"},
      "anyOf": [{}, {"$ref": "#/properties/spec"}]}}}
    """##,
    ##"""
    {"$ref": "#/definitions/a",
      "definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}}}
    """##,
    ##"{"$ref": "#/nowhere", "minLength": 2}"##, ##"{"$ref": "other.json#/x"}"##,
    ##"{"items": {"$ref": "#"}, "type": "array"}"##,
    "{\"enum\": [\((0..<20_000).map { "\"v\($0)\"" }.joined(separator: ","))]}",
    String(repeating: "{\"not\":", count: 600) + "{}" + String(repeating: "}", count: 600),
  ]
  for text in schemas {
    let schema = try #require(JSONSchema.read(SourceText(text)).schema, "\(text.prefix(60))")
    let known = Schema()
    CustomKinds([CustomKind(gvk: gvk, schema: schema)]).install(into: known)
    let kind = try #require(known.kind(apiVersion: "x.io/v1", kind: "X"))
    #expect(!known.type(kind.type).fields.isEmpty)
    for spec in ["{}", deepList, "[\(Array(repeating: "a", count: 3000).joined(separator: ","))]"] {
      let object = try tree("apiVersion: x.io/v1\nkind: X\nspec: \(spec)\n")
      _ = try #require(known.customChecker(for: gvk)).check(object)
    }
  }
}
