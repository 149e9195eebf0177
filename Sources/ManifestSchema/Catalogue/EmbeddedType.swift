import ManifestSyntax

/// A field on its way from a table line into the rows.
struct RowSketch {
  var name: Bytes
  var type: FieldType
  var position: Int
  var isAvailable: Bool
  var isRequired: Bool
  var listType: ListType?
  var traits: FieldRow.Traits

  /// A sketch of `field`, whose name's bytes live at `name` for as long as the schema.
  init(_ field: Field, position: Int, in version: KubernetesVersion, name: Bytes) {
    self.name = name
    self.position = position
    type = field.type
    isAvailable = field.availability.contains(version)
    isRequired = field.isRequired
    listType = field.listType
    traits = []
    if !field.enumValues.isEmpty { traits.insert(.hasEnum) }
    if field.min != nil || field.max != nil { traits.insert(.hasLimits) }
    if field.defaultWord != nil { traits.insert(.hasDefault) }
    if field.isImmutable { traits.insert(.isImmutable) }
  }

  /// A sketch of a table line.
  init(_ line: FieldLine, position: Int, type: FieldType, isAvailable: Bool) {
    name = line.name
    self.position = position
    self.type = type
    self.isAvailable = isAvailable
    isRequired = line.isRequired
    listType = line.listType
    traits = []
    if !line.enumValues.isEmpty { traits.insert(.hasEnum) }
    if line.min != nil || line.max != nil { traits.insert(.hasLimits) }
    if line.defaultText != nil { traits.insert(.hasDefault) }
    if line.isImmutable { traits.insert(.isImmutable) }
  }
}

/// The lines of one embedded type.
///
/// The tables were read whole when they were embedded, and a test resolves every type; so a line
/// that does not read is a bug here, not a mistake of the user's.
struct EmbeddedType {
  private let tables: EmbeddedTables
  private let file: Int
  private let offset: Int

  init(_ id: TypeID, in tables: EmbeddedTables) {
    precondition(id.index >= 0 && id.index < tables.typeCount, "no embedded type has this id")
    self.tables = tables
    (file, offset) = tables.type(Int(id.index))
  }

  /// What a checker reads of every variant of every field, seen from `version`.
  func sketches(in version: KubernetesVersion) -> [RowSketch] {
    var isTypeAvailable = true
    var sketches: [RowSketch] = []
    forEachLine { line in
      isTypeAvailable = line.availability.contains(version)
    } field: { line in
      sketches.append(
        RowSketch(
          line, position: sketches.count, type: type(line),
          isAvailable: isTypeAvailable && line.availability.contains(version)))
    }
    return sketches
  }

  /// The type with all its words.
  func objectType() -> ObjectType {
    var type = ObjectType(name: "", qualifiedName: "", fields: [])
    forEachLine { line in
      type.name = line.name.string
      type.isAtomic = line.isAtomic
      type.hasView = line.hasView
      type.union = line.union
      type.availability = line.availability
    } field: { line in
      type.fields.append(Field(line, type: self.type(line), within: type.availability))
    }
    let path = "\(tables.tableGroup(ofFile: file)).\(tables.version(ofFile: file))"
    type.qualifiedName = "\(path)/\(type.name)"
    return type
  }

  private func type(_ line: FieldLine) -> FieldType {
    let type = FieldType(line.type) { tables.resolveType($0, inFile: file).map(TypeID.init) }
    guard let type else { preconditionFailure("'\(line.type.string)' names no type") }
    return type
  }

  private func forEachLine(type: (TypeLine) -> Void, field: (FieldLine) -> Void) {
    var reader = TableReader(tables.text(ofFile: file), from: offset)
    var hasType = false
    do {
      while let (line, _) = try reader.next() {
        switch line {
        case .type(let line) where !hasType:
          hasType = true
          type(line)
        case .field(let line) where hasType: field(line)
        case .blank: break
        default: return
        }
      }
    } catch {
      preconditionFailure("the index of the schemas is out of date: run make generate (\(error))")
    }
  }
}

extension Field {
  /// The words of a line of a type that exists `within` some versions.
  init(_ line: FieldLine, type: FieldType, within: Availability) {
    self.init(name: line.name.string, type: type)
    tagPath = line.tag.split(separator: 0x2E).compactMap { Int(Bytes(rebasing: $0).string) }
    isRequired = line.isRequired
    enumValues = line.enumValues.commaSeparated
    listType = line.listType
    listKeys = line.listKeys.commaSeparated
    isMapAtomic = line.isMapAtomic
    patchStrategy = line.patchStrategy
    patchMergeKey = line.patchMergeKey?.string
    availability.since = line.availability.since ?? within.since
    availability.until = line.availability.until ?? within.until
    min = line.min
    max = line.max
    defaultWord = line.defaultText.map {
      line.isDefaultComputed ? .computed($0.string) : .constant($0.string)
    }
    isZeroUnset = line.isZeroUnset
    isPointer = line.isPointer
    isImmutable = line.isImmutable
  }
}
