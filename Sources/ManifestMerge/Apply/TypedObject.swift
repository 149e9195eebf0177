import ManifestSchema
import ManifestSyntax

/// A value together with what the schema says about merging it.
public struct TypedObject {
  public let value: Value
  /// What it is, whatever `value` says: an object may lose these fields on the way.
  let apiVersion: String
  let kind: String
  let type: MergeType
  let types: MergeTypes

  init(_ value: Value, kind: String, apiVersion: String, _ types: MergeTypes) {
    self.value = value
    self.kind = kind
    self.apiVersion = apiVersion
    self.types = types
    type = types.root(apiVersion: apiVersion, kind: kind)
  }

  /// An object by what it calls itself; of a deduced type where the schema does not know its kind.
  ///
  /// - Parameter allowsDuplicates: Whether items of the same name may stand in a keyed list or set.
  /// - Throws: What in it does not fit the schema.
  public init(
    _ object: Value, allowsDuplicates: Bool = true, types: MergeTypes
  ) throws(MergeTroubles) {
    self.init(
      object, kind: object["kind"]?.string ?? "", apiVersion: object["apiVersion"]?.string ?? "",
      types)
    let troubles = types.troubles(in: object, type, allowsDuplicates: allowsDuplicates)
    if !troubles.isEmpty { throw MergeTroubles(troubles) }
  }

  /// Every field that the object sets.
  public func fields() -> FieldSet { types.fields(of: value, type) }

  /// This object overlaid with `config`.
  public func merging(_ config: TypedObject) -> TypedObject {
    with(types.merge(value, config.value, type) ?? .emptyMap)
  }

  /// In what `new` differs from this object.
  public func comparison(to new: TypedObject) -> Comparison {
    types.compare(value, new.value, type)
  }

  /// This object without `fields` and what is below them.
  public func removing(_ fields: FieldSet) -> TypedObject {
    fields.isEmpty ? self : with(types.removing(fields, from: value, type))
  }

  /// Only those parts of the object that are in `fields`.
  public func extracting(_ fields: FieldSet) -> TypedObject {
    with(types.extracting(fields, from: value, type))
  }

  func namingObjects(_ fields: FieldSet) -> FieldSet { types.namingObjects(fields, type) }

  private init(_ value: Value, like other: TypedObject) {
    self.value = value
    kind = other.kind
    apiVersion = other.apiVersion
    type = other.type
    types = other.types
  }

  private func with(_ value: Value) -> TypedObject { TypedObject(value, like: self) }
}

/// Everything in which an object does not fit the schema; never empty.
public struct MergeTroubles: Error, Hashable, Sendable, CustomStringConvertible {
  public let troubles: [MergeTrouble]

  init(_ troubles: [MergeTrouble]) { self.troubles = troubles }

  /// As the API server words it.
  public var description: String {
    let lines = troubles.map { trouble in
      trouble.path.isEmpty ? trouble.message : "\(trouble.path.pathText): \(trouble.message)"
    }
    return lines.count == 1
      ? lines[0] : (["errors:"] + lines.map { "  " + $0 }).joined(separator: "\n")
  }
}
