import ManifestSchema

/// What OpenAPI documents call the types.
enum ComponentNames {
  static let quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity"
  static let intOrString = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
  static let patch = meta + "Patch"
  static let time = meta + "Time"
  static let microTime = meta + "MicroTime"
  static let objectMeta = meta + "ObjectMeta"
  static let listMeta = meta + "ListMeta"
  static let deleteOptions = meta + "DeleteOptions"
  static let status = meta + "Status"

  private static let meta = "io.k8s.apimachinery.pkg.apis.meta.v1."

  /// The name of a type of the tables, `apps.v1/DeploymentSpec`.
  static func name(_ qualifiedName: String) -> String {
    let parts = qualifiedName.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, let dot = parts[0].lastIndex(of: ".") else { return qualifiedName }
    let group = String(parts[0][..<dot])
    let version = parts[0][parts[0].index(after: dot)...]
    switch group {
    case "meta": return meta + parts[1]
    case "apiextensions.k8s.io":
      return "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.\(version).\(parts[1])"
    case "apiregistration.k8s.io":
      return "io.k8s.kube-aggregator.pkg.apis.apiregistration.\(version).\(parts[1])"
    case "internal.apiserver.k8s.io": return "io.k8s.api.apiserverinternal.\(version).\(parts[1])"
    default:
      // Groups of Kubernetes' own go by the first word: rbac, networking, apps.
      let word = group.split(separator: ".").first.map(String.init) ?? group
      return "io.k8s.api.\(word).\(version).\(parts[1])"
    }
  }

  /// The name of a custom kind: the group's words backwards, as Java packages are named.
  static func custom(_ gvk: GroupVersionKind) -> String {
    let words = gvk.group.split(separator: ".").reversed().joined(separator: ".")
    return "\(words).\(gvk.version).\(gvk.kind)"
  }
}
