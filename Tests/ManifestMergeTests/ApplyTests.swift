import ManifestMerge
import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

private func manager(
  _ types: MergeTypes, apiVersion: String = "apps/v1", kind: String = "Deployment"
) -> FieldManager {
  FieldManager(apiVersion: apiVersion, kind: kind, types: types)
}

private func deployment(_ spec: String, annotations: String = "{}") -> Value {
  Value(
    json: """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"obj",\
      "annotations":\(annotations)},"spec":\(spec)}
      """)
}

private func owners(_ object: Value) throws -> [String: [String]] {
  let managed = try ManagedFields(object["metadata"]?["managedFields"])
  return Dictionary(
    managed.entries.map { ($0.writer.manager, $0.fields.paths.map(\.pathText)) },
    uniquingKeysWith: +)
}

/// Configurations made at random over a few fields whose lists merge by key, as sets and as a
/// whole.
private struct RandomConfigs {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }

  mutating func config() -> Value {
    var spec: [String] = []
    if next(2) == 0 { spec.append(#""replicas":\#(next(3))"#) }
    if next(4) == 0 { spec.append(#""paused":null"#) }
    var pod: [String] = []
    if next(3) > 0 {
      let names = ["a", "b", "c"].filter { _ in next(2) == 0 }
      pod.append("\"containers\":[\(names.map { container($0) }.joined(separator: ","))]")
    }
    if next(3) == 0 { pod.append(#""tolerations":[{"key":"k\#(next(2))"}]"#) }
    if next(3) == 0 { pod.append(#""nodeSelector":{"n\#(next(2))":"v"}"#) }
    spec.append(#""template":{"spec":{\#(pod.joined(separator: ","))}}"#)
    // Never empty: an empty map is owned but not stored, so that applying it forces it every time.
    let labels = (0...next(2)).map { #""l\#($0)":"\#(next(2))""# }.joined(separator: ",")
    return deployment("{\(spec.joined(separator: ","))}", annotations: "{\(labels)}")
  }

  mutating func container(_ name: String) -> String {
    var fields = [#""name":"\#(name)""#]
    if next(2) == 0 { fields.append(#""image":"i\#(next(2))""#) }
    if next(2) == 0 { fields.append(#""ports":[{"containerPort":\#(80 + next(2))}]"#) }
    if next(3) == 0 { fields.append(#""args":["\#(next(2))"]"#) }
    return "{\(fields.joined(separator: ","))}"
  }
}

@Test func applyingTwiceIsApplyingOnce() throws {
  let schema = Schema()
  let types = MergeTypes(schema: schema)
  let kind = try #require(schema.kind(apiVersion: "apps/v1", kind: "Deployment"))
  var random = RandomConfigs(state: 11)
  for round in 0..<100 {
    let server = SmallServer(schema: schema, types: types, kind: kind)
    for step in 0..<5 {
      let config = random.config()
      let name = "m\(random.next(3))"
      _ = try server.apply(config, by: name)
      let isChanged = try server.apply(config, by: name)
      #expect(!isChanged, "round \(round), step \(step): \(JSONWriter.string(config))")
      // Whoever applies owns what it applied, whatever others did before.
      let managed = try ManagedFields(server.object?["metadata"]?["managedFields"])
      let mine = managed.entries.first { $0.writer.manager == name }?.fields ?? FieldSet()
      let object = try TypedObject(config, types: types)
      let unowned = Set(object.fields().subtracting(mine).paths.map(\.pathText))
      #expect(unowned.isSubset(of: [".apiVersion", ".kind", ".metadata.name"]), "\(unowned)")
    }
  }
}

@Test func settlesOwnership() throws {
  let types = MergeTypes(schema: Schema())
  let fields = manager(types)
  let first = try fields.apply(
    deployment(#"{"replicas":1}"#), to: nil, manager: "a", force: false, time: "1")
  let conflict = #expect(throws: ApplyRefusal.self) {
    try fields.apply(
      deployment(#"{"replicas":2}"#), to: first, manager: "b", force: false, time: "2")
  }
  guard case .conflict(let conflict)? = conflict else { return }
  #expect(
    conflict.message == "Apply failed with 1 conflict: conflict with \"a\": .spec.replicas")
  let shared = try fields.apply(
    deployment(#"{"replicas":1}"#), to: first, manager: "b", force: false, time: "2")
  #expect(
    try owners(shared) == [
      "a": [".metadata.annotations", ".spec.replicas"],
      "b": [".metadata.annotations", ".spec.replicas"],
    ])
  let given = try fields.apply(
    deployment("{}"), to: shared, manager: "a", force: false, time: "3")
  #expect(given["spec"]?["replicas"] == 1, "others still own it")
  let updated = fields.update(
    deployment(#"{"replicas":7}"#), over: given, manager: "c", time: "4")
  #expect(try owners(updated)["c"] == [".spec.replicas"])
  #expect(try owners(updated)["b"] == [".metadata.annotations"])
}

@Test func joinsTheOldestOfTooManyUpdates() throws {
  let types = MergeTypes(schema: Schema())
  let fields = manager(types)
  var live = fields.update(deployment("{}"), over: nil, manager: "m", time: "00")
  for number in 1...14 {
    var next = live
    next["spec"] = ["replicas": .int(Int64(number)), "f": 1]
    var labels = live["metadata"]?["labels"] ?? .emptyMap
    labels["l\(number)"] = "x"
    next["metadata"]?["labels"] = labels
    let time = number < 10 ? "0\(number)" : "\(number)"
    live = fields.update(next, over: live, manager: "m\(number)", time: time)
  }
  let managed = try ManagedFields(live["metadata"]?["managedFields"])
  #expect(managed.entries.count == 10)
  #expect(managed.entries.contains { $0.writer.manager == "ancient-changes" })
  let all = managed.entries.reduce(FieldSet()) { $0.union($1.fields) }
  for number in 1...14 {
    #expect(all.contains([.field("metadata"), .field("labels"), .field("l\(number)")]))
  }
}

@Test func takesOverFromClientSideApply() throws {
  let types = MergeTypes(schema: Schema())
  let fields = manager(types)
  let last = #"{"apiVersion":"apps/v1","kind":"Deployment","spec":{"replicas":1,"paused":true}}"#
  var object = deployment(#"{"replicas":1,"paused":false}"#)
  object["metadata"]?["annotations"] = [
    "kubectl.kubernetes.io/last-applied-configuration": .string(last)
  ]
  let live = fields.update(object, over: nil, manager: "kubectl-client-side-apply", time: "1")
  let config = Value(
    json: #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"<obj>"},"spec":"#
      + #"{"replicas":2}}"#)
  let taken = try fields.apply(config, to: live, manager: "kubectl", force: false, time: "2")
  let annotation = taken["metadata"]?["annotations"]?[
    "kubectl.kubernetes.io/last-applied-configuration"]
  #expect(
    annotation
      == .string(
        #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"\u003cobj\u003e"},"#
          + #""spec":{"replicas":2}}"# + "\n"))
  #expect(throws: ApplyRefusal.self, "it was changed since it was last applied") {
    try fields.apply(
      deployment(#"{"paused":true}"#), to: live, manager: "kubectl", force: false, time: "2")
  }
  #expect(throws: ApplyRefusal.self, "only kubectl takes over") {
    try fields.apply(config, to: live, manager: "other", force: false, time: "2")
  }
}

@Test func refusesWhatDoesNotFitTheSchema() throws {
  let types = MergeTypes(schema: Schema())
  let fields = manager(types)
  let cases: [(spec: String, says: String)] = [
    (#"{"replicas":"x"}"#, ".spec.replicas: expected numeric"),
    (#"{"nope":1}"#, ".spec.nope: field not declared in schema"),
    (#"{"template":[]}"#, ".spec.template: expected map"),
    (
      #"{"template":{"spec":{"containers":[{"name":"a"},{"name":"a"}]}}}"#,
      #".spec.template.spec.containers: duplicate entries for key [name="a"]"#
    ),
    (#"{"template":{"spec":{"containers":[null]}}}"#, "element 0"),
    (#"{"template":{"spec":{"containers":["x"]}}}"#, "element 0"),
  ]
  for (spec, says) in cases {
    let refusal = #expect(throws: ApplyRefusal.self, "\(spec)") {
      try fields.apply(deployment(spec), to: nil, manager: "a", force: false, time: "1")
    }
    guard case .schema(let troubles)? = refusal else {
      Issue.record("\(spec): \(String(describing: refusal))")
      continue
    }
    #expect(troubles.description.contains(says), "\(troubles)")
  }
}

@Test func ownsObjectsOfUnknownKindsByKey() throws {
  let types = MergeTypes(schema: Schema())
  let fields = manager(types, apiVersion: "example.com/v1", kind: "Thing")
  let config = Value(
    json: #"{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"x"},"#
      + #""spec":{"a":{"b":1},"list":[1,2]}}"#)
  let live = try fields.apply(config, to: nil, manager: "m", force: false, time: "1")
  #expect(try owners(live)["m"] == [".spec", ".spec.a", ".spec.a.b", ".spec.list"])
}

@Test func showsDifferencesByMeaning() {
  let types = MergeTypes(schema: Schema())
  let old = deployment(
    #"{"template":{"spec":{"containers":[{"name":"a","image":"x","resources":{"limits":"#
      + #"{"cpu":"1000m"}}},{"name":"b"}],"volumes":[{"name":"v","emptyDir":{}}]}}}"#)
  let same = deployment(
    #"{"template":{"spec":{"containers":[{"name":"a","image":"x","args":[],"resources":{"limits":"#
      + #"{"cpu":1}}},{"name":"b"}],"volumes":[{"name":"v","emptyDir":{}}]}}}"#)
  #expect(ObjectDiff(from: old, to: same, types: types).isEmpty)
  let new = deployment(
    #"{"template":{"spec":{"containers":[{"name":"b"},{"name":"c"},{"name":"a","image":"y","#
      + #""resources":{"limits":{"cpu":1}}}],"volumes":[{"name":"v"}]}}}"#)
  let found = ObjectDiff(from: old, to: new, types: types).changes.map {
    "\($0.kind) \($0.path.pathText) \($0.fieldPath)"
  }
  let pod = ".spec.template.spec"
  let path = "spec.template.spec"
  #expect(
    found == [
      #"added \#(pod).containers[name="c"] \#(path).containers[1]"#,
      #"modified \#(pod).containers[name="a"].image \#(path).containers[2].image"#,
      "reordered \(pod).containers \(path).containers",
      #"removed \#(pod).volumes[name="v"].emptyDir \#(path).volumes[0].emptyDir"#,
    ])
}
