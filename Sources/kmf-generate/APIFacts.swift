import FoundationEssentials

/// The facts of the Kubernetes API as the importer reads them: three JSON files, decoded as they
/// are.
struct APIFacts {
  var kinds: [KindFact]
  var types: [String: TypeFact]
  var resources: [ResourceFact]
  /// Protobuf field numbers by type and field.
  var tags: [String: [String: TagFact]]

  init(folder: String) throws {
    func decoded<T: Decodable>(_ type: T.Type, _ name: String) throws -> T {
      try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: "\(folder)/\(name)")))
    }
    let file = try decoded(TypesFile.self, "types.json")
    kinds = file.kinds
    types = file.types
    resources = try decoded([ResourceFact].self, "resources-1.36.json")
    tags = try decoded([String: [String: TagFact]].self, "protobuf-tags-1.36.json")
  }
}

struct TypesFile: Decodable {
  var kinds: [KindFact]
  var types: [String: TypeFact]
}

struct KindFact: Decodable {
  var group: String
  var version: String
  var kind: String
  var type: String
  var since: String
  var until: String?
}

struct TypeFact: Decodable {
  var definitions: [DefinitionFact]
  var fields: [String: [FieldFact]]
}

struct DefinitionFact: Decodable {
  var since: String
  var until: String?
  var required: [String]
  var mapType: String?
  var unions: [UnionFact]?
}

struct UnionFact: Decodable {
  var discriminator: String?
  var fields: [String: String]

  enum CodingKeys: String, CodingKey {
    case discriminator
    case fields = "fields-to-discriminateBy"
  }
}

/// A value's shape: what a field, a list's items and a map's values have in common.
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
  var shape: ShapeFact
  var enumValues: [String]?
  var listType: String?
  var listMapKeys: [String]?
  var mapType: String?
  var patchStrategy: String?
  var patchMergeKey: String?

  enum CodingKeys: String, CodingKey {
    case since, until, listType, listMapKeys, mapType, patchStrategy, patchMergeKey
    case enumValues = "enum"
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    since = try values.decode(String.self, forKey: .since)
    until = try values.decodeIfPresent(String.self, forKey: .until)
    enumValues = try values.decodeIfPresent([String].self, forKey: .enumValues)
    listType = try values.decodeIfPresent(String.self, forKey: .listType)
    listMapKeys = try values.decodeIfPresent([String].self, forKey: .listMapKeys)
    mapType = try values.decodeIfPresent(String.self, forKey: .mapType)
    patchStrategy = try values.decodeIfPresent(String.self, forKey: .patchStrategy)
    patchMergeKey = try values.decodeIfPresent(String.self, forKey: .patchMergeKey)
    shape = try ShapeFact(from: decoder)
  }
}

struct ResourceFact: Decodable {
  var group: String
  var version: String
  var resource: String
  var singular: String
  var kind: String
  var namespaced: Bool
  var shortNames: [String]
  var categories: [String]
  var verbs: [String]
  var subresources: [String: SubresourceFact]
}

struct SubresourceFact: Decodable {}

struct TagFact: Decodable {
  var tag: Int
  /// The field's type, by its full name or its name within the package.
  var type: String
}
