import FoundationEssentials
import Testing

@testable import ManifestSchema

/// The collected API facts that the tables were made from, if they lie beside the project.
private struct Facts: Decodable {
  struct KindFact: Decodable {
    var group: String
    var version: String
    var kind: String
    var since: String
    var until: String?
  }
  struct TypeFact: Decodable {
    var definitions: [Definition]
    var fields: [String: [FieldFact]]
  }
  struct Definition: Decodable {
    var since: String
    var until: String?
    var required: [String]
  }
  final class ShapeFact: Decodable {
    let type: String?
    let ref: String?
    let format: String?
    let items: ShapeFact?
    let values: ShapeFact?
  }
  struct FieldFact: Decodable {
    var since: String
    var until: String?
    var type: String?
    var ref: String?
    var format: String?
    var items: ShapeFact?
    var values: ShapeFact?
    var listType: String?
    var listMapKeys: [String]?
    var mapType: String?
    var patchStrategy: String?
    var patchMergeKey: String?
  }
  var kinds: [KindFact]
  var types: [String: TypeFact]

  /// The facts; nil, and said so, where the folder is not there.
  static func read() throws -> Facts? {
    let path = projectFolder + "/../shared/kubernetes-api/types.json"
    let other = projectFolder + "/../../shared/kubernetes-api/types.json"
    guard let found = [path, other].first(where: FileManager.default.fileExists(atPath:)) else {
      print("skipped: no ../shared/kubernetes-api/types.json to compare the tables with")
      return nil
    }
    return try JSONDecoder().decode(Facts.self, from: Data(contentsOf: URL(filePath: found)))
  }
}

/// How the tables call the types that the facts call by their packages.
private struct Names {
  static let words = [
    "Quantity": "Quantity", "IntOrString": "IntOrString", "Time": "Time", "MicroTime": "MicroTime",
    "FieldsV1": "any", "Patch": "any", "RawExtension": "any", "JSON": "any",
    "JSONSchemaPropsOrArray": "JSONSchemaProps|list",
    "JSONSchemaPropsOrBool": "JSONSchemaProps|bool",
    "JSONSchemaPropsOrStringArray": "JSONSchemaProps|strings",
  ]
  static let groups = [
    "apiserverinternal": "internal.apiserver.k8s.io", "rbac": "rbac.authorization.k8s.io",
    "flowcontrol": "flowcontrol.apiserver.k8s.io", "core": "core", "apps": "apps", "batch": "batch",
    "policy": "policy", "autoscaling": "autoscaling",
  ]

  /// `apps.v1/Deployment` for `io.k8s.api.apps.v1.Deployment`.
  static func qualified(_ name: String) -> String {
    let parts = name.split(separator: ".").map(String.init)
    guard let last = parts.last else { return name }
    if name.hasPrefix("io.k8s.apimachinery.") { return "meta.v1/\(last)" }
    let group = parts[parts.count - 3]
    return "\(groups[group] ?? group + ".k8s.io").\(parts[parts.count - 2])/\(last)"
  }

  static func isWord(_ name: String) -> Bool {
    (name.hasPrefix("io.k8s.apimachinery.") || name.contains("apiextensions"))
      && words[String(name.split(separator: ".").last ?? "")] != nil
  }

  static func word(_ ref: String) -> String {
    let last = String(ref.split(separator: ".").last ?? "")
    guard isWord(ref), let word = words[last] else { return qualified(ref) }
    return word.contains("|") ? "apiextensions.k8s.io.v1/\(word)" : word
  }
}

private func minor(_ text: String?) -> Int { text.flatMap { KubernetesVersion($0)?.minor } ?? 255 }

private func text(
  _ type: String?, _ ref: String?, _ format: String?, _ items: Facts.ShapeFact?,
  _ values: Facts.ShapeFact?
) -> String {
  func inner(_ shape: Facts.ShapeFact?) -> String {
    shape.map { text($0.type, $0.ref, $0.format, $0.items, $0.values) } ?? "object"
  }
  if let ref { return Names.word(ref) }
  switch type {
  case "array": return "[\(inner(items))]"
  case "object": return values == nil ? "object" : "{\(inner(values))}"
  case "integer": return format ?? "int64"
  case "boolean": return "bool"
  case "number": return "double"
  default: return format == "byte" ? "bytes" : "string"
  }
}

private func text(_ type: FieldType, _ schema: Schema) -> String {
  switch type.shape {
  case .scalar(let scalar): scalar.word
  case .object(let id): schema.type(id).qualifiedName
  case .objectOr(let id, let other): "\(schema.type(id).qualifiedName)|\(other)"
  case .list(let element): "[\(text(element, schema))]"
  case .map(let element): "{\(text(element, schema))}"
  }
}

/// What the facts say of a field in one version, as one line.
private func line(_ field: Facts.FieldFact, isRequired: Bool) -> String {
  let type = text(field.type, field.ref, field.format, field.items, field.values)
  return [
    type, isRequired ? "required" : "", field.listType ?? "",
    (field.listMapKeys ?? []).joined(separator: ","), field.mapType == "atomic" ? "atomic" : "",
    field.patchStrategy ?? "", field.patchMergeKey ?? "",
  ].joined(separator: ";")
}

/// What the table says of a field, in the same form.
private func line(_ field: Field, _ schema: Schema) -> String {
  var strategies: [String] = []
  if field.patchStrategy.contains(.merge) { strategies.append("merge") }
  if field.patchStrategy.contains(.retainKeys) { strategies.append("retainKeys") }
  if field.patchStrategy.contains(.replace) { strategies.append("replace") }
  return [
    text(field.type, schema), field.isRequired ? "required" : "",
    field.listType.map { "\($0)" } ?? "", field.listKeys.joined(separator: ","),
    field.isMapAtomic ? "atomic" : "", strategies.joined(separator: ","),
    field.patchMergeKey ?? "",
  ].joined(separator: ";")
}

@Test("every field of every type says what the collected facts say, in all versions")
func fieldsAgreeWithFacts() throws {
  guard let facts = try Facts.read() else { return }
  let schema = Schema()
  var seen = 0
  for (name, fact) in facts.types where !Names.isWord(name) {
    let id = try #require(schema.typeID(named: Names.qualified(name)), "\(name)")
    let type = schema.type(id)
    #expect(Set(type.fields.map(\.name)) == Set(fact.fields.keys), "\(name)")
    seen += fact.fields.count
    for version in KubernetesVersion.all {
      let definition = fact.definitions.first {
        minor($0.since) <= version.minor && version.minor <= minor($0.until)
      }
      #expect(type.availability.contains(version) == (definition != nil), "\(name) \(version)")
      for (field, variants) in fact.fields {
        let variant = variants.first {
          minor($0.since) <= version.minor && version.minor <= minor($0.until)
        }
        let isRequired = definition?.required.contains(field) ?? false
        let expected = variant.map { line($0, isRequired: isRequired) }
        let found = type.fields(in: version).filter { $0.name == field }
        if found.count > 1 || found.first.map({ line($0, schema) }) != expected {
          Issue.record("\(name).\(field) in \(version): \(found) instead of \(expected ?? "none")")
        }
      }
    }
  }
  #expect(seen == 4383)
}

@Test("every kind of the collected facts is in the tables, in the same versions")
func kindsAgreeWithFacts() throws {
  guard let facts = try Facts.read() else { return }
  let repeated: Set = ["DeleteOptions", "WatchEvent", "Status"]
  let expected = facts.kinds.filter { $0.group.isEmpty || !repeated.contains($0.kind) }
  for version in KubernetesVersion.all {
    let schema = Schema(version: version)
    let wanted = expected.filter {
      minor($0.since) <= version.minor && version.minor <= minor($0.until)
    }
    let names = wanted.map { GroupVersionKind(group: $0.group, version: $0.version, kind: $0.kind) }
    #expect(schema.kinds().map(\.gvk) == names.sorted(), "\(version)")
  }
}
