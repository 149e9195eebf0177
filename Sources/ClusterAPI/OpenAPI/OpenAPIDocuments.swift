import ManifestSchema
import ManifestSyntax

/// Describes the API in OpenAPI v3: an index, and a document for each version of each group.
///
/// Everything comes from the tables, and from the definitions of custom kinds; a document is
/// computed when it is asked for. Its address in the index carries a hash of all that it is made
/// from, so a client may keep a document for as long as the index names the same address.
public struct OpenAPIDocuments {
  let schema: Schema
  let catalog: ResourceCatalog
  /// The CustomResourceDefinitions of the cluster.
  let definitions: [Value]

  /// To be counted up when equal tables come to give other documents.
  static let edition: UInt64 = 2

  /// - Parameter definitions: the CustomResourceDefinitions behind the custom kinds of `catalog`.
  public init(schema: Schema, catalog: ResourceCatalog, definitions: [Value] = []) {
    self.schema = schema
    self.catalog = catalog
    self.definitions = definitions
  }

  /// The answer to a GET of `path`: the index at `/openapi/v3`, documents below; nil where there is
  /// none. It is `application/json`.
  public func answer(path: String) -> Value? {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.starts(with: ["openapi", "v3"]) else { return nil }
    switch (parts.count, parts.dropFirst(2).first) {
    case (2, _): return index()
    case (4, "api"?): return document(group: "", version: parts[3])
    case (5, "apis"?): return document(group: parts[3], version: parts[4])
    default: return nil
    }
  }

  /// Which documents there are.
  public func index() -> Value {
    let tables = schema.tablesFingerprint
    var paths = ValueMap()
    for (group, versions) in catalog.groups {
      for version in versions {
        let path = group.isEmpty ? "api/\(version)" : "apis/\(group)/\(version)"
        let hash = String(fingerprint(group, version, tables: tables), radix: 16)
        paths[path] = ["serverRelativeURL": .string("/openapi/v3/\(path)?hash=\(hash)")]
      }
    }
    return ["paths": .map(paths)]
  }

  /// The document of one version of a group; nil where nothing is served there.
  public func document(group: String, version: String) -> Value? {
    let resources = catalog.resources(group: group, version: version)
    if resources.isEmpty { return nil }
    var components = ComponentSchemas(schema: schema, group: group, version: version)
    for definition in definitions { components.add(definition: definition) }
    var paths = ValueMap()
    for resource in resources {
      var operations = ResourceOperations(resource, version: schema.version)
      for (path, item) in operations.paths(&components) { paths[path] = item }
    }
    return [
      "openapi": "3.0.0",
      "info": ["title": "Kubernetes", "version": .string("v\(schema.version)")],
      "paths": .map(paths), "components": ["schemas": components.value()],
    ]
  }

  /// Changes whenever a document may.
  private func fingerprint(_ group: String, _ version: String, tables: UInt64) -> UInt64 {
    var sum = Fingerprint()
    sum.add(tables)
    sum.add(Self.edition)
    sum.add(UInt64(schema.version.minor))
    for resource in catalog.resources(group: group, version: version) {
      sum.add(resource.plural)
      for name in resource.subresources + resource.verbs { sum.add(name) }
    }
    for definition in definitions where definition["spec"]?["group"]?.string == group {
      sum.add(JSONWriter.string(definition["spec"] ?? .null))
    }
    return sum.value
  }
}

/// Adds up parts into one number; equal parts in equal order give equal numbers (FNV-1a).
private struct Fingerprint {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) {
      add(byte: UInt8(truncatingIfNeeded: number >> UInt64(shift)))
    }
  }

  mutating func add(_ text: String) {
    for byte in text.utf8 { add(byte: byte) }
    // Keeps "a", "bc" apart from "ab", "c": no text holds this byte.
    add(byte: 0xFF)
  }

  private mutating func add(byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x100_0000_01B3
  }
}
