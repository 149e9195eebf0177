import ManifestSchema

/// A part of a resource that has a URL of its own: `pods/log`, `deployments/scale`.
struct Subresource {
  var name: String
  /// The kind that requests and answers hold; its group and version may differ from the resource's.
  var kind: GroupVersionKind
  var verbs: [String]

  /// The subresources of `resource` that `version` has, by name.
  static func all(of resource: ServedResource, in version: KubernetesVersion) -> [Subresource] {
    resource.subresources.sorted().compactMap { name in
      // Pods can be resized in place since 1.33.
      if name == "resize", version < KubernetesVersion(minor: 33) { return nil }
      return Subresource(name, of: resource)
    }
  }

  private init(_ name: String, of resource: ServedResource) {
    self.name = name
    kind = resource.gvk
    verbs = ["get", "patch", "update"]
    let core = { GroupVersionKind(group: "", version: "v1", kind: $0) }
    switch name {
    case "scale":
      kind = GroupVersionKind(group: "autoscaling", version: "v1", kind: "Scale")
    case "eviction":
      kind = GroupVersionKind(group: "policy", version: "v1", kind: "Eviction")
      verbs = ["create"]
    case "token":
      kind = GroupVersionKind(
        group: "authentication.k8s.io", version: "v1", kind: "TokenRequest")
      verbs = ["create"]
    case "binding":
      kind = core("Binding")
      verbs = ["create"]
    case "attach", "exec", "portforward":
      let word = ["attach": "Attach", "exec": "Exec"][name] ?? "PortForward"
      kind = core("\(resource.kind)\(word)Options")
      verbs = ["create", "get"]
    case "proxy":
      kind = core("\(resource.kind)ProxyOptions")
      verbs = ["create", "delete", "get", "patch", "update"]
    case "log": verbs = ["get"]
    case "finalize": verbs = ["update"]
    default: break
    }
  }
}
