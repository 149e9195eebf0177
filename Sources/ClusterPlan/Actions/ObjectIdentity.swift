import ClusterAPI
import ClusterControl
import ManifestRules
import ManifestSchema

/// Which object a change is about.
public struct ObjectIdentity: Hashable, Sendable {
  /// In the version in which it was given.
  public var apiVersion: String
  public var kind: String
  public var resource: GroupResource
  /// The name of the kind in messages, in lower case: `deployment`.
  public var singular: String
  /// Nil for what belongs to the whole cluster.
  public var namespace: String?
  public var name: String

  public init(
    apiVersion: String, kind: String, resource: GroupResource, singular: String,
    namespace: String?, name: String
  ) {
    self.apiVersion = apiVersion
    self.kind = kind
    self.resource = resource
    self.singular = singular
    self.namespace = namespace
    self.name = name
  }

  public init(_ served: ServedResource, namespace: String?, name: String) {
    self.init(
      apiVersion: served.apiVersion, kind: served.kind, resource: served.resource,
      singular: served.singular, namespace: served.isNamespaced ? namespace : nil, name: name)
  }

  public var gvk: GroupVersionKind { GroupVersionKind(apiVersion: apiVersion, kind: kind) }

  /// As kubectl writes it: `deployment.apps/web`, `service/web`.
  public var label: String {
    resource.group.isEmpty ? "\(singular)/\(name)" : "\(singular).\(resource.group)/\(name)"
  }

  /// The label with the namespace, for messages that stand alone.
  public var fullLabel: String {
    namespace.map { "\(label) in namespace \($0)" } ?? label
  }

  /// As references name it.
  public var objectName: ObjectName {
    ObjectName(group: resource.group, kind: kind, namespace: namespace, name: name)
  }

  /// What its kind has in the store.
  public var key: ResourceKey { ResourceKey(resource, namespace: namespace, name: name) }

  /// Whether its data must not be shown.
  public var isSecret: Bool { resource == .secrets }
}
