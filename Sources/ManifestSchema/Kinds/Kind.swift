/// Which API and kind an object claims to be.
public struct GroupVersionKind: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The API group; empty for the core group.
  public var group: String
  public var version: String
  public var kind: String

  public init(group: String, version: String, kind: String) {
    self.group = group
    self.version = version
    self.kind = kind
  }

  /// Splits an `apiVersion` such as `v1` or `apps/v1` at its first slash.
  public init(apiVersion: String, kind: String) {
    let bytes = apiVersion.utf8
    if let slash = bytes.firstIndex(of: UInt8(ascii: "/")) {
      group = String(apiVersion[..<slash])
      version = String(apiVersion[bytes.index(after: slash)...])
    } else {
      group = ""
      version = apiVersion
    }
    self.kind = kind
  }

  /// What a manifest writes for it: `apps/v1`, or `v1` in the core group.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  public var description: String { "\(apiVersion) \(kind)" }

  /// By group, then kind, then version: the versions of a kind stand together.
  public static func < (left: GroupVersionKind, right: GroupVersionKind) -> Bool {
    (left.group, left.kind, left.version) < (right.group, right.kind, right.version)
  }
}

/// A kind of object: how it is called, where it lives, and what can be done with it.
public struct Kind: Hashable, Sendable {
  /// Where objects of a kind live.
  public enum Scope: Hashable, Sendable {
    case namespaced
    case cluster
  }

  public var gvk: GroupVersionKind
  /// The type of the whole object.
  public var type: TypeID
  /// The resource's name in URLs; empty for kinds that have no resource of their own
  /// (`DeploymentList`).
  public var plural: String
  public var singular: String
  public var shortNames: [String]
  /// Nil for kinds that have no resource of their own.
  public var scope: Scope?
  public var categories: [String]
  public var verbs: [String]
  public var subresources: [String]
  /// Whether objects of this kind are lists of others, with `items`.
  public var isList: Bool
  public var availability: Availability

  public init(
    gvk: GroupVersionKind, type: TypeID, plural: String = "", singular: String = "",
    shortNames: [String] = [], scope: Scope? = nil, categories: [String] = [],
    verbs: [String] = [], subresources: [String] = [], isList: Bool = false,
    availability: Availability = Availability()
  ) {
    self.gvk = gvk
    self.type = type
    self.plural = plural
    self.singular = singular
    self.shortNames = shortNames
    self.scope = scope
    self.categories = categories
    self.verbs = verbs
    self.subresources = subresources
    self.isList = isList
    self.availability = availability
  }

  /// Whether objects live in a namespace.
  public var isNamespaced: Bool { scope == .namespaced }

  /// What a resource can do unless its table line says otherwise.
  public static let usualVerbs = [
    "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch",
  ]
}

/// What became of a kind in an API version: when it was deprecated, removed, and what follows it.
public struct Removal: Hashable, Sendable {
  public var gvk: GroupVersionKind
  /// The version that began to warn; nil where none did.
  public var deprecatedIn: KubernetesVersion?
  /// The first version without it; nil while every known version still has it.
  public var removedIn: KubernetesVersion?
  /// The `apiVersion` to write instead; nil when nothing replaces it.
  public var replacement: String?
}
