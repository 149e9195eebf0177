import ManifestSyntax

@testable import ClusterControl

/// A cluster of the objects that a test names.
final class TestCluster: ClusterReader, AllocationTable {
  private(set) var objects: [(key: ResourceKey, object: Value)] = []
  private(set) var taken: [AllocationKey: AllocationOwner] = [:]

  /// Adds objects as YAML, separated by `---`; the namespace of those without is `shop`.
  init(_ yaml: String = "") {
    var reader = DocumentReader(SourceText(yaml))
    while let document = reader.next() {
      if let object = document.tree?.value(), object["kind"] != nil { add(object) }
    }
  }

  private static let groups: [String: GroupResource] = [
    "Namespace": .namespaces, "ServiceAccount": .serviceAccounts, "LimitRange": .limitRanges,
    "ResourceQuota": .resourceQuotas, "PriorityClass": .priorityClasses, "Node": .nodes,
    "RuntimeClass": .runtimeClasses, "StorageClass": .storageClasses, "Secret": .secrets,
    "IngressClass": .ingressClasses, "Pod": .pods, "Service": .services,
    "ConfigMap": .configMaps, "PersistentVolumeClaim": .persistentVolumeClaims,
  ]
  private static let clusterKinds: Set<GroupResource> = [
    .namespaces, .priorityClasses, .nodes, .runtimeClasses, .storageClasses, .ingressClasses,
  ]

  static func key(of object: Value) -> ResourceKey {
    let kind = object["kind"]?.string ?? ""
    let resource = groups[kind] ?? GroupResource(group: "other", kind.lowercased() + "s")
    let namespace = object["metadata"]?["namespace"]?.string ?? "shop"
    return ResourceKey(
      resource, namespace: clusterKinds.contains(resource) ? nil : namespace,
      name: object["metadata"]?["name"]?.string ?? "")
  }

  func add(_ object: Value) {
    let key = Self.key(of: object)
    objects.removeAll { $0.key == key }
    objects.append((key, object))
  }

  func remove(_ name: String) { objects.removeAll { $0.key.name == name } }

  func object(_ key: ResourceKey) throws(AdmissionRefusal) -> Value? {
    objects.first { $0.key == key }?.object
  }

  func list(_ resource: GroupResource, namespace: String?) throws(AdmissionRefusal) -> [Value] {
    objects.filter {
      $0.key.resource == resource && (namespace == nil || $0.key.namespace == namespace)
    }.map(\.object)
  }

  func owner(of key: AllocationKey) throws(AdmissionRefusal) -> AllocationOwner? { taken[key] }

  func take(_ key: AllocationKey, for owner: AllocationOwner) throws(AdmissionRefusal) {
    precondition(taken[key] == nil, "\(key.path) is taken twice")
    taken[key] = owner
  }

  func release(_ key: AllocationKey) throws(AdmissionRefusal) { taken[key] = nil }

  func take(_ keys: [AllocationKey], for name: String) {
    for key in keys {
      taken[key] = AllocationOwner(
        ResourceKey(.services, namespace: "other", name: name), uid: "uid-\(name)")
    }
  }
}

extension Value {
  /// The one object that `yaml` writes.
  init(yaml: String) {
    var reader = DocumentReader(SourceText(yaml))
    self = reader.next()?.tree?.value() ?? .null
  }
}
