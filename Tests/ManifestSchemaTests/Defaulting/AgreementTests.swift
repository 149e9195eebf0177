import ManifestSyntax
import Testing

@testable import ManifestSchema

@Test("defaulted objects are what a real server stored, in every recorded case")
func agreesWithServer() throws {
  guard let cases = try RecordedCases.creates() else { return }
  let schema = Schema(version: KubernetesVersion(minor: 36))
  let defaulter = Defaulter(schema: schema)
  let rendering = Rendering(schema: schema)
  var agreed = 0
  var failures: [String] = []
  for record in cases {
    let apiVersion = ["Pod", "Service"].contains(record.kind) ? "v1" : "apps/v1"
    let kind = try #require(schema.kind(apiVersion: apiVersion, kind: record.kind))
    defaulter.apply(to: record.tree, kind: kind)
    let nodeCount = record.tree.nodeCount
    defaulter.apply(to: record.tree, kind: kind)
    #expect(record.tree.nodeCount == nodeCount, "\(record.id): defaulting twice is not once")
    let found = rendering.asStored(
      record.tree, kind: kind, serverFields: Rendering.ServerFields(namespace: "conf"))
    let expected = comparable(record.stored, with: found)
    if found == expected {
      agreed += 1
    } else {
      failures.append("\(record.id): " + difference(found, expected, "").joined(separator: "; "))
    }
  }
  print("defaulted objects: \(agreed) of \(cases.count) agree with the server")
  for failure in failures.prefix(40) { print(failure) }
  #expect(agreed == cases.count)
}

/// The recorded object without what only a cluster can know: addresses, ports and times.
private func comparable(_ stored: Value, with found: Value) -> Value {
  var stored = stored
  stored.update(["status"]) { status in
    status.updateItems("conditions") { $0["lastTransitionTime"] = .null }
  }
  guard stored["kind"] == "Service" else { return stored }
  stored.update(["spec"]) { spec in
    for name in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "healthCheckNodePort"]
    where found["spec"]?[name] == nil {
      spec[name] = nil
    }
    var index = 0
    spec.updateItems("ports") { port in
      if port["nodePort"] == "<allocated>", found["spec"]?["ports"]?[index]?["nodePort"] == nil {
        port["nodePort"] = nil
      }
      index += 1
    }
  }
  return stored
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
    return ["\(path): \(found) instead of \(expected)"]
  }
}
