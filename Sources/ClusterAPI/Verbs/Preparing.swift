import ClusterControl
import ManifestSchema
import ManifestSyntax

/// What the server makes of an object between decoding and validation, kind by kind.
extension ClusterSession {
  /// The object as it is to be stored when it is created, but for names and identity.
  func preparedForCreate(_ object: Value, _ resource: ServedResource) -> Value {
    let kind = workshop.kind(resource)
    var result = object
    if !resource.isCustom {
      result = workshop.rendering.asStored(
        object, kind: kind, serverFields: Rendering.ServerFields(), isReplacement: false)
      if result["status"] == nil, resource.has(subresource: "status") {
        result["status"] = workshop.rendering.emptyStatus(kind)
      }
    } else if resource.has(subresource: "status") {
      result["status"] = nil
    }
    switch (resource.group, resource.kind) {
    case ("", "Namespace"): Self.prepareNamespace(&result)
    // A kubelet makes its node together with what it has to offer.
    case ("", "Node"): result["status"] = object["status"] ?? result["status"]
    case ("", "PersistentVolumeClaim"), ("", "PersistentVolume"):
      result["status"] = ["phase": "Pending"]
    case ("apps", "DaemonSet"): Self.setTemplateGeneration(&result, 1)
    case ("apiextensions.k8s.io", "CustomResourceDefinition"):
      result["status"] = Definition.status(of: result, time: time)
    default: break
    }
    return result
  }

  /// The object as it is to replace `old`, but for names and identity: what the endpoint does not
  /// take stays as it is.
  func preparedForUpdate(
    _ object: Value, over old: Value, _ resource: ServedResource, subresource: String
  ) -> Value {
    switch subresource {
    case "": return preparedWhole(object, over: old, resource)
    case "status": return Self.taking(status: object, over: old, resource)
    case "finalize", "approval":
      var result = Self.withRest(of: old, metadata: object["metadata"])
      let part = subresource == "finalize" ? "spec" : "status"
      result[part] = object[part]
      return result
    case "ephemeralcontainers":
      var result = Self.withRest(of: old, metadata: old["metadata"])
      result.change("metadata") { $0["managedFields"] = object["metadata"]?["managedFields"] }
      result.change("spec") { $0["ephemeralContainers"] = object["spec"]?["ephemeralContainers"] }
      return result
    case "resize": return PodResize.taking(object, over: old)
    default: return old
    }
  }

  private func preparedWhole(
    _ object: Value, over old: Value, _ resource: ServedResource
  ) -> Value {
    var result = object
    if !resource.isCustom {
      result = workshop.rendering.asStored(
        object, kind: workshop.kind(resource), serverFields: nil, isReplacement: true)
      // Which parts of metadata are kept is decided elsewhere.
      result["metadata"] = object["metadata"]
      result["status"] = object["status"]
    }
    if resource.has(subresource: "status") { result["status"] = old["status"] }
    switch (resource.group, resource.kind) {
    case ("", "Namespace"):
      result.change("spec") { $0["finalizers"] = old["spec"]?["finalizers"] }
    case ("apps", "DaemonSet"):
      let annotation = old["metadata"]?["annotations"]?[Self.templateGeneration]?.string
      let before = annotation.flatMap { Int64($0) } ?? 1
      let isSame = old["spec"]?["template"] == result["spec"]?["template"]
      Self.setTemplateGeneration(&result, isSame ? before : before &+ 1)
    case ("apiextensions.k8s.io", "CustomResourceDefinition"):
      result["status"] = Definition.status(of: result, after: old["status"], time: time)
    default: break
    }
    return result
  }

  private static func taking(
    status object: Value, over old: Value, _ resource: ServedResource
  ) -> Value {
    var result = withRest(
      of: old, metadata: resource.isCustom ? old["metadata"] : object["metadata"])
    result["status"] = object["status"]
    if resource.isCustom {
      result.change("metadata") { $0["managedFields"] = object["metadata"]?["managedFields"] }
    }
    switch (resource.group, resource.kind) {
    case ("apps", "Deployment"):
      result.change("metadata") { $0["labels"] = old["metadata"]?["labels"] }
    case ("", "Pod"):
      result.change("metadata") { metadata in
        metadata["ownerReferences"] = old["metadata"]?["ownerReferences"]
      }
      // The class is decided once.
      if let known = old["status"]?["qosClass"], result["status"]?["qosClass"] == nil {
        result.change("status") { $0["qosClass"] = known }
      }
    default: break
    }
    return result
  }

  private static func withRest(of old: Value, metadata: Value?) -> Value {
    var result = old
    result["metadata"] = metadata
    return result
  }

  // MARK: - Kinds

  private static func prepareNamespace(_ object: inout Value) {
    object.change("spec") { spec in
      var finalizers = spec["finalizers"]?.list ?? []
      if !finalizers.contains("kubernetes") { finalizers.append("kubernetes") }
      spec["finalizers"] = .list(finalizers)
    }
    object["status"] = ["phase": "Active"]
  }

  /// Selectors find namespaces by their names.
  static func nameNamespace(_ object: inout Value) {
    let name = object.metadataText("name")
    if name.isEmpty { return }
    object.change("metadata") { metadata in
      metadata.change("labels") { $0["kubernetes.io/metadata.name"] = .string(name) }
    }
  }

  private static let templateGeneration = "deprecated.daemonset.template.generation"

  private static func setTemplateGeneration(_ object: inout Value, _ number: Int64) {
    object.change("metadata") { metadata in
      metadata.change("annotations") { $0[templateGeneration] = .string(String(number)) }
    }
  }
}

/// What the cluster says of a CustomResourceDefinition.
enum Definition {
  /// Names are accepted and the kind is served as soon as the definition is stored.
  static func status(of definition: Value, after old: Value? = nil, time: String) -> Value {
    var stored = old?["storedVersions"]?.list ?? []
    let versions = definition["spec"]?["versions"]?.list ?? []
    if let version = versions.first(where: { $0["storage"] == true })?["name"],
      !stored.contains(version)
    {
      stored.append(version)
    }
    let conditions: [Value] = [
      condition("NamesAccepted", "NoConflicts", "no conflicts found", time),
      condition(
        "Established", "InitialNamesAccepted", "the initial names have been accepted", time),
    ]
    return [
      "conditions": old?["conditions"] ?? .list(conditions),
      "acceptedNames": definition["spec"]?["names"] ?? .emptyMap,
      "storedVersions": .list(stored),
    ]
  }

  private static func condition(
    _ type: String, _ reason: String, _ message: String, _ time: String
  ) -> Value {
    [
      "type": .string(type), "status": "True", "lastTransitionTime": .string(time),
      "reason": .string(reason), "message": .string(message),
    ]
  }
}

/// A job finds its pods by a label that no other job's pods have, unless it says otherwise.
enum JobSelector {
  static func generate(in job: inout Value, uid: String) {
    guard job["spec"]?["manualSelector"] != true else { return }
    let name = job["metadata"]?["name"] ?? ""
    let labels: [(String, Value)] = [
      ("batch.kubernetes.io/controller-uid", .string(uid)),
      ("batch.kubernetes.io/job-name", name), ("controller-uid", .string(uid)),
      ("job-name", name),
    ]
    job.change("spec") { spec in
      spec.change("selector") { selector in
        selector.change("matchLabels") { $0[labels[0].0] = labels[0].1 }
      }
      spec.change("template") { template in
        template.change("metadata") { metadata in
          metadata.change("labels") { known in
            for (key, value) in labels where known[key] == nil { known[key] = value }
          }
        }
      }
    }
  }
}

/// The endpoint that changes what running containers may use.
enum PodResize {
  static func taking(_ new: Value, over old: Value) -> Value {
    var result = old
    result.change("metadata") { $0["managedFields"] = new["metadata"]?["managedFields"] }
    for list in ["containers", "initContainers"] {
      guard var containers = old["spec"]?[list]?.list else { continue }
      let wanted = new["spec"]?[list]?.list ?? []
      for index in containers.indices {
        guard let other = wanted.first(where: { $0["name"] == containers[index]["name"] }) else {
          continue
        }
        containers[index]["resources"] = other["resources"]
        containers[index]["resizePolicy"] = other["resizePolicy"]
      }
      result.change("spec") { $0[list] = .list(containers) }
    }
    return result
  }
}
