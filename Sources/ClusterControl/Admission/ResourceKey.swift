/// A kind of object as requests name it: its group and its plural.
public struct GroupResource: Hashable, Sendable {
  /// Empty for the core group.
  public var group: String
  /// In lower case: `deployments`.
  public var plural: String

  public init(group: String = "", _ plural: String) {
    self.group = group
    self.plural = plural
  }

  /// Plurals hardly ever agree between groups, so the group need not be hashed.
  public func hash(into hasher: inout Hasher) { hasher.combine(plural) }

  /// As quotas and messages write it: `pods`, `deployments.apps`.
  public var description: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

extension GroupResource: CustomStringConvertible {
  public static let configMaps = GroupResource("configmaps")
  public static let ingressClasses = GroupResource(group: "networking.k8s.io", "ingressclasses")
  public static let ingresses = GroupResource(group: "networking.k8s.io", "ingresses")
  public static let limitRanges = GroupResource("limitranges")
  public static let namespaces = GroupResource("namespaces")
  public static let nodes = GroupResource("nodes")
  public static let persistentVolumeClaims = GroupResource("persistentvolumeclaims")
  public static let persistentVolumes = GroupResource("persistentvolumes")
  public static let pods = GroupResource("pods")
  public static let priorityClasses = GroupResource(group: "scheduling.k8s.io", "priorityclasses")
  public static let resourceQuotas = GroupResource("resourcequotas")
  public static let runtimeClasses = GroupResource(group: "node.k8s.io", "runtimeclasses")
  public static let secrets = GroupResource("secrets")
  public static let serviceAccounts = GroupResource("serviceaccounts")
  public static let services = GroupResource("services")
  public static let storageClasses = GroupResource(group: "storage.k8s.io", "storageclasses")
}

/// What tells one object from all others.
public struct ResourceKey: Hashable, Sendable {
  public var resource: GroupResource
  /// nil for what belongs to the whole cluster.
  public var namespace: String?
  /// Empty while the name is still to be generated.
  public var name: String

  public init(_ resource: GroupResource, namespace: String? = nil, name: String) {
    self.resource = resource
    self.namespace = namespace
    self.name = name
  }

  /// Names tell keys apart well enough; keys are hashed at every turn of an engine.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(namespace)
  }

  public var group: String { resource.group }
  public var plural: String { resource.plural }
}
