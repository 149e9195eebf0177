import ManifestMerge
import ManifestSchema
import ManifestSyntax
import Testing

@Test("recorded server-side-apply scenarios lead to the same objects, owners and conflicts")
func appliesAsTheServer() throws {
  guard let scenarios = try Scenario.all() else {
    print("skipped: no ../shared/conformance to compare server-side apply with")
    return
  }
  let schema = Schema(version: KubernetesVersion(minor: 36))
  let types = MergeTypes(schema: schema)
  var agreed = 0
  var failures: [String] = []
  for scenario in scenarios {
    let apiVersion = scenario.kind == "Deployment" ? "apps/v1" : "v1"
    let kind = try #require(schema.kind(apiVersion: apiVersion, kind: scenario.kind))
    let server = SmallServer(schema: schema, types: types, kind: kind)
    let differences = replay(scenario, server)
    if differences.isEmpty { agreed += 1 } else { failures.append(differences) }
  }
  print("server-side apply: \(agreed) of \(scenarios.count) scenarios agree with the server")
  for failure in failures.prefix(60) { print(failure) }
  #expect(agreed == scenarios.count)
}

/// What differs in the first step that differs; empty when none does.
private func replay(_ scenario: Scenario, _ server: SmallServer) -> String {
  for (number, step) in scenario.steps.enumerated() {
    // What validation, or the request around the object, refuses: the API layer's part.
    let code = step["httpCode"]?.int64 ?? 0
    if code == 422 || code == 400 { continue }
    let answer = server.carryOut(step)
    var differences: [String] = []
    if Int64(answer.code) != code {
      differences.append(
        "code \(answer.code) instead of \(code) \(answer.troubles) \(answer.conflicts)")
    }
    let expected = (step["conflicts"]?.list ?? []).map(conflictText)
    if Set(expected) != Set(answer.conflicts) {
      differences.append("conflicts \(answer.conflicts) instead of \(expected)")
    }
    if let isChanged = step["changed"]?.bool, isChanged != answer.isChanged {
      differences.append("changed: \(answer.isChanged)")
    }
    let recorded = step["object"] ?? .null
    differences += difference(
      withoutManagedFields(server.object ?? .null), withoutManagedFields(recorded), "")
    differences += ownersDiffer(server.object ?? .null, recorded)
    if !differences.isEmpty {
      return
        "\(scenario.id) (\(scenario.note)) step \(number) \(step["request"]?["op"] ?? ""):\n    "
        + differences.joined(separator: "\n    ")
    }
  }
  return ""
}

private func conflictText(_ conflict: Value) -> String {
  ["field", "manager", "subresource", "apiVersion"].map { conflict[$0]?.string ?? "" }
    .joined(separator: " ")
}

private func withoutManagedFields(_ object: Value) -> Value {
  var object = object
  object.change(["metadata"]) { $0["managedFields"] = nil }
  return object
}

private func ownersDiffer(_ found: Value, _ expected: Value) -> [String] {
  let found = owners(found)
  let expected = owners(expected)
  return Set(found.keys).union(expected.keys).sorted().compactMap { owner in
    guard let right = expected[owner] else { return "owner \(owner) too much" }
    guard let left = found[owner] else { return "owner \(owner) missing" }
    if left == right { return nil }
    let more = left.subtracting(right).paths.map(\.pathText)
    let less = right.subtracting(left).paths.map(\.pathText)
    return "owner \(owner): too much \(more), missing \(less)"
  }
}

private func owners(_ object: Value) -> [String: FieldSet] {
  guard let managed = try? ManagedFields(object["metadata"]?["managedFields"]) else { return [:] }
  return Dictionary(
    managed.entries.map { entry in
      let writer = entry.writer
      return (
        "\(writer.manager) \(writer.operation) \(entry.apiVersion) \(writer.subresource)",
        entry.fields
      )
    }, uniquingKeysWith: { $0.union($1) })
}

/// What differs, by path.
private func difference(_ found: Value, _ expected: Value, _ path: String) -> [String] {
  if found == expected { return [] }
  switch (found, expected) {
  case (.map(let left), .map(let right)):
    let names = left.keys + right.keys.filter { left[$0] == nil }
    return names.flatMap { name -> [String] in
      guard let a = left[name] else { return ["\(path).\(name) missing"] }
      guard let b = right[name] else { return ["\(path).\(name) too much"] }
      return difference(a, b, "\(path).\(name)")
    }
  case (.list(let left), .list(let right)) where left.count == right.count:
    return left.indices.flatMap { difference(left[$0], right[$0], "\(path)[\($0)]") }
  default:
    return [
      "\(path): \(JSONWriter.string(found)) instead of \(JSONWriter.string(expected))"
    ]
  }
}
