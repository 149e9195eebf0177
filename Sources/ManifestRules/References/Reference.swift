import ManifestSchema
import ManifestSyntax

/// One place where an object mentions others: a volume's ConfigMap, a Service's pods, a namespace.
public struct Reference: Hashable, Sendable {
  /// What is mentioned.
  public enum Target: Hashable, Sendable {
    /// One object by its name.
    case object(ObjectName)
    /// All objects of a kind that have such labels; in all namespaces where that is nil.
    case selection(group: String, kind: String, namespace: String?, LabelSelector)
    /// The CustomResourceDefinition that makes a kind known.
    case definition(group: String, kind: String)
  }

  /// What the mention means for the one who mentions.
  public enum Role: String, Hashable, Sendable {
    /// The object lives in it: its namespace, the definition of its kind.
    case home
    /// It does not work, or not as meant, while the other is missing.
    case need
    /// It acts on the other, which does not know of it.
    case action
    /// The other owns it.
    case owner
  }

  /// Where it stands in the object.
  public var path: FieldPath
  public var target: Target
  public var role: Role
  /// Whether the object is content where the other is missing.
  public var isOptional: Bool
  /// The entry of a ConfigMap or Secret that is meant; nil for all of it.
  public var key: String?

  public init(
    path: FieldPath, target: Target, role: Role = .need, isOptional: Bool = false,
    key: String? = nil
  ) {
    self.path = path
    self.target = target
    self.role = role
    self.isOptional = isOptional
    self.key = key
  }
}

/// What tells an object from all others, as manifests name it: without a version, since the same
/// object is served in several.
public struct ObjectName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Empty for the core group.
  public var group: String
  public var kind: String
  /// Nil for what belongs to the whole cluster.
  public var namespace: String?
  public var name: String

  public init(group: String = "", kind: String, namespace: String? = nil, name: String) {
    self.group = group
    self.kind = kind
    self.namespace = namespace
    self.name = name
  }

  public static func < (left: ObjectName, right: ObjectName) -> Bool {
    if left.namespace != right.namespace { return left.namespace ?? "" < right.namespace ?? "" }
    return (left.kind, left.group, left.name) < (right.kind, right.group, right.name)
  }

  /// `Deployment shop/web`, `Namespace shop`.
  public var description: String {
    namespace.map { "\(kind) \($0)/\(name)" } ?? "\(kind) \(name)"
  }
}
