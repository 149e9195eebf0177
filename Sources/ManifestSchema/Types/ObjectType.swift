/// A union of fields of which one is set, as the API describes it.
public struct UnionWord: Hashable, Sendable {
  /// The field that names the one that is set; nil where none does.
  public var discriminator: String?
  public var fields: [String]
}

/// A type with named fields, over all versions.
public struct ObjectType: Hashable, Sendable {
  /// The name within its file: `DeploymentSpec`.
  public var name: String
  /// The name with its file: `apps.v1/DeploymentSpec`.
  public var qualifiedName: String
  /// Every variant of every field, in the table's order.
  public var fields: [Field]
  /// Whether the object is replaced as a whole when two versions of it are merged.
  public var isAtomic = false
  /// Whether Swift code reads the type through a generated view.
  public var hasView = false
  public var union: UnionWord?
  public var availability = Availability()
  /// The type of fields that are not named; nil when such fields are mistakes.
  public var unnamedFields: FieldType?

  public init(name: String, qualifiedName: String, fields: [Field]) {
    self.name = name
    self.qualifiedName = qualifiedName
    self.fields = fields
  }

  /// The fields of `version`, one for each name.
  public func fields(in version: KubernetesVersion) -> [Field] {
    fields.filter { $0.availability.contains(version) }
  }

  /// The field `name` in `version`; nil when that version has none.
  public func field(named name: String, in version: KubernetesVersion) -> Field? {
    fields.first { $0.name == name && $0.availability.contains(version) }
  }
}
