import ClusterControl
import ManifestSchema

/// A resource as one version of an API group serves it.
public struct ServedResource: Hashable, Sendable {
  /// Empty for the core group.
  public var group: String
  public var version: String
  public var kind: String
  /// The kind of a list of such objects.
  public var listKind: String
  public var plural: String
  public var singular: String
  public var shortNames: [String]
  public var isNamespaced: Bool
  public var categories: [String]
  public var verbs: [String]
  public var subresources: [String]
  /// Whether a CustomResourceDefinition describes it.
  public var isCustom: Bool
  /// The group, version and kind that its objects are kept in.
  public var storage: GroupVersionKind

  public var gvk: GroupVersionKind {
    GroupVersionKind(group: group, version: version, kind: kind)
  }

  /// `apps/v1`, `v1`.
  public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

  /// Its name as requests use it.
  public var resource: GroupResource { GroupResource(group: group, plural) }

  /// The name under which its objects are kept, which several groups may share (events).
  public var stored: GroupResource { GroupResource(group: storage.group, plural) }

  /// Whether objects are kept in the very version that is served.
  public var isStorageVersion: Bool { gvk == storage }

  public func has(subresource: String) -> Bool { subresources.contains(subresource) }

  public func allows(_ verb: String) -> Bool { verbs.contains(verb) }

  /// The key of one of its objects; the namespace counts for namespaced resources only.
  public func key(namespace: String?, name: String) -> ResourceKey {
    ResourceKey(resource, namespace: isNamespaced ? namespace : nil, name: name)
  }
}
