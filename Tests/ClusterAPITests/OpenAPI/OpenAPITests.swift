import ClusterAPI
import ManifestSchema
import ManifestSyntax
import Testing

private func documents() throws -> OpenAPIDocuments {
  let (schema, definition) = try schemaWithWidgets()
  return OpenAPIDocuments(
    schema: schema, catalog: ResourceCatalog(schema: schema), definitions: [definition])
}

/// Every reference within a value.
private func references(in value: Value) -> [String] {
  switch value {
  case .list(let items): items.flatMap(references)
  case .map(let map):
    map.entries.flatMap { entry in
      // JSON Schema itself has a property of that name.
      entry.key == "$ref"
        ? entry.value.string.map { [$0] } ?? references(in: entry.value)
        : references(in: entry.value)
    }
  default: []
  }
}

@Test("every document of the index exists, and every reference in it leads somewhere")
func documentsAreWhole() throws {
  let documents = try documents()
  let index = try #require(documents.answer(path: "/openapi/v3")?["paths"]?.map)
  #expect(index["apis/apps/v1"] != nil && index["api/v1"] != nil)
  #expect(index["apis/example.com/v2"] != nil)
  for entry in index.entries {
    let address = entry.value["serverRelativeURL"]?.string ?? ""
    #expect(address.hasPrefix("/openapi/v3/\(entry.key)?hash="), "\(entry.key)")
    let document = try #require(documents.answer(path: "/openapi/v3/\(entry.key)"))
    let schemas = document["components"]?["schemas"]?.map
    let names = Set((schemas?.entries ?? []).map { "#/components/schemas/\($0.key)" })
    for reference in Set(references(in: document)).subtracting(names).sorted() {
      Issue.record("\(entry.key): \(reference) leads nowhere")
    }
  }
  #expect(documents.answer(path: "/openapi/v3/apis/apps/v9") == nil)
  #expect(documents.answer(path: "/openapi/v2") == nil)
}

@Test("kubectl finds that the server validates fields: PATCH has the parameter, for every kind")
func patchesTakeFieldValidation() throws {
  let documents = try documents()
  let cases = [
    ("api/v1", "Pod"), ("apis/apps/v1", "Deployment"), ("apis/example.com/v2", "Widget"),
  ]
  for (path, kind) in cases {
    let items = documents.answer(path: "/openapi/v3/\(path)")?["paths"]?.map?.entries ?? []
    let patches = items.compactMap { $0.value["patch"] }.filter {
      $0["x-kubernetes-group-version-kind"]?["kind"]?.string == kind
    }
    #expect(!patches.isEmpty, "\(kind)")
    for patch in patches {
      let names = patch["parameters"]?.list?.compactMap { $0["name"]?.string }
      #expect(names == ["dryRun", "fieldManager", "fieldValidation", "force"], "\(kind)")
      let types = patch["requestBody"]?["content"]?.map?.keys ?? []
      #expect(types.contains("application/strategic-merge-patch+json") == (kind != "Widget"))
    }
  }
}

@Test("lists and maps say how they merge, fields what they hold")
func documentsSayHowToMerge() throws {
  let document = try #require(try documents().document(group: "", version: "v1"))
  let schemas = document["components"]?["schemas"]
  let spec = schemas?["io.k8s.api.core.v1.PodSpec"]
  let containers = spec?["properties"]?["containers"]
  #expect(containers?["x-kubernetes-list-type"] == "map")
  #expect(containers?["x-kubernetes-list-map-keys"] == ["name"])
  #expect(containers?["x-kubernetes-patch-merge-key"] == "name")
  #expect(containers?["x-kubernetes-patch-strategy"] == "merge")
  #expect(spec?["required"] == ["containers"])
  #expect(spec?["properties"]?["nodeSelector"]?["x-kubernetes-map-type"] == "atomic")
  let port = schemas?["io.k8s.api.core.v1.ContainerPort"]?["properties"]
  #expect(port?["protocol"]?["default"] == "TCP")
  #expect(port?["hostIP"] == ["type": "string"])
  #expect(port?["containerPort"]?["format"] == "int32")
  #expect(port?["containerPort"]?["maximum"] == 65535)
  let pod = schemas?["io.k8s.api.core.v1.Pod"]
  #expect(
    pod?["x-kubernetes-group-version-kind"] == [["group": "", "version": "v1", "kind": "Pod"]])
}

@Test("a custom kind's own schema is told, with the fields of every object")
func documentsTellCustomKinds() throws {
  let documents = try documents()
  let document = try #require(documents.document(group: "example.com", version: "v2"))
  let widget = document["components"]?["schemas"]?["com.example.v2.Widget"]
  #expect(widget?["properties"]?["spec"]?["properties"]?["replicas"] == ["type": "integer"])
  #expect(widget?["properties"]?["metadata"]?["$ref"] != nil)
  #expect(document["paths"]?["/apis/example.com/v2/namespaces/{namespace}/widgets"] != nil)
}

@Test("an address changes when what it leads to does, and only then")
func addressesChangeWithTheirDocuments() throws {
  let (schema, definition) = try schemaWithWidgets()
  let catalog = ResourceCatalog(schema: schema)
  var changed = definition
  changed["spec"]?["versions"] = []
  let index = { (definitions: [Value]) in
    OpenAPIDocuments(schema: schema, catalog: catalog, definitions: definitions).index()["paths"]
  }
  let (first, second) = (index([definition]), index([changed]))
  #expect(first == index([definition]))
  #expect(first?["apis/apps/v1"] == second?["apis/apps/v1"])
  #expect(first?["apis/example.com/v2"] != second?["apis/example.com/v2"])
}

@Test("a document in full; count up OpenAPIDocuments.edition when this one changes")
func documentInFull() throws {
  let document = try #require(try documents().document(group: "scheduling.k8s.io", version: "v1"))
  try Golden.expect(JSONWriter.string(document, .indented) + "\n", "openapi/scheduling-v1.json")
}
