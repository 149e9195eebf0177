import ManifestSchema
import ManifestSyntax

/// The types that a document speaks of, each described once.
///
/// Asking for a reference puts the type on the list; `value()` describes what is on it, and what
/// those types refer to in turn.
struct ComponentSchemas {
  private let schema: Schema
  private let group: String
  private let version: String
  private var described: [String: Value] = [:]
  private var waiting: [(name: String, type: TypeID)] = []
  private var seen: Set<String> = []
  private var customSchemas: [GroupVersionKind: Value] = [:]
  private let kindsByType: [TypeID: [GroupVersionKind]]

  /// - Parameters: the version of the group that the document is about.
  init(schema: Schema, group: String, version: String) {
    self.schema = schema
    self.group = group
    self.version = version
    kindsByType = Dictionary(grouping: schema.kinds(), by: \.type).mapValues { $0.map(\.gvk) }
  }

  /// Takes notice of a CustomResourceDefinition; it counts where it is of the document's group.
  mutating func add(definition: Value) {
    let spec = definition["spec"] ?? .emptyMap
    guard spec["group"]?.string == group, let kind = spec["names"]?["kind"]?.string else { return }
    let versions = spec["versions"]?.list ?? []
    let found = versions.first { $0["name"]?.string == version }
    customSchemas[GroupVersionKind(group: group, version: version, kind: kind)] =
      found?["schema"]?["openAPIV3Schema"] ?? ["type": "object"]
  }

  /// A reference to the type of a kind; an object of anything where nobody describes it.
  mutating func reference(to gvk: GroupVersionKind) -> Value {
    if let custom = customSchemas[gvk] {
      let name = ComponentNames.custom(gvk)
      if seen.insert(name).inserted { described[name] = describe(custom, gvk) }
      return Self.reference(name)
    }
    guard let kind = schema.kind(apiVersion: gvk.apiVersion, kind: gvk.kind) else {
      return ["type": "object"]
    }
    return reference(to: kind.type)
  }

  /// A reference to the type of a list of `gvk`.
  mutating func reference(toListOf gvk: GroupVersionKind, kind listKind: String) -> Value {
    let list = GroupVersionKind(group: gvk.group, version: gvk.version, kind: listKind)
    guard customSchemas[gvk] != nil else { return reference(to: list) }
    let name = ComponentNames.custom(list)
    guard seen.insert(name).inserted else { return Self.reference(name) }
    described[name] = [
      "type": "object", "required": ["items"],
      "properties": [
        "apiVersion": Self.string, "items": ["type": "array", "items": reference(to: gvk)],
        "kind": Self.string, "metadata": shared(ComponentNames.listMeta, "ListMeta"),
      ], "x-kubernetes-group-version-kind": [list.value],
    ]
    return Self.reference(name)
  }

  /// A reference to a type that every group uses: `DeleteOptions`, `Status`.
  mutating func shared(_ name: String, _ type: String) -> Value {
    guard let id = schema.typeID(named: "meta.v1/\(type)") else { return ["type": "object"] }
    return reference(to: id)
  }

  /// A reference to what a patch may be.
  mutating func patch() -> Value {
    scalar(ComponentNames.patch, ["type": "object"])
  }

  /// The descriptions of all types that are referred to, by name.
  mutating func value() -> Value {
    while let (name, type) = waiting.popLast() { described[name] = describe(type) }
    return .map(
      ValueMap(
        unique: described.sorted { $0.key < $1.key }.map {
          ValueMap.Entry(key: $0.key, value: $0.value)
        }))
  }

  private static let string: Value = ["type": "string"]

  private static func reference(_ name: String) -> Value {
    ["$ref": .string("#/components/schemas/\(name)")]
  }

  private mutating func reference(to type: TypeID) -> Value {
    let name = ComponentNames.name(schema.type(type).qualifiedName)
    if seen.insert(name).inserted { waiting.append((name, type)) }
    return Self.reference(name)
  }

  private mutating func scalar(_ name: String, _ description: Value) -> Value {
    if seen.insert(name).inserted { described[name] = description }
    return Self.reference(name)
  }
}

/// Types of the tables.
extension ComponentSchemas {
  private mutating func describe(_ id: TypeID) -> Value {
    let type = schema.type(id)
    let fields = type.fields(in: schema.version).sorted { $0.name < $1.name }
    var value: Value = ["type": "object"]
    var properties = ValueMap()
    for field in fields { properties[field.name] = describe(field) }
    if !fields.isEmpty { value["properties"] = .map(properties) }
    let required = fields.filter(\.isRequired).map(\.name)
    if !required.isEmpty { value["required"] = .strings(required) }
    if let unnamed = type.unnamedFields { value["additionalProperties"] = describe(unnamed) }
    if type.isAtomic { value["x-kubernetes-map-type"] = "atomic" }
    if let union = type.union { value["x-kubernetes-unions"] = [Self.describe(union)] }
    let kinds = (kindsByType[id] ?? []).filter { !$0.group.isEmpty || group.isEmpty }
    if !kinds.isEmpty {
      value["x-kubernetes-group-version-kind"] = .list(kinds.sorted().map(\.value))
    }
    return value
  }

  private static func describe(_ union: UnionWord) -> Value {
    var fields = ValueMap()
    for field in union.fields {
      fields[field] = .string(field.prefix(1).uppercased() + field.dropFirst())
    }
    var value: Value = ["fields-to-discriminateBy": .map(fields)]
    if let discriminator = union.discriminator { value["discriminator"] = .string(discriminator) }
    return value
  }

  private mutating func describe(_ field: Field) -> Value {
    var value = describe(field.type)
    var extras = ValueMap()
    if !field.enumValues.isEmpty { extras["enum"] = .strings(field.enumValues) }
    if let least = field.min { extras["minimum"] = .int(least) }
    if let most = field.max { extras["maximum"] = .int(most) }
    if case .constant(let text) = field.defaultWord,
      let constant = Self.constant(text, of: field.type)
    {
      extras["default"] = constant
    }
    switch field.listType {
    case .atomic: extras["x-kubernetes-list-type"] = "atomic"
    case .set: extras["x-kubernetes-list-type"] = "set"
    case .map:
      extras["x-kubernetes-list-map-keys"] = .strings(field.listKeys)
      extras["x-kubernetes-list-type"] = "map"
    case nil: break
    }
    if field.isMapAtomic { extras["x-kubernetes-map-type"] = "atomic" }
    if let key = field.patchMergeKey { extras["x-kubernetes-patch-merge-key"] = .string(key) }
    let strategy = field.patchStrategy.words
    if !strategy.isEmpty { extras["x-kubernetes-patch-strategy"] = .string(strategy) }
    if extras.isEmpty { return value }
    // Whatever stands beside a reference counts for nothing.
    if value["$ref"] != nil { value = ["allOf": [value]] }
    return value.adding(.map(extras))
  }

  private mutating func describe(_ type: FieldType) -> Value {
    switch type.shape {
    case .scalar(let word): return describe(word)
    case .object(let id): return reference(to: id)
    case .objectOr(let id, let other):
      let object = reference(to: id)
      switch other {
      case .bool: return ["oneOf": [object, ["type": "boolean"]]]
      case .list: return ["oneOf": [object, ["type": "array", "items": object]]]
      case .strings: return ["oneOf": [object, ["type": "array", "items": Self.string]]]
      }
    case .list(let element): return ["type": "array", "items": describe(element)]
    case .map(let element): return ["type": "object", "additionalProperties": describe(element)]
    }
  }

  private mutating func describe(_ word: Scalar) -> Value {
    switch word {
    case .any: return .emptyMap
    case .object: return ["type": "object"]
    case .string: return Self.string
    case .int32: return ["type": "integer", "format": "int32"]
    case .int64: return ["type": "integer", "format": "int64"]
    case .bool: return ["type": "boolean"]
    case .double: return ["type": "number", "format": "double"]
    case .bytes: return ["type": "string", "format": "byte"]
    case .quantity:
      return scalar(
        ComponentNames.quantity, ["oneOf": [["type": "string"], ["type": "number"]]])
    case .intOrString:
      return scalar(
        ComponentNames.intOrString,
        ["format": "int-or-string", "oneOf": [["type": "integer"], ["type": "string"]]])
    case .time:
      return scalar(ComponentNames.time, ["type": "string", "format": "date-time"])
    case .microTime:
      return scalar(ComponentNames.microTime, ["type": "string", "format": "date-time"])
    }
  }

  /// A default of the tables as a value of the field's type.
  private static func constant(_ text: String, of type: FieldType) -> Value? {
    guard case .scalar(let word) = type.shape else { return text == "{}" ? .emptyMap : nil }
    switch word {
    case .string, .bytes, .quantity: return .string(text == "\"\"" ? "" : text)
    case .int32, .int64: return Int64(text).map(Value.int)
    case .bool: return text == "true" ? true : text == "false" ? false : nil
    case .double: return Double(text).map(Value.double)
    case .intOrString: return Int64(text).map(Value.int) ?? .string(text)
    case .object: return text == "{}" ? .emptyMap : nil
    case .any, .time, .microTime: return nil
    }
  }
}

/// Types of definitions.
extension ComponentSchemas {
  /// The schema of a definition, with the fields that every object has.
  private mutating func describe(_ custom: Value, _ gvk: GroupVersionKind) -> Value {
    var properties = ValueMap()
    properties["apiVersion"] = Self.string
    properties["kind"] = Self.string
    properties["metadata"] = shared(ComponentNames.objectMeta, "ObjectMeta")
    for entry in custom["properties"]?.map?.entries ?? [] where properties[entry.key] == nil {
      properties[entry.key] = entry.value
    }
    var value = custom
    value["type"] = "object"
    value["properties"] = .map(properties)
    value["x-kubernetes-group-version-kind"] = [gvk.value]
    return value
  }
}

extension PatchStrategy {
  /// The words as OpenAPI documents write them.
  fileprivate var words: String {
    let all: [(PatchStrategy, String)] = [
      (.merge, "merge"), (.retainKeys, "retainKeys"), (.replace, "replace"),
    ]
    return all.filter { contains($0.0) }.map(\.1).joined(separator: ",")
  }
}
