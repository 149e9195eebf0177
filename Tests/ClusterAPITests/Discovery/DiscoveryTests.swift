import ClusterAPI
import ManifestSchema
import ManifestSyntax
import Testing

private let definition = """
  apiVersion: apiextensions.k8s.io/v1
  kind: CustomResourceDefinition
  metadata: {name: widgets.example.com}
  spec:
    group: example.com
    scope: Namespaced
    names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wi], categories: [all]}
    versions:
    - name: v1beta1
      served: true
      storage: false
      schema: {openAPIV3Schema: {type: object}}
    - name: v2
      served: true
      storage: true
      subresources:
        status: {}
        scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {replicas: {type: integer}}}
  """

/// A schema with the custom kind, and the definition itself.
func schemaWithWidgets() throws -> (schema: Schema, definition: Value) {
  let schema = Schema(version: KubernetesVersion(minor: 36))
  var reader = DocumentReader(SourceText(definition))
  let tree = try #require(reader.next()?.tree)
  try #require(CustomKinds.read(tree).kinds).install(into: schema)
  return (schema, tree.value())
}

private func answer(_ path: String, accept: String? = nil) throws -> (String, Value) {
  let schema = try schemaWithWidgets().schema
  let discovery = Discovery(ResourceCatalog(schema: schema), version: schema.version)
  return try #require(discovery.answer(path: path, accept: AcceptHeader(accept)), "\(path)")
}

@Test("discovery in its old form names groups, versions, resources and subresources")
func discoversInTheOldForm() throws {
  let core = try answer("/api").1
  #expect(core["kind"] == "APIVersions")
  #expect(core["versions"] == ["v1"])
  let groups = try answer("/apis").1["groups"]?.list ?? []
  let names = groups.compactMap { $0["name"]?.string }
  #expect(names.first == "apiregistration.k8s.io")
  #expect(names.last == "example.com")
  let widgets = groups.last
  #expect(widgets?["preferredVersion"]?["version"] == "v2")
  #expect(widgets?["versions"]?[1]?["groupVersion"] == "example.com/v1beta1")
  #expect(try answer("/apis/autoscaling").1["preferredVersion"]?["version"] == "v2")

  let list = try answer("/apis/apps/v1").1
  #expect(list["groupVersion"] == "apps/v1")
  let resources = list["resources"]?.list ?? []
  let scale = resources.first { $0["name"] == "deployments/scale" }
  #expect(
    scale == [
      "name": "deployments/scale", "singularName": "", "namespaced": true, "group": "autoscaling",
      "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"],
    ])
  #expect(resources.first { $0["name"] == "deployments" }?["shortNames"] == ["deploy"])
  let discovery = Discovery(ResourceCatalog(schema: Schema()), version: .latest)
  for path in ["/apis/apps/v2", "/apis/none", "/apis/none/v1", "/api/v2", "/version"] {
    #expect(discovery.answer(path: path, accept: AcceptHeader(nil)) == nil, "\(path)")
  }
}

@Test("clients get the aggregated form when they ask for it first, with its exact content type")
func discoversInTheAggregatedForm() throws {
  let form = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
  let cases: [(accept: String?, contentType: String)] = [
    ("\(form),application/json", form), ("application/json,\(form)", "application/json"),
    (nil, "application/json"), ("*/*", "application/json"),
    ("application/json;as=Other;g=x;v=v9,\(form)", form),
    ("\(form);q=0.5,application/json", "application/json"),
    (form.replacing("v=v2", with: "v=v2beta1"), form.replacing("v=v2", with: "v=v2beta1")),
  ]
  for (accept, contentType) in cases {
    #expect(try answer("/apis", accept: accept).0 == contentType, "\(accept ?? "none")")
  }
  let items = try answer("/apis", accept: form).1["items"]?.list ?? []
  let widgets = items.last?["versions"]?[0]?["resources"]?[0]
  #expect(items.last?["metadata"]?["name"] == "example.com")
  #expect(widgets?["responseKind"]?["version"] == "v2")
  #expect(widgets?["scope"] == "Namespaced")
  #expect(widgets?["subresources"]?.list?.map { $0["subresource"] } == ["scale", "status"])
  let core = try answer("/api", accept: form).1["items"]
  #expect(core?.list?.count == 1)
  #expect(core?[0]?["versions"]?[0]?["version"] == "v1")
}

@Test("resources, verbs and subresources are those of Kubernetes 1.36")
func discoversWhatKubernetesServes() throws {
  guard let facts = try Golden.shared("kubernetes-api/resources-1.36.json")?.list else {
    print("skipped: there is no ../shared/kubernetes-api")
    return
  }
  let schema = Schema(version: KubernetesVersion(minor: 36))
  let discovery = Discovery(ResourceCatalog(schema: schema), version: schema.version)
  for fact in facts {
    let group = fact["group"]?.string ?? ""
    let version = fact["version"]?.string ?? ""
    let path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    let found = discovery.answer(path: path, accept: AcceptHeader(nil))?.body
    let isServed = !version.contains("alpha") && !version.contains("beta")
    #expect((found != nil) == isServed, "\(path)")
    let name = fact["resource"]?.string ?? ""
    let resources = found?["resources"]?.list ?? []
    guard isServed else { continue }
    let main = resources.first { $0["name"]?.string == name }
    for field in ["kind", "namespaced", "verbs"] {
      #expect(main?[field] == fact[field], "\(path) \(name) \(field)")
    }
    #expect(main?["singularName"] == fact["singular"], "\(path) \(name)")
    let parts = fact["subresources"]?.map?.entries ?? []
    let foundParts = resources.filter { $0["name"]?.string?.hasPrefix(name + "/") == true }
    #expect(foundParts.compactMap { $0["name"]?.string } == parts.map { "\(name)/\($0.key)" })
    for (part, other) in zip(parts, foundParts) {
      #expect(other["kind"] == part.value["kind"], "\(name)/\(part.key)")
      #expect(other["verbs"] == part.value["verbs"], "\(name)/\(part.key)")
      let wanted = part.value["group"]?.string ?? ""
      #expect((other["group"]?.string ?? group) == (wanted.isEmpty ? group : wanted))
    }
  }
}

@Test("the version is told in parts")
func tellsTheVersion() {
  let version = Discovery.version("v1.36.2")
  #expect(version["major"] == "1")
  #expect(version["minor"] == "36")
  #expect(version["gitVersion"] == "v1.36.2")
}
