import ManifestSyntax
import Testing

@testable import ManifestSchema

/// The tree of the first document of `text`.
func tree(_ text: String) throws -> Tree {
  var reader = DocumentReader(SourceText(text))
  let tree = try #require(reader.next()?.tree, "\(text)")
  tree.fillPlaceholders([:])
  return tree
}

/// A definition of `example.com/v1 Shop` whose spec is `schema`, in flow or indented by ten.
func definition(spec schema: String, more: String = "") -> String {
  """
  apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata: {name: shops.example.com}
  spec:
    group: example.com
    names: {kind: Shop, plural: shops, shortNames: [sh], categories: [all]}
    scope: Namespaced
    versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: \(schema)
            status: {type: object, properties: {phase: {type: string}}}
  \(more)
  """
}

/// A schema that knows the kinds of `definition`.
func schema(knowing definition: String) throws -> Schema {
  let (kinds, diagnostics) = CustomKinds.read(try tree(definition))
  #expect(diagnostics.isEmpty, "\(diagnostics.map(\.message)): \(definition)")
  let schema = Schema()
  try #require(kinds).install(into: schema)
  return schema
}

/// What is wrong with a Shop of this `spec`: code, reason and path.
private func findings(_ schema: Schema, spec: String, top: String = "") throws -> [String] {
  let text = "apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: a}\nspec: \(spec)\n\(top)"
  let gvk = GroupVersionKind(group: "example.com", version: "v1", kind: "Shop")
  let checker = try #require(schema.customChecker(for: gvk))
  return checker.check(try tree(text)).map {
    "\($0.code) \($0.reason.rawValue) \($0.path)"
  }
}

private typealias Case = (schema: String, good: [String], bad: [(spec: String, found: String)])

/// Runs each good and bad spec of each schema.
private func run(_ cases: [Case]) throws {
  for (text, good, bad) in cases {
    let known = try schema(knowing: definition(spec: text))
    for spec in good {
      let found = try findings(known, spec: spec)
      #expect(found.isEmpty, "\(found)\n\(text)\n\(spec)")
    }
    for (spec, expected) in bad {
      let found = try findings(known, spec: spec)
      #expect(found.joined(separator: "; ") == expected, "\(text)\n\(spec)")
    }
  }
}

@Test("types, fields and nulls are judged as the API server judges them")
func structure() throws {
  try run([
    (
      "{type: object, required: [a], properties: {a: {type: string}, b: {type: integer}}}",
      ["{a: x}", "{a: x, b: 2}", "{a: x, b: 2.0}", "{a: x, b: ~}", "{a: '${NAME}', b: '${N}'}"],
      [
        ("{}", "CRD-03 FieldValueRequired spec.a"), ("{a: ~}", "CRD-03 FieldValueRequired spec.a"),
        ("{a: 1}", "CRD-02 FieldValueTypeInvalid spec.a"),
        ("{a: x, b: '2'}", "CRD-02 FieldValueTypeInvalid spec.b"),
        ("{a: x, b: 2.5}", "CRD-02 FieldValueTypeInvalid spec.b"),
        ("{a: x, c: 1}", "CRD-01 UnknownField spec.c"), ("[]", "CRD-02 FieldValueTypeInvalid spec"),
        ("{a: [x]}", "CRD-02 FieldValueTypeInvalid spec.a"),
      ]
    ),
    (
      "{type: object, required: [a], properties: {a: {type: string, default: x}}}",
      ["{}", "{a: ~}"],
      [("{a: true}", "CRD-02 FieldValueTypeInvalid spec.a")]
    ),
    (
      "{type: object, required: [a], properties: {a: {type: string, nullable: true}}}", ["{a: ~}"],
      [("{}", "CRD-03 FieldValueRequired spec.a")]
    ),
    (
      "{type: object, x-kubernetes-preserve-unknown-fields: true, properties: {a: {type: object}}}",
      ["{z: {y: 1}}"], [("{a: {z: 1}}", "CRD-01 UnknownField spec.a.z")]
    ),
    (
      "{type: object, additionalProperties: {type: integer}}", ["{x: 1}", "{x: ~}"],
      [("{x: a}", "CRD-02 FieldValueTypeInvalid spec.x")]
    ),
    ("{type: object, additionalProperties: true}", ["{x: {y: 1}}"], []),
    (
      "{type: array, items: {type: boolean}}", ["[true, no]"],
      [
        ("[true, 1]", "CRD-02 FieldValueTypeInvalid spec[1]"),
        ("[~]", "CRD-02 FieldValueTypeInvalid spec[0]"),
      ]
    ),
    (
      "{x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}", ["5", "5%"],
      [("true", "CRD-02 FieldValueTypeInvalid spec"), ("1.5", "CRD-02 FieldValueTypeInvalid spec")]
    ),
    (
      """
      {type: object, x-kubernetes-embedded-resource: true,
              x-kubernetes-preserve-unknown-fields: true}
      """,
      ["{apiVersion: v1, kind: X, metadata: {name: a}, z: 1}"],
      [
        ("{kind: X}", "CRD-14 FieldValueRequired spec.apiVersion"),
        ("{apiVersion: v1, kind: X, metadata: {nam: a}}", "DEC-05 UnknownField spec.metadata.nam"),
      ]
    ),
    (
      "{type: object, properties: {metadata: {type: object, properties: {x: {type: string}}}}}",
      ["{metadata: {x: a}}"], [("{metadata: {name: a}}", "CRD-01 UnknownField spec.metadata.name")]
    ),
  ])
}

@Test("bounds, lengths, patterns and formats are judged")
func limits() throws {
  try run([
    (
      "{type: integer, minimum: 1, maximum: 5}", ["1", "5"],
      [("0", "CRD-05 FieldValueInvalid spec"), ("6", "CRD-05 FieldValueInvalid spec")]
    ),
    (
      "{type: number, minimum: 0, exclusiveMinimum: true, maximum: 1.5}", ["0.1", "1.5"],
      [("0", "CRD-05 FieldValueInvalid spec"), ("1.6", "CRD-05 FieldValueInvalid spec")]
    ),
    ("{type: integer, multipleOf: 3}", ["9", "0", "-3"], [("4", "CRD-05 FieldValueInvalid spec")]),
    ("{type: number, multipleOf: 0.1}", ["0.3", "7"], [("0.35", "CRD-05 FieldValueInvalid spec")]),
    (
      "{type: integer, format: int32}", ["2147483647"],
      [("2147483648", "CRD-05 FieldValueInvalid spec")]
    ),
    (
      "{type: integer, format: int64}", ["9223372036854775807"],
      [("9223372036854775808", "CRD-05 FieldValueInvalid spec")]
    ),
    (
      "{type: string, minLength: 1, maxLength: 3}", ["a", "äöü"],
      [("''", "CRD-06 FieldValueInvalid spec"), ("abcd", "CRD-06 FieldValueTooLong spec")]
    ),
    ("{type: string, pattern: '^a+$'}", ["aa"], [("b", "CRD-07 FieldValueInvalid spec")]),
    ("{type: string, enum: [A, B]}", ["A", "${X}"], [("a", "CRD-04 FieldValueNotSupported spec")]),
    ("{type: integer, enum: [1, 2]}", ["1", "2.0"], [("3", "CRD-04 FieldValueNotSupported spec")]),
    (
      "{type: array, minItems: 1, maxItems: 2, items: {type: string}}", ["[a]"],
      [("[]", "CRD-09 FieldValueInvalid spec"), ("[a, b, c]", "CRD-09 FieldValueTooMany spec")]
    ),
    (
      "{type: object, minProperties: 1, maxProperties: 1, additionalProperties: {type: string}}",
      ["{a: b}"],
      [("{}", "CRD-09 FieldValueInvalid spec"), ("{a: b, c: d}", "CRD-09 FieldValueTooMany spec")]
    ),
    (
      "{type: array, x-kubernetes-list-type: set, items: {type: string}}",
      ["[a, b]", "['${A}', '${A}']"],
      [("[a, b, a]", "CRD-10 FieldValueDuplicate spec[2]")]
    ),
    (
      """
      {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k, p], items:
              {type: object, required: [k], properties: {k: {type: integer},
              p: {type: string, default: T}}}}
      """, ["[{k: 1}, {k: 1, p: U}]"],
      [
        ("[{k: 1}, {k: 1, p: T}]", "CRD-10 FieldValueDuplicate spec[1]"),
        ("[{k: 1}, {p: T}]", "CRD-03 FieldValueRequired spec[1].k"),
      ]
    ),
  ])
}

@Test("formats refuse what is certainly wrong")
func formats() {
  let formats: [(format: String, good: [String], bad: [String])] = [
    ("byte", ["aGk="], ["%"]), ("date", ["2024-02-29"], ["2023-02-29", "x"]),
    (
      "date-time", ["2024-01-01T10:00:00Z", "2024-01-01t10:00:00.5+02:00"], ["2024-01-01", "10:00"]
    ),
    ("duration", ["1h30m", "5 days", "0", "1.5s"], ["", "5", "x", "5 apples"]),
    ("email", ["a@b.c", "A <a@b.c>"], ["a", "@b", "a@"]),
    ("hostname", ["a", "a-b.example.com"], ["-a", "a..b", "a_b"]),
    ("ipv4", ["10.0.0.1"], ["::1", "10.0.0.256"]), ("ipv6", ["::1"], ["10.0.0.1", "g::"]),
    ("cidr", ["10.0.0.0/8"], ["10.0.0.0"]), ("uri", ["https://a/b", "/x"], ["a b", "x"]),
    ("uuid", ["8f14e45f-ceea-467f-9575-2b1b2d3c4e5f"], ["8f14"]), ("nobody-knows", ["x"], []),
  ]
  for (format, good, bad) in formats {
    for text in good {
      #expect(CustomFormat.help(for: text, as: format) == nil, "\(format) \(text)")
    }
    for text in bad {
      #expect(CustomFormat.help(for: text, as: format) != nil, "\(format) \(text)")
    }
  }
}

@Test("alternatives are judged together")
func alternatives() throws {
  let fields = "properties: {a: {type: string}, b: {type: string}}"
  try run([
    (
      "{type: object, \(fields), oneOf: [{required: [a]}, {required: [b]}]}", ["{a: x}", "{b: x}"],
      [("{}", "CRD-11 FieldValueInvalid spec"), ("{a: x, b: z}", "CRD-11 FieldValueInvalid spec")]
    ),
    (
      "{type: object, \(fields), anyOf: [{required: [a]}, {required: [b]}]}", ["{a: x, b: z}"],
      [("{}", "CRD-11 FieldValueInvalid spec")]
    ),
    (
      "{type: object, \(fields), allOf: [{required: [a]}, {properties: {a: {minLength: 2}}}]}",
      ["{a: xx}"],
      [("{a: x}", "CRD-06 FieldValueInvalid spec.a"), ("{}", "CRD-03 FieldValueRequired spec.a")]
    ),
    (
      "{type: object, \(fields), not: {required: [a]}}", ["{b: x}"],
      [("{a: x}", "CRD-11 FieldValueInvalid spec")]
    ),
    (
      """
      {type: object, \(fields), oneOf: [{properties: {a: {enum: [x]}}},
              {properties: {a: {enum: [w]}}}]}
      """,
      ["{a: x}", "{a: '${A}'}"], [("{a: z}", "CRD-11 FieldValueInvalid spec")]
    ),
  ])
}

@Test("what every object has is allowed and judged; a status kept apart counts for its fields only")
func wholeObjects() throws {
  let plain = try schema(knowing: definition(spec: "{type: object}"))
  let apart = try schema(
    knowing: definition(spec: "{type: object}", more: "    subresources: {status: {}}"))
  let cases: [(text: String, plain: String, apart: String)] = [
    ("", "", ""), ("sepc: {}", "CRD-01 UnknownField sepc", "CRD-01 UnknownField sepc"),
    ("status: {phase: 1}", "CRD-02 FieldValueTypeInvalid status.phase", ""),
    ("status: {phse: a}", "CRD-01 UnknownField status.phse", "CRD-01 UnknownField status.phse"),
  ]
  for (text, first, second) in cases {
    #expect(try findings(plain, spec: "{}", top: text).joined() == first, "\(text)")
    #expect(try findings(apart, spec: "{}", top: text).joined() == second, "\(text)")
  }
  let gvk = GroupVersionKind(group: "example.com", version: "v1", kind: "Shop")
  let list = try tree(
    "items: [{apiVersion: example.com/v1, kind: Shop, metadata: {labels: 1}, spce: {}}]")
  let item = try #require(list.node(at: "items[0]"))
  let found = try #require(plain.customChecker(for: gvk)).check(list, item)
  #expect(
    found.map { "\($0.code) \($0.path)" } == [
      "DEC-15 items[0].metadata.labels", "CRD-01 items[0].spce",
    ])
  #expect(found.last?.help == "did you mean 'spec'?")
  var mode = SchemaChecker.Mode()
  mode.isPatch = true
  let strict = try schema(
    knowing: definition(spec: "{type: object, required: [a], properties: {a: {type: string}}}"))
  let patch = try tree("apiVersion: example.com/v1\nkind: Shop\nspec: {$patch: replace}\n")
  #expect(try #require(strict.customChecker(for: gvk)).check(patch, mode: mode).isEmpty)
}

@Test("kinds carry their names, and their fields are types")
func kindsAndTypes() throws {
  let known = try schema(
    knowing: definition(
      spec: """
        {type: object, required: [size], properties: {
                size: {type: integer, format: int32, minimum: 1, default: 3},
                mode: {type: string, enum: [A, B]},
                ports: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k],
                  items: {type: object, properties: {k: {type: string}}}},
                labels: {type: object, additionalProperties: {type: string}}}}
        """))
  let kind = try #require(known.kind(apiVersion: "example.com/v1", kind: "Shop"))
  #expect(
    kind.plural == "shops" && kind.singular == "shop" && kind.shortNames == ["sh"]
      && kind.isNamespaced)
  #expect(known.kind(apiVersion: "example.com/v1", kind: "ShopList")?.isList == true)
  let root = known.type(kind.type)
  #expect(root.fields.map(\.name) == ["apiVersion", "kind", "metadata", "spec", "status"])
  let specID = try #require(root.fields[3].type.objectType)
  let spec = known.type(specID)
  #expect(spec.qualifiedName == "example.com.v1/ShopSpec")
  #expect(spec.fields.map(\.name) == ["size", "mode", "ports", "labels"])
  #expect(spec.fields[0].type == FieldType(.int32) && spec.fields[0].min == 1)
  #expect(spec.fields[0].defaultWord == .constant("3") && !spec.fields[0].isRequired)
  #expect(spec.fields[1].enumValues == ["A", "B"])
  #expect(spec.fields[2].listKeys == ["k"] && spec.fields[2].listType == .map)
  #expect(spec.fields[3].type == .map(of: .string))
  let ports = try #require(known.field(of: specID, named: "ports"))
  let port = try #require(known.row(ports).type.objectType)
  #expect(known.field(of: port, named: "k") != nil && known.field(of: port, named: "m") == nil)
}
