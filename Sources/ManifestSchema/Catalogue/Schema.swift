import CSchemas
import ManifestSyntax

/// A field within a ``Schema``, by number.
public struct FieldIndex: Hashable, Sendable, BitwiseCopyable {
  public let index: Int32
}

/// Every kind and type that one Kubernetes version knows, read as far as they are used.
///
/// A schema costs nothing until it is asked: a type's lines are read when its first field is looked
/// up. For that it changes inside, without locks: **a schema belongs to one thread**; give each
/// worker its own. Types and kinds can be added at run time, for CustomResourceDefinitions.
///
/// Two ways lead to a type. Checkers that look up every key of every object use
/// ``field(of:hash:name:)`` and ``row(_:)``, which touch no reference counts. Everything else
/// takes the ``ObjectType`` from ``type(_:)``, which holds all words of all variants.
public final class Schema {
  /// The version whose fields and kinds are known as available.
  public let version: KubernetesVersion

  let tables = EmbeddedTables()
  // One thread owns the schema and no closure of ours runs within an access, so the checks that
  // accesses do not overlap would only slow the look-ups.
  @exclusivity(unchecked) var rows = FieldRows()
  private var objectTypes: [Int32: ObjectType] = [:]
  private(set) var addedKinds: [GroupVersionKind: Kind] = [:]
  var kindCache: [KindKey: Kind?] = [:]
  var knownKinds: [Kind]?
  var removalCache: [GroupVersionKind: Removal?] = [:]
  var removals: [GroupVersionKind: Removal]?
  /// The kinds that definitions and foreign schemas describe.
  var customKinds: [GroupVersionKind: CustomKind] = [:]
  /// Types of custom kinds that nobody has looked at yet, by id, and the ids given out.
  var deferredTypes: [Int32: DeferredType] = [:]
  var deferredIDs: [DeferredTypeKey: TypeID] = [:]
  /// Answers of `isRuled(_:)`, by type.
  @exclusivity(unchecked) var ruledTypes: [Bool?] = []

  /// A schema for `version`, with the embedded types.
  public init(version: KubernetesVersion = .latest) {
    self.version = version
    rows.appendUnread(tables.typeCount)
  }

  deinit { rows.deallocate() }

  /// How many types there are; ids run from 0.
  public var typeCount: Int { rows.slotCount }

  /// The ids of the types that the tables describe.
  public var embeddedTypes: [TypeID] { (0..<tables.typeCount).map(TypeID.init) }
}

/// Look-ups for every value of every object.
extension Schema {
  /// The field called `name` among all fields of `type`, whatever version has them; nil if none is.
  ///
  /// Whether this schema's version has it says ``FieldRow/isAvailable``.
  /// - Parameter hash: `KeyHash.of(name)`.
  @inline(__always)
  public func field(
    of type: TypeID, hash: UInt32, name: UnsafeRawBufferPointer
  ) -> FieldIndex? {
    if !rows.isRead(type) { read(type) }
    return rows.find(type, hash: hash, name: name)
  }

  /// The field called `name` among all fields of `type`.
  public func field(of type: TypeID, named name: String) -> FieldIndex? {
    var name = name
    return name.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      return field(of: type, hash: KeyHash.of(bytes), name: bytes)
    }
  }

  /// What a checker needs to know of a field.
  @inline(__always)
  public func row(_ field: FieldIndex) -> FieldRow { rows.row(field) }

  /// How many fields of `type` this version requires.
  @inline(__always)
  public func requiredCount(of type: TypeID) -> Int {
    if !rows.isRead(type) { read(type) }
    return rows.requiredCount(type)
  }

  /// The required field of `type` whose `requiredIndex` is `index`.
  public func requiredField(of type: TypeID, at index: Int) -> FieldIndex {
    rows.requiredField(type, at: index)
  }

  /// The type of the fields of `type` that it does not name; nil when they are mistakes.
  public func unnamedFields(of type: TypeID) -> FieldType? {
    type.index < tables.typeCount ? nil : self.type(type).unnamedFields
  }

  /// Whether this version has the type.
  public func isAvailable(_ type: TypeID) -> Bool {
    self.type(type).availability.contains(version)
  }
}

/// Look-ups of whole types.
extension Schema {
  /// The type with all its words; read once, then kept.
  public func type(_ id: TypeID) -> ObjectType {
    if let type = objectTypes[id.index] { return type }
    let type: ObjectType
    if let deferred = deferredTypes.removeValue(forKey: id.index) {
      type = makeType(deferred)
    } else {
      type = EmbeddedType(id, in: tables).objectType()
    }
    objectTypes[id.index] = type
    return type
  }

  /// The words of a field.
  public func field(_ index: FieldIndex, of type: TypeID) -> Field {
    self.type(type).fields[Int(rows.row(index).position)]
  }

  /// The type called `name`: `apps.v1/DeploymentSpec`, or `PodSpec` for one of core.v1 or meta.v1.
  public func typeID(named name: String) -> TypeID? {
    var name = name
    let found = name.withUTF8 { tables.resolveType(Bytes($0), inFile: tables.coreFile) }
    return found.map(TypeID.init)
  }

  /// Adds a type made at run time; fields may refer to the types added before.
  public func add(type: ObjectType) -> TypeID {
    let id = reserveType()
    objectTypes[id.index] = type
    readRows(id, type)
    return id
  }

  /// The id of a type that will be made when it is first asked for.
  func reserveType() -> TypeID {
    let id = TypeID(rows.slotCount)
    rows.appendUnread(1)
    return id
  }

  private func readRows(_ id: TypeID, _ type: ObjectType) {
    let sketches = type.fields.enumerated().map { position, field in
      RowSketch(field, position: position, in: version, name: rows.keep(field.name))
    }
    rows.read(id, sketches)
  }

  /// Adds a kind made at run time; it stands in front of an embedded kind of the same name.
  public func add(kind: Kind) {
    addedKinds[kind.gvk] = kind
    kindCache.removeAll()
    removalCache.removeAll()
    knownKinds = nil
  }

  @inline(never)
  private func read(_ id: TypeID) {
    if id.index >= tables.typeCount { return readRows(id, type(id)) }
    rows.read(id, EmbeddedType(id, in: tables).sketches(in: version))
  }
}
