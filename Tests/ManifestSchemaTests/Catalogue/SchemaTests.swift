import ManifestSyntax
import Testing

@testable import ManifestSchema

@Test("a field is found in every version, and says whether this version has it")
func fieldsOfVersions() throws {
  let cases: [(type: String, field: String, versions: ClosedRange<Int>)] = [
    ("Container", "resizePolicy", 27...37), ("PodSpec", "containers", 25...37),
    ("PodSpec", "workloadRef", 35...35), ("apps.v1/StatefulSetSpec", "serviceName", 25...37),
  ]
  for version in KubernetesVersion.all {
    let schema = Schema(version: version)
    for (type, field, versions) in cases {
      let id = try #require(schema.typeID(named: type))
      let index = try #require(schema.field(of: id, named: field), "\(type).\(field)")
      #expect(schema.row(index).isAvailable == versions.contains(version.minor), "\(type).\(field)")
    }
    let id = try #require(schema.typeID(named: "PodSpec"))
    #expect(schema.field(of: id, named: "container") == nil)
    #expect(schema.field(of: id, named: "") == nil)
  }
}

@Test("required fields follow the version")
func requiredFields() throws {
  let cases: [(type: String, minor: Int, names: [String])] = [
    ("PodSpec", 25, ["containers"]), ("PodSpec", 37, ["containers"]),
    ("apps.v1/StatefulSetSpec", 32, ["selector", "template", "serviceName"]),
    ("apps.v1/StatefulSetSpec", 33, ["selector", "template"]), ("Toleration", 37, []),
  ]
  for (type, minor, names) in cases {
    let schema = Schema(version: KubernetesVersion(minor: minor))
    let id = try #require(schema.typeID(named: type))
    let found = (0..<schema.requiredCount(of: id)).map { index in
      let field = schema.requiredField(of: id, at: index)
      #expect(schema.row(field).requiredIndex == index)
      return schema.row(field).nameBytes.string
    }
    #expect(found == names, "\(type) in 1.\(minor)")
  }
}

@Test("words added by hand are read")
func handWords() throws {
  let schema = Schema()
  let cases: [(type: String, field: String, word: DefaultWord, isZeroUnset: Bool)] = [
    ("Probe", "periodSeconds", .constant("10"), true),
    ("apps.v1/DeploymentSpec", "replicas", .constant("1"), false),
    ("HostPathVolumeSource", "type", .constant(""), false),
    ("Container", "imagePullPolicy", .computed("imagePullPolicy"), false),
  ]
  for (type, name, word, isZeroUnset) in cases {
    let id = try #require(schema.typeID(named: type))
    let index = try #require(schema.field(of: id, named: name))
    let field = schema.field(index, of: id)
    #expect(field.defaultWord == word && field.isZeroUnset == isZeroUnset, "\(type).\(name)")
    #expect(schema.row(index).traits.contains(.hasDefault))
  }
  let probe = try #require(schema.typeID(named: "Probe"))
  #expect(schema.type(probe).hasView)
  #expect(schema.type(probe).fields.first { $0.name == "exec" }?.tagPath == [1, 1])
}

@Test("types and kinds added at run time are found like the embedded ones")
func runTimeTypes() throws {
  let schema = Schema(version: KubernetesVersion(minor: 30))
  var size = Field(name: "size", type: FieldType(.int32))
  size.isRequired = true
  var spec = ObjectType(name: "Spec", qualifiedName: "example.com.v1/Spec", fields: [size])
  spec.unnamedFields = .any
  let id = schema.add(type: spec)
  let root = ObjectType(
    name: "Shop", qualifiedName: "example.com.v1/Shop",
    fields: [Field(name: "spec", type: FieldType(id))])
  let gvk = GroupVersionKind(group: "example.com", version: "v1", kind: "Shop")
  schema.add(
    kind: Kind(gvk: gvk, type: schema.add(type: root), plural: "shops", scope: .namespaced))
  let kind = try #require(schema.kind(apiVersion: "example.com/v1", kind: "Shop"))
  let field = try #require(schema.field(of: kind.type, named: "spec"))
  #expect(schema.row(field).type.shape == .object(id))
  #expect(schema.requiredCount(of: id) == 1)
  #expect(schema.unnamedFields(of: id) == .any && schema.unnamedFields(of: kind.type) == nil)
  #expect(schema.apiVersions(ofKind: "Shop") == [gvk])
  #expect(schema.kinds().contains { $0.gvk == gvk })
}
