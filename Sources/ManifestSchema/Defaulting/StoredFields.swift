import ManifestSyntax

/// What the server drops from every object, and the metadata that it writes itself.
enum StoredFields {
  /// Takes out the fields of features that are off (DRP-01 to DRP-04).
  static func drop(from object: inout Value, kind: Kind) {
    guard let path = podSpecPath(of: kind) else { return }
    object.update(path) { spec in
      spec["schedulingGroup"] = nil
      for list in ["initContainers", "containers", "ephemeralContainers"] {
        spec.updateItems(list) { dropStopSignal(from: &$0) }
      }
      spec.updateItems("volumes") { volume in
        volume.update(["projected"]) { projected in
          projected.updateItems("sources") { source in
            source["clusterTrustBundle"] = nil
            source["podCertificate"] = nil
          }
        }
      }
    }
  }

  /// What every pod has once it is decoded.
  static func complete(_ object: inout Value, kind: Kind) {
    guard let path = podSpecPath(of: kind) else { return }
    object.update(path) { spec in
      copyServiceAccount(&spec)
      if spec["securityContext"] == nil { spec["securityContext"] = .emptyMap }
    }
  }

  private static func dropStopSignal(from container: inout Value) {
    guard container["lifecycle"]?["stopSignal"] != nil else { return }
    container.update(["lifecycle"]) { $0["stopSignal"] = nil }
    if container["lifecycle"] == .emptyMap { container["lifecycle"] = nil }
  }

  /// CV-01: the old name of the field goes out with the value of the new one.
  private static func copyServiceAccount(_ spec: inout Value) {
    if let name = spec["serviceAccountName"] { spec["serviceAccount"] = name }
  }

  /// The way to the spec of the pods that an object makes; nil where it makes none.
  static func podSpecPath(of kind: Kind) -> [String]? {
    switch (kind.gvk.group, kind.gvk.kind) {
    case ("", "Pod"): ["spec"]
    case ("", "PodTemplate"): ["template", "spec"]
    case ("", "ReplicationController"), ("batch", "Job"): ["spec", "template", "spec"]
    case ("apps", "Deployment"), ("apps", "ReplicaSet"), ("apps", "StatefulSet"),
      ("apps", "DaemonSet"):
      ["spec", "template", "spec"]
    case ("batch", "CronJob"): ["spec", "jobTemplate", "spec", "template", "spec"]
    default: nil
    }
  }

  /// DRP-07, CR-01, CR-02: what the system owns, it writes itself.
  static func setMetadata(
    of object: inout Value, kind: Kind, serverFields: Rendering.ServerFields?
  ) {
    object.update(["metadata"]) { metadata in
      for name in [
        "uid", "resourceVersion", "creationTimestamp", "selfLink", "deletionTimestamp",
        "deletionGracePeriodSeconds", "managedFields",
      ] { metadata[name] = nil }
      // Kinds that count no generations keep what they are given.
      if podSpecPath(of: kind) != nil { metadata["generation"] = nil }
      dropRepeatedOwners(&metadata)
      guard let serverFields else { return }
      if metadata["name"] == nil, metadata["generateName"] != nil {
        metadata["name"] = .string(Rendering.generated)
      }
      if kind.isNamespaced, metadata["namespace"] == nil {
        metadata["namespace"] = .string(serverFields.namespace)
      }
      if podSpecPath(of: kind) != nil { metadata["generation"] = 1 }
    }
  }
}

extension StoredFields {
  /// Owners that are named twice in the same words are kept once.
  fileprivate static func dropRepeatedOwners(_ metadata: inout Value) {
    guard let owners = metadata["ownerReferences"]?.list else { return }
    var seen: Set<Value> = []
    metadata["ownerReferences"] = .list(owners.filter { seen.insert($0).inserted })
  }
}

extension Value {
  /// Changes the map at `path`, if there is one.
  mutating func update(_ path: some Collection<String>, _ change: (inout Value) -> Void) {
    guard let first = path.first else {
      change(&self)
      return
    }
    _ = changePart(first) { $0.update(path.dropFirst(), change) }
  }

  /// Changes every item of the list under `name`, if there is one.
  mutating func updateItems(_ name: String, _ change: (inout Value) -> Void) {
    _ = changePart(name) { part in
      guard case .list(var items) = part else { return }
      part = .null
      for index in items.indices { change(&items[index]) }
      part = .list(items)
    }
  }
}
