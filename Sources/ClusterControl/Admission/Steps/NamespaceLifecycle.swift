import ManifestSyntax

/// Keeps objects out of namespaces that are not there or are going away, and keeps the namespaces
/// that the cluster itself lives in.
struct NamespaceLifecycle: AdmissionStep {
  static let name = "NamespaceLifecycle"

  /// Namespaces that nobody may delete.
  static let immortal: Set<String> = ["default", "kube-system", "kube-public"]

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard let name = request.namespace, request.resource != .namespaces,
      // Asking whether one may do something is fine anywhere.
      request.resource != GroupResource(group: "authorization.k8s.io", "localsubjectaccessreviews")
    else { return }
    let key = ResourceKey(.namespaces, name: name)
    guard let namespace = try cluster.object(key) else {
      throw AdmissionRefusal(
        code: 404, reason: "NotFound", message: "namespaces \"\(name)\" not found", about: key)
    }
    guard request.operation == .create, namespace["status"]?["phase"] == "Terminating" else {
      return
    }
    throw .forbidden(
      request,
      "namespace '\(name)' is going away and takes nothing new",
      causes: [
        AdmissionRefusal.Cause(
          reason: "NamespaceTerminating",
          message: "namespace '\(name)' is going away", field: "metadata.namespace")
      ])
  }

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.namespaces, .delete), Self.immortal.contains(request.key.name) else {
      return
    }
    throw .forbidden(request, "this namespace may not be deleted")
  }
}
