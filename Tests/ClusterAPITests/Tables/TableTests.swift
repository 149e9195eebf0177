import ClusterAPI
import Foundation
import ManifestSchema
import ManifestSyntax
import Testing

private let now = Time(seconds: 1_767_225_600)

private func kind(of object: Value) -> GroupVersionKind {
  GroupVersionKind(
    apiVersion: object["apiVersion"]?.string ?? "", kind: object["kind"]?.string ?? "")
}

/// The objects of a file as tables, one for each run of objects of one kind.
private func text(of objects: [Value], _ options: TableText.Options) -> String {
  var groups: [[Value]] = []
  for object in objects where object["kind"] != "CustomResourceDefinition" {
    if let last = groups.last?.first, kind(of: last) == kind(of: object) {
      groups[groups.count - 1].append(object)
    } else {
      groups.append([object])
    }
  }
  let definitions = objects.filter { $0["kind"] == "CustomResourceDefinition" }
  return groups.map { group in
    let kind = kind(of: group[0])
    let definition = definitions.first { $0["spec"]?["group"]?.string == kind.group }
    var writer = TableText(options)
    return writer.text(of: Table(of: group, kind: kind, definition: definition, now: now))
  }.joined(separator: "\n")
}

@Test("objects become the tables that kubectl shows, narrow and wide")
func objectsBecomeTables() throws {
  let folder = Golden.root.appending(path: "fixtures/tables")
  let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  #expect(!names.isEmpty)
  var wide = TableText.Options()
  wide.isWide = true
  for name in names {
    let objects = try Golden.objects("tables/\(name).yaml")
    try Golden.expect(
      text(of: objects, TableText.Options()) + "\n# wide\n\n" + text(of: objects, wide),
      "tables/\(name).txt")
  }
}

@Test("kinds without columns of their own show when they were created; custom ones their age")
func otherKindsShowTheirAge() {
  let role = GroupVersionKind(apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role")
  #expect(Table.columns(of: role).map(\.name) == ["Name", "Created At"])
  let widget = GroupVersionKind(apiVersion: "example.com/v1", kind: "Widget")
  #expect(Table.columns(of: widget, definition: .emptyMap).map(\.name) == ["Name", "Age"])
}

@Test("text has namespace, labels and prefixes where asked for, and one heading for a watch")
func textHasOptions() {
  let objects: [Value] = [
    [
      "metadata": [
        "name": "a", "namespace": "shop", "labels": ["k.io/name": "web", "tier": "x"],
        "creationTimestamp": "2025-12-31T23:59:00Z",
      ], "data": ["k": "v"],
    ],
    ["metadata": ["name": "longer-name\nrow", "namespace": "shop"]],
  ]
  let configMap = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
  var options = TableText.Options()
  options.showsNamespace = true
  options.showsLabels = true
  options.labelColumns = ["k.io/name"]
  options.namePrefix = "configmap/"
  var writer = TableText(options)
  let first = writer.text(of: Table(of: objects, kind: configMap, now: now))
  #expect(
    first == """
      NAMESPACE   NAME                       DATA   AGE         NAME     LABELS
      shop        configmap/a                1      60s         web      k.io/name=web,tier=x
      shop        configmap/longer-name...   0      <unknown>   <none>   <none>

      """)
  let next = writer.text(of: Table(of: [objects[0]], kind: configMap, now: now))
  #expect(
    next == """
      shop        configmap/a                1      60s         web      k.io/name=web,tier=x

      """)
  options = TableText.Options()
  options.hasHeadings = false
  var bare = TableText(options)
  #expect(bare.text(of: Table(of: [objects[0]], kind: configMap, now: now)) == "a     1     60s\n")
}

@Test("spans of time have two or three figures")
func spansAreShort() {
  let cases: [(seconds: Int64, text: String)] = [
    (-5, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (150, "2m30s"),
    (599, "9m59s"), (600, "10m"), (10_799, "179m"), (10_800, "3h"), (11_100, "3h5m"),
    (28_800, "8h"), (172_799, "47h"), (172_800, "2d"), (176_400, "2d1h"), (691_200, "8d"),
    (63_071_999, "729d"), (63_072_000, "2y"), (63_158_400, "2y1d"), (252_288_000, "8y"),
    (.max, "292471208677y"), (.min, "<invalid>"),
  ]
  for (seconds, text) in cases { #expect(HumanDuration.text(seconds: seconds) == text) }
}

@Test("tables on the wire have columns, cells and as much of the objects as was asked for")
func tablesOnTheWire() {
  let pod: Value = ["metadata": ["name": "a"], "status": ["phase": "Succeeded"]]
  let table = Table(of: [pod], kind: GroupVersionKind(apiVersion: "v1", kind: "Pod"), now: now)
  let value = table.value(metadata: ["resourceVersion": "7"])
  #expect(value["kind"] == "Table" && value["apiVersion"] == "meta.k8s.io/v1")
  #expect(value["metadata"]?["resourceVersion"] == "7")
  #expect(value["columnDefinitions"]?[0]?["format"] == "name")
  #expect(value["columnDefinitions"]?[5]?["priority"] == 1)
  let row = value["rows"]?[0]
  #expect(row?["cells"]?.list?.count == value["columnDefinitions"]?.list?.count)
  #expect(row?["conditions"]?[0]?["reason"] == "Succeeded")
  #expect(row?["object"]?["kind"] == "PartialObjectMetadata")
  #expect(row?["object"]?["status"] == nil)
  #expect(table.value(including: .none)["rows"]?[0]?["object"] == nil)
  #expect(table.value(including: .object)["rows"]?[0]?["object"] == pod)
  #expect(table.value(withColumns: false)["columnDefinitions"] == .null)
}

@Test("the form of an answer is the first of the header that there is")
func formsAreNegotiated() {
  let table = "application/json;as=Table;v=v1;g=meta.k8s.io"
  let cases: [(accept: String?, form: ObjectForm?)] = [
    (nil, .json), ("*/*", .json), ("application/yaml", .yaml),
    ("\(table),application/json", .table),
    ("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", .partial),
    ("application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io,\(table)", .table),
    ("application/vnd.kubernetes.protobuf", nil), ("text/html", nil),
    ("text/html, application/*;q=0.8", .json), ("application/yaml;q=0", nil),
    ("application/json;q=0.1,application/yaml", .yaml),
    ("application/json;as=Other;v=v1;g=meta.k8s.io,application/json", .json),
  ]
  for (accept, form) in cases {
    #expect(ObjectForm(AcceptHeader(accept)) == form, "\(accept ?? "none")")
  }
}

@Test("lists and objects are told in the form that was negotiated")
func formsAreTold() {
  let configMap = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
  let object: Value = [
    "kind": "ConfigMap", "metadata": ["name": "a", "resourceVersion": "4"], "data": ["k": "v"],
  ]
  let list: Value = [
    "kind": "ConfigMapList", "metadata": ["resourceVersion": "9", "continue": "x"],
    "items": [object, object],
  ]
  let told = { (form: ObjectForm, answer: Value) in
    form.value(of: answer, kind: configMap, now: now)
  }
  #expect(told(.json, list) == list)
  #expect(told(.table, list)["metadata"] == ["resourceVersion": "9", "continue": "x"])
  #expect(told(.table, list)["rows"]?.list?.count == 2)
  #expect(told(.table, object)["metadata"] == ["resourceVersion": "4"])
  #expect(told(.table, object)["rows"]?[0]?["cells"]?[1] == 1)
  #expect(told(.partial, list)["kind"] == "PartialObjectMetadataList")
  #expect(told(.partial, list)["items"]?[0]?["data"] == nil)
  #expect(told(.partial, object)["metadata"]?["name"] == "a")
}

@Test("objects that are all wrong still have a cell in every column")
func wrongObjectsHaveRows() {
  let wrong: [Value] = [
    .null, .emptyMap, [], "text", 7, ["metadata": 3, "spec": [], "status": "x"],
    [
      "metadata": [
        "name": 5, "labels": [1], "creationTimestamp": true, "ownerReferences": [.null],
      ],
      "spec": ["ports": [1], "containers": "x", "metrics": [["type": "Pods"], 3], "rules": [7]],
      "status": [
        "conditions": [1, "x"], "initContainerStatuses": [["restartCount": .int(.max)], 3],
        "containerStatuses": [["restartCount": .int(.max), "state": 3], "x"],
        "loadBalancer": ["ingress": "x"], "hard": ["pods": []],
      ],
    ],
  ]
  for kind in Schema().allKinds() {
    let table = Table(of: wrong, kind: kind.gvk, now: now)
    for row in table.rows { #expect(row.cells.count == table.columns.count, "\(kind.gvk)") }
    var options = TableText.Options()
    options.isWide = true
    options.showsLabels = true
    var writer = TableText(options)
    #expect(writer.text(of: table).split(separator: "\n").count == wrong.count + 1)
  }
}
