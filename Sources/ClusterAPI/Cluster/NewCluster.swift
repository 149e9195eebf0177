import ClusterControl
import ClusterStore
import ManifestSchema
import ManifestSyntax

/// What every cluster has from its first moment.
enum NewCluster {
  static let namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"]

  /// Writes the settings and the first objects into an empty store.
  static func setUp(_ cluster: LocalCluster) throws(StatusError) {
    try cluster.transaction { (session) throws(StatusError) in
      // Somebody else may have come first.
      do throws(StoreError) {
        if try session.access.entry(at: StoreKeys.settings) != nil { return }
      } catch { throw StatusError(error) }
      try fill(session)
    }
  }

  /// Writes the same into what is known to be empty.
  static func fill(_ session: ClusterSession) throws(StatusError) {
    do throws(StoreError) {
      try session.access.put(StoreKeys.settings, JSONWriter.bytes(session.settings.value))
    } catch { throw StatusError(error) }
    var options = WriteOptions(fieldManager: "kmf")
    options.fieldValidation = .strict
    for name in namespaces {
      try create(
        ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]],
        .namespaces, nil, session, options)
    }
    for object in priorityClasses { try create(object, .priorityClasses, nil, session, options) }
    try create(kubernetesService(session.settings), .services, "default", session, options)
  }

  private static func create(
    _ object: Value, _ resource: GroupResource, _ namespace: String?, _ session: ClusterSession,
    _ options: WriteOptions
  ) throws(StatusError) {
    let served = try session.resource(resource)
    _ = try session.create(object, in: served, namespace: namespace, options: options)
  }

  private static let priorityClasses: [Value] = [
    ("system-cluster-critical", 2_000_000_000, "must run somewhere in the cluster"),
    ("system-node-critical", 2_000_001_000, "must not be moved from its node"),
  ].map { name, value, duty in
    [
      "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass",
      "metadata": ["name": .string(name)], "value": .int(value),
      "description": .string("For pods of the system, each of which \(duty)."),
    ]
  }

  /// The API server's own address: the first of the range.
  private static func kubernetesService(_ settings: ClusterSettings) -> Value {
    var spec: Value = [
      "ports": [["name": "https", "port": 443, "protocol": "TCP", "targetPort": 6443]]
    ]
    if let range = settings.serviceCIDRs.first.flatMap({ CIDR($0) })?.masked {
      let bits = range.address.bits &+ 1
      let first =
        range.address.family == .v4
        ? IPAddress(v4: UInt32(truncatingIfNeeded: bits)) : IPAddress(v6: bits)
      spec["clusterIP"] = .string(first.description)
    }
    return [
      "apiVersion": "v1", "kind": "Service",
      "metadata": [
        "name": "kubernetes",
        "labels": ["component": "apiserver", "provider": "kubernetes"],
      ],
      "spec": spec,
    ]
  }
}
