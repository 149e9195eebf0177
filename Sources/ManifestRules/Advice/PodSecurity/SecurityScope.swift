import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A security context as it is written, with whom it is for.
struct SecurityScope {
  /// The context itself.
  let node: NodeRef
  /// The container; nil where it is the pod's own.
  let container: AdviceContainer?

  /// `the pod`, `container 'app'`.
  var owner: String { container.map(\.title) ?? "the pod" }

  /// The text in the field `name` of the part `part`.
  func text(_ part: String, _ name: String) -> NodeRef? {
    guard let node = node[part]?[name], let text = node.string, !text.isEmpty else { return nil }
    return node
  }
}

extension AdvicePod {
  /// Every security context that is written: the pod's, then those of its containers.
  var securityScopes: [SecurityScope] {
    var scopes: [SecurityScope] = []
    if let node = spec.node[.securityContext] {
      scopes.append(SecurityScope(node: node, container: nil))
    }
    return scopes + containerScopes
  }

  /// The security contexts of its containers.
  var containerScopes: [SecurityScope] {
    containers.compactMap { container in
      container.node[.securityContext].map { SecurityScope(node: $0, container: container) }
    }
  }

  /// Where a field is missing that the pod could say for all of its containers: in the security
  /// context of `container`, else in that of the pod, else in the container itself.
  func placeOfShared(
    _ field: FieldPath, missingIn container: AdviceContainer
  ) -> (node: NodeRef, path: FieldPath) {
    let path = FieldPath("securityContext") + field
    let isPodsPlace =
      container.node[.securityContext] == nil && spec.node[.securityContext] != nil
    return (isPodsPlace ? spec.node : container.node, path)
  }
}

extension AdviceContainer {
  /// `container 'app'`.
  var title: String { "container '\(name)'" }
}

extension AdvicePod {
  /// Whether the Pod Security Standards of `version` let root of the pod be, since it is nobody
  /// outside of it.
  func hasHarmlessRoot(_ version: KubernetesVersion) -> Bool {
    version.minor >= 35 && hasOwnUsers
  }

  /// Whether the Pod Security Standards of `version` ask nothing of the pod that Windows lacks.
  func isExemptAsWindows(_ version: KubernetesVersion) -> Bool {
    version.minor >= 25 && isWindows
  }
}
