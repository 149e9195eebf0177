import ManifestSchema
import ManifestSyntax

/// Ranks keys as the tables of the API list them: `apiVersion`, `kind` and `metadata` first, then
/// the fields in the API's order, then what the API does not know, as it is written.
struct SchemaRanker: KeyRanker {
  /// What is known of a value.
  private enum Place {
    /// An object that says itself what it is.
    case object
    case fields(TypeID, isObject: Bool)
    case type(FieldType)
    /// An object of a kind that no table has.
    case foreign
    /// No object: its keys are in the order that somebody gave them.
    case unknown
  }

  private let schema: Schema
  private let place: Place

  /// Ranks the keys of whole objects.
  init(_ schema: Schema) {
    self.init(schema, .object)
  }

  private init(_ schema: Schema, _ place: Place) {
    self.schema = schema
    self.place = place
  }

  func settled(by text: (String) -> String?) -> any KeyRanker {
    guard case .object = place else { return self }
    guard let apiVersion = text("apiVersion"), let kind = text("kind") else {
      return SchemaRanker(schema, .unknown)
    }
    guard let known = schema.kind(apiVersion: apiVersion, kind: kind) else {
      return SchemaRanker(schema, .foreign)
    }
    return SchemaRanker(schema, .fields(known.type, isObject: true))
  }

  private static let first = ["apiVersion": 0, "kind": 1, "metadata": 2]
  private static let last = Int.max

  func rank(_ key: String) -> Int {
    switch place {
    case .object, .type, .unknown: return 0
    case .foreign: return Self.first[key] ?? (key == "status" ? Self.last : 3)
    case .fields(let type, let isObject):
      if isObject {
        if let rank = Self.first[key] { return rank }
        if key == "status" { return Self.last }
      }
      guard let field = schema.field(of: type, named: key) else { return Self.last - 1 }
      return 3 + Int(schema.row(field).position)
    }
  }

  func inside(_ key: String) -> (any KeyRanker)? {
    switch place {
    case .object, .unknown: return nil
    case .foreign:
      if key == "items" { return FieldType.list(of: .any).flatMap(ranker) }
      let metadata = key == "metadata" ? schema.typeID(named: "ObjectMeta") : nil
      return metadata.map { SchemaRanker(schema, .fields($0, isObject: false)) }
    case .type(let type):
      guard case .map(let element) = type.shape else { return nil }
      return ranker(for: element)
    case .fields(let type, _):
      guard let field = schema.field(of: type, named: key) else { return nil }
      return ranker(for: schema.row(field).type)
    }
  }

  func item() -> (any KeyRanker)? {
    switch place {
    case .type(let type):
      guard case .list(let element) = type.shape else { return nil }
      return ranker(for: element)
    default: return nil
    }
  }

  private func ranker(for type: FieldType) -> (any KeyRanker)? {
    switch type.shape {
    case .object(let type), .objectOr(let type, _):
      SchemaRanker(schema, .fields(type, isObject: false))
    case .list, .map: SchemaRanker(schema, .type(type))
    // What a List holds is any object.
    case .scalar(.any), .scalar(.object): SchemaRanker(schema)
    case .scalar: nil
    }
  }
}
