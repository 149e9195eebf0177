import ManifestSyntax

/// A type that a custom kind's schema describes, not yet made.
struct DeferredType {
  var schema: JSONSchema
  var reference: JSONSchema.Reference
  var name: String
  /// The file's part of the qualified name: `example.com.v1`.
  var file: String
  /// Whether the object has an apiVersion, a kind and metadata of its own.
  var isResource: Bool
}

/// Which part of which schema a type was made for. It keeps the schema, so that no other one can
/// take its address.
struct DeferredTypeKey: Hashable {
  var schema: JSONSchema
  var reference: JSONSchema.Reference
  var isResource: Bool

  static func == (left: DeferredTypeKey, right: DeferredTypeKey) -> Bool {
    left.schema === right.schema && left.reference == right.reference
      && left.isResource == right.isResource
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(schema))
    hasher.combine(reference)
  }
}

/// Custom kinds as types, for whoever explains fields or merges lists.
///
/// A definition may hold ten thousand fields and most runs ask for none of them, so a type only
/// gets a number at first; its fields are made when somebody looks. Schemas that contain themselves
/// come out right that way too.
extension Schema {
  /// The type of the whole object.
  func customRoot(_ kind: CustomKind) -> TypeID {
    let schema = kind.schema ?? .anything
    return deferred(
      DeferredType(
        schema: schema, reference: schema.root, name: kind.gvk.kind,
        file: "\(kind.gvk.group).\(kind.gvk.version)", isResource: true))
  }

  /// The type of a list of objects of `type`.
  func customList(of type: TypeID, _ gvk: GroupVersionKind) -> TypeID {
    var fields = [Field(name: "apiVersion", type: .string), Field(name: "kind", type: .string)]
    if let metadata = typeID(named: "ListMeta") {
      fields.append(Field(name: "metadata", type: FieldType(metadata)))
    }
    fields.append(Field(name: "items", type: .list(of: FieldType(type)) ?? .any))
    return add(
      type: ObjectType(
        name: gvk.kind, qualifiedName: "\(gvk.group).\(gvk.version)/\(gvk.kind)", fields: fields))
  }

  private func deferred(_ type: DeferredType) -> TypeID {
    let key = DeferredTypeKey(
      schema: type.schema, reference: type.reference, isResource: type.isResource)
    if let known = deferredIDs[key] { return known }
    let id = reserveType()
    deferredIDs[key] = id
    deferredTypes[id.index] = type
    return id
  }

  /// The fields of a type that only has a number so far.
  func makeType(_ type: DeferredType) -> ObjectType {
    let node = type.schema.node(type.reference)
    var fields: [Field] = []
    let isResource = type.isResource || node.flags.contains(.embeddedResource)
    if isResource {
      fields = [Field(name: "apiVersion", type: .string), Field(name: "kind", type: .string)]
      if let metadata = typeID(named: "ObjectMeta") {
        fields.append(Field(name: "metadata", type: FieldType(metadata)))
      }
    }
    let common = Set(fields.map(\.name))
    for property in allProperties(of: type.reference, in: type.schema, depth: 0)
    where !common.contains(property.name) {
      fields.append(field(property, of: type, isRequired: node.required.contains(property.name)))
    }
    var result = ObjectType(
      name: type.name, qualifiedName: "\(type.file)/\(type.name)", fields: fields)
    result.isAtomic = node.flags.contains(.atomicMap)
    switch node.additional {
    case .schema(let reference):
      result.unnamedFields = fieldType(reference, in: type, named: "Value")
    case .allowed: result.unnamedFields = .any
    case .forbidden: break
    case .unsaid:
      if node.flags.contains(.keepsUnknown) || type.schema.dialect == .foreign {
        result.unnamedFields = .any
      }
    }
    return result
  }

  /// The properties of a schema and of those that it includes.
  private func allProperties(
    of reference: JSONSchema.Reference, in schema: JSONSchema, depth: Int
  ) -> [JSONSchema.Property] {
    let node = schema.node(reference)
    guard depth < 8, let rules = schema.rules(of: node), !rules.allOf.isEmpty,
      schema.dialect == .foreign
    else { return node.properties }
    var properties = node.properties
    var names = Set(properties.map(\.name))
    for part in rules.allOf.prefix(32) {
      for property in allProperties(of: part, in: schema, depth: depth + 1)
      where names.insert(property.name).inserted {
        properties.append(property)
      }
    }
    return properties
  }

  private func field(
    _ property: JSONSchema.Property, of type: DeferredType, isRequired: Bool
  ) -> Field {
    let node = type.schema.node(property.schema)
    var field = Field(
      name: property.name, type: fieldType(property.schema, in: type, named: property.name))
    field.isRequired = isRequired && !node.flags.contains(.hasDefault)
    field.listType = node.listType
    field.listKeys = node.listKeys
    field.isMapAtomic = node.flags.contains(.atomicMap)
    guard let rules = type.schema.rules(of: node) else { return field }
    field.enumValues = rules.enumValues.compactMap(\.string)
    field.min = rules.minimum?.whole(after: 1)
    field.max = rules.maximum?.whole(after: -1)
    if let value = rules.defaultValue, value != .null {
      field.defaultWord = .constant(JSONWriter.string(value))
    }
    return field
  }

  private func fieldType(
    _ reference: JSONSchema.Reference, in type: DeferredType, named name: String, depth: Int = 0
  ) -> FieldType {
    let node = type.schema.node(reference)
    if node.flags.contains(.intOrString) { return FieldType(.intOrString) }
    let types = node.types.subtracting(.null)
    if types == .string {
      return type.schema.rules(of: node)?.format == "byte" ? FieldType(.bytes) : .string
    }
    if types == .boolean { return FieldType(.bool) }
    if types == .integer {
      return FieldType(type.schema.rules(of: node)?.format == "int32" ? .int32 : .int64)
    }
    if types == .number || types == [.number, .integer] { return FieldType(.double) }
    if types == .array {
      // A list of lists of itself has no end, and a field type has eight layers.
      guard let items = node.items, depth < 8 else { return .list(of: .any) ?? .any }
      return .list(of: fieldType(items, in: type, named: name, depth: depth + 1)) ?? .any
    }
    guard
      types == .object || types.isEmpty && !node.properties.isEmpty
        || node.flags.contains(.embeddedResource)
    else { return .any }
    let hasFields =
      node.flags.contains(.embeddedResource)
      || !allProperties(of: reference, in: type.schema, depth: 0).isEmpty
    if hasFields {
      return FieldType(
        deferred(
          DeferredType(
            schema: type.schema, reference: reference, name: type.name + name.capitalizedFirst,
            file: type.file, isResource: false)))
    }
    guard case .schema(let values) = node.additional, depth < 8 else { return FieldType(.object) }
    return .map(of: fieldType(values, in: type, named: name, depth: depth + 1)) ?? .any
  }
}

extension JSONSchema.Bound {
  /// The bound as a whole number within it; nil where there is none.
  fileprivate func whole(after step: Int64) -> Int64? {
    guard case .int(let number) = value else { return nil }
    guard isExclusive else { return number }
    let (next, overflow) = number.addingReportingOverflow(step)
    return overflow ? nil : next
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
