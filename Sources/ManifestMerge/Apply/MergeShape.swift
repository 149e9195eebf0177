import ManifestSchema
import ManifestSyntax

/// How values of a field are told apart, merged and owned.
///
/// The tables say it in several words (the type, the field's list type, its map type); here they
/// are brought to the five shapes that matter for ownership.
enum MergeShape {
  /// One value, owned as a whole.
  case scalar(ScalarClass)
  /// A list, owned as a whole or item by item.
  case list(ListShape)
  /// An object with named fields.
  case object(ObjectShape)
  /// A map with any keys.
  case map(of: MergeType, isAtomic: Bool)
  /// Whatever the value looks like: maps by key, everything else as a whole.
  case deduced
  /// Any value, owned as a whole.
  case untyped

  /// The scalars that a configuration may hold in a place.
  enum ScalarClass {
    case string
    case number
    case bool
    case any
  }
}

/// A list and what tells its items apart.
struct ListShape {
  var type: ListType
  /// The keys of a keyed list, sorted, each with its value where an item leaves it out.
  var keys: [Key]
  var element: MergeType

  struct Key {
    var name: String
    var defaultValue: Value?
  }
}

/// A type of the schema as far as ownership is concerned; made once for each type.
final class ObjectShape {
  let isAtomic: Bool
  let fields: [String: MergeType]
  /// The type of fields that are not named; nil when such fields are mistakes.
  let unnamed: MergeType?

  init(isAtomic: Bool, fields: [String: MergeType], unnamed: MergeType?) {
    self.isAtomic = isAtomic
    self.fields = fields
    self.unnamed = unnamed
  }

  /// The type of a field; nil when the object has no place for it.
  func type(of name: String) -> MergeType? { fields[name] ?? unnamed }
}

/// A type together with the words of the field that has it.
struct MergeType {
  /// Nil: deduced from the value.
  fileprivate let words: Words?
  /// Whether everything in it is one piece.
  let isUntyped: Bool

  /// The words, kept once however often the type is looked up, with the shape that they mean.
  fileprivate final class Words {
    let type: FieldType
    let field: Field?
    var shape: MergeShape?

    init(_ type: FieldType, _ field: Field?) {
      self.type = type
      self.field = field
    }
  }

  /// No schema says what may stand here.
  static var deduced: MergeType { MergeType(words: nil, isUntyped: false) }
  /// Any value, owned as a whole.
  static var untyped: MergeType { MergeType(words: nil, isUntyped: true) }

  private init(words: Words?, isUntyped: Bool) {
    self.words = words
    self.isUntyped = isUntyped
  }

  init(type: FieldType) { self.init(words: Words(type, nil), isUntyped: false) }

  init(_ field: Field) { self.init(words: Words(field.type, field), isUntyped: false) }

  var type: FieldType? { words?.type }
  var listType: ListType? { words?.field?.listType }
  var listKeys: [String] { words?.field?.listKeys ?? [] }
  var isMapAtomic: Bool { words?.field?.isMapAtomic ?? false }
  /// How a strategic merge patch treats it.
  var patchStrategy: PatchStrategy { words?.field?.patchStrategy ?? [] }
  /// The key by which a strategic merge patch pairs list items.
  var patchMergeKey: String? { words?.field?.patchMergeKey }
}

/// Turns types of a schema into shapes, and remembers them.
///
/// Like its schema, it belongs to one thread.
public final class MergeTypes {
  let schema: Schema
  private var objects: [TypeID: ObjectShape] = [:]
  private var roots: [TypeID: MergeType] = [:]

  public init(schema: Schema) { self.schema = schema }

  /// The type of objects that call themselves so; deduced where the schema has no such kind.
  func root(apiVersion: String, kind: String) -> MergeType {
    guard let kind = schema.kind(apiVersion: apiVersion, kind: kind) else { return .deduced }
    if let known = roots[kind.type] { return known }
    let root = MergeType(type: FieldType(kind.type))
    roots[kind.type] = root
    return root
  }

  /// What a value of the type is made of.
  func shape(_ type: MergeType) -> MergeShape {
    if type.isUntyped { return .untyped }
    guard let words = type.words else { return .deduced }
    if let known = words.shape { return known }
    let shape = makeShape(type, words.type)
    words.shape = shape
    return shape
  }

  private func makeShape(_ type: MergeType, _ inner: FieldType) -> MergeShape {
    switch inner.shape {
    case .scalar(let scalar): return shape(scalar)
    case .object(let id):
      let object = object(id)
      guard type.isMapAtomic, !object.isAtomic else { return .object(object) }
      return .object(
        ObjectShape(isAtomic: true, fields: object.fields, unnamed: object.unnamed))
    case .objectOr: return .untyped
    case .list(let element):
      let element = MergeType(type: element)
      let keys = type.listType == .map ? keys(type.listKeys, of: element) : []
      return .list(ListShape(type: type.listType ?? .atomic, keys: keys, element: element))
    case .map(let element):
      return .map(of: MergeType(type: element), isAtomic: type.isMapAtomic)
    }
  }

  private func shape(_ scalar: Scalar) -> MergeShape {
    switch scalar {
    case .string, .bytes: .scalar(.string)
    case .int32, .int64, .double: .scalar(.number)
    case .bool: .scalar(.bool)
    case .quantity, .intOrString, .time, .microTime: .scalar(.any)
    case .any: .deduced
    // A map of anything: each entry is one piece.
    case .object: .map(of: .untyped, isAtomic: false)
    }
  }

  /// The fields of a type in the schema's version.
  func object(_ id: TypeID) -> ObjectShape {
    if let known = objects[id] { return known }
    let type = schema.type(id)
    var fields: [String: MergeType] = [:]
    for field in type.fields where field.availability.contains(schema.version) {
      fields[field.name] = MergeType(field)
    }
    let unnamed = type.unnamedFields.map { MergeType(type: $0) }
    let shape = ObjectShape(isAtomic: type.isAtomic, fields: fields, unnamed: unnamed)
    objects[id] = shape
    return shape
  }

  private func keys(_ names: [String], of element: MergeType) -> [ListShape.Key] {
    names.sorted().map { name in
      ListShape.Key(name: name, defaultValue: defaultValue(of: name, in: element))
    }
  }

  private func defaultValue(of name: String, in element: MergeType) -> Value? {
    guard case .object(let id)? = element.type?.shape,
      let field = schema.type(id).field(named: name, in: schema.version),
      case .constant(let text)? = field.defaultWord
    else { return nil }
    switch field.type.shape {
    case .scalar(.int32), .scalar(.int64): return Int64(text).map(Value.int)
    case .scalar(.bool): return .bool(text == "true")
    default: return .string(text)
    }
  }
}
