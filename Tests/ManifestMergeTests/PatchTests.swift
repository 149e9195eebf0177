import ManifestMerge
import ManifestSchema
import ManifestSyntax
import TestRecordings
import Testing

/// Patches of each form, with what becomes of an object or which refusal there is.
@Test func patchesAsTheServerDoes() {
  let types = MergeTypes(schema: Schema())
  let json: [(object: String, patch: String, result: String)] = [
    (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2}]"#, #"{"a":1,"b":2}"#),
    (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
    (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
    (#"{"a":[1,2]}"#, #"[{"op":"remove","path":"/a/-1"}]"#, #"{"a":[1]}"#),
    (#"{"a/b":1}"#, #"[{"op":"replace","path":"/a~1b","value":2}]"#, #"{"a/b":2}"#),
    (#"{"~1":1}"#, #"[{"op":"remove","path":"/~01"}]"#, "{}"),
    (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
    (#"{"a":1}"#, #"[{"op":"copy","from":"/a","path":"/b"}]"#, #"{"a":1,"b":1}"#),
    (#"{"a":1}"#, #"[{"op":"test","path":"/a","value":1.0}]"#, #"{"a":1}"#),
    (#"{"a":1}"#, #"[{"op":"test","path":"/b","value":null}]"#, #"{"a":1}"#),
    (#"{"a":1}"#, #"[{"op":"test","path":"/a","value":2}]"#, "422"),
    (#"{"a":1}"#, #"[{"op":"remove","path":"/b"}]"#, "422"),
    (#"{"a":[]}"#, #"[{"op":"add","path":"/a/1","value":0}]"#, "422"),
    (#"{"a":1}"#, #"[{"op":"add","path":"/b/c","value":0}]"#, "422"),
    (#"{"a":1}"#, #"[{"op":"remove","path":""}]"#, "422"),
    (#"{"a":1}"#, #"[{"op":"jump","path":"/a"}]"#, "422"),
    (#"{"a":1}"#, #"{"op":"add"}"#, "400"),
  ]
  for (object, patch, result) in json {
    #expect(outcome(.json(Value(json: patch)), object, types) == result, "\(patch)")
  }
  let merge: [(object: String, patch: String, result: String)] = [
    (#"{"a":{"b":1,"c":2}}"#, #"{"a":{"b":null,"d":3}}"#, #"{"a":{"c":2,"d":3}}"#),
    (#"{"a":[1]}"#, #"{"a":[2,{"x":null}]}"#, #"{"a":[2,{"x":null}]}"#),
    (#"{"a":1}"#, #"{"b":{"c":null,"d":1}}"#, #"{"a":1,"b":{"d":1}}"#),
    (#"{"a":1}"#, "[]", "400"),
  ]
  for (object, patch, result) in merge {
    #expect(outcome(.merge(Value(json: patch)), object, types) == result, "\(patch)")
  }
}

/// The pod spec of an object, a strategic patch of it, and what becomes of it.
private let strategicCases: [(spec: String, patch: String, result: String)] = [
  (
    #"{"containers":[{"name":"a","image":"x"},{"name":"b"}]}"#,
    #"{"containers":[{"name":"a","image":"y"}]}"#,
    #"{"containers":[{"name":"a","image":"y"},{"name":"b"}]}"#
  ),
  (
    #"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"name":"b"}]}"#,
    #"{"containers":[{"name":"b"},{"name":"a"}]}"#
  ),
  (
    #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
    #"{"$setElementOrder/containers":[{"name":"b"},{"name":"a"}],"containers":[]}"#,
    #"{"containers":[{"name":"b"},{"name":"a"}]}"#
  ),
  (
    #"{"containers":[{"name":"a"},{"name":"b"}]}"#,
    #"{"containers":[{"$patch":"delete","name":"a"}]}"#, #"{"containers":[{"name":"b"}]}"#
  ),
  (
    #"{"containers":[{"name":"a"}]}"#,
    #"{"containers":[{"$patch":"replace"},{"name":"b"}]}"#, #"{"containers":[{"name":"b"}]}"#
  ),
  (
    #"{"securityContext":{"runAsUser":1}}"#,
    #"{"securityContext":{"$patch":"replace","fsGroup":2}}"#,
    #"{"securityContext":{"fsGroup":2}}"#
  ),
  (
    #"{"securityContext":{"runAsUser":1}}"#, #"{"securityContext":{"$patch":"delete"}}"#,
    #"{"securityContext":{}}"#
  ),
  (
    #"{"volumes":[{"name":"v","emptyDir":{}}]}"#,
    #"{"volumes":[{"$retainKeys":["configMap","name"],"name":"v","configMap":{"name":"c"}}]}"#,
    #"{"volumes":[{"name":"v","configMap":{"name":"c"}}]}"#
  ),
  (
    #"{"tolerations":[{"key":"a"}]}"#, #"{"tolerations":[{"key":"b"}]}"#,
    #"{"tolerations":[{"key":"b"}]}"#
  ),
  (#"{"nodeName":"n"}"#, #"{"nodeName":null,"hostname":"h"}"#, #"{"hostname":"h"}"#),
  (
    #"{"containers":[{"name":"a"}]}"#, #"{"containers":[{"image":"y"}]}"#, "422"
  ),
  (#"{"containers":[]}"#, #"{"$setElementOrder/containers":3}"#, "400"),
  (
    #"{"volumes":[{"name":"v"}]}"#,
    #"{"volumes":[{"$retainKeys":["name"],"name":"v","emptyDir":{}}]}"#, "400"
  ),
]

@Test func patchesStrategically() {
  let types = MergeTypes(schema: Schema())
  for (spec, patch, result) in strategicCases {
    let object = #"{"apiVersion":"v1","kind":"Pod","spec":\#(spec)}"#
    let found = outcome(.strategic(Value(json: #"{"spec":\#(patch)}"#)), object, types)
    let expected = Value(json: result).int64 == nil ? Value(json: result) : Value.null
    if expected == .null {
      #expect(found == result, "\(patch)")
    } else {
      #expect(Value(json: found)["spec"] == expected, "\(patch) gave \(found)")
    }
  }
  let finalizers = #"{"apiVersion":"v1","kind":"Pod","metadata":{"finalizers":["a","b"]}}"#
  let sets: [(patch: String, result: String)] = [
    (#"{"finalizers":["c"]}"#, #"["c","a","b"]"#),
    (#"{"$deleteFromPrimitiveList/finalizers":["a"]}"#, #"["b"]"#),
    (#"{"$setElementOrder/finalizers":["c","b"],"finalizers":["c"]}"#, #"["c","a","b"]"#),
  ]
  for (patch, result) in sets {
    let found = outcome(.strategic(Value(json: #"{"metadata":\#(patch)}"#)), finalizers, types)
    #expect(Value(json: found)["metadata"]?["finalizers"] == Value(json: result), "\(patch)")
  }
}

private func outcome(_ patch: Patch, _ object: String, _ types: MergeTypes) -> String {
  do throws(PatchRefusal) {
    return JSONWriter.string(try patch.applied(to: Value(json: object), types: types))
  } catch {
    switch error {
    case .malformed: return "400"
    case .inapplicable: return "422"
    }
  }
}
