/// In which order discovery names the groups.
///
/// Clients that look for a resource by a name that several groups know take the first group that
/// has it. Groups of custom kinds come after those of Kubernetes' own, by the alphabet.
enum GroupOrder {
  /// Where a group stands; smaller comes first.
  static func rank(_ group: String) -> Int { names.firstIndex(of: group) ?? names.count }

  private static let names = [
    "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io",
    "authorization.k8s.io", "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io",
    "policy", "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io",
    "apiextensions.k8s.io", "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io",
    "discovery.k8s.io", "resource.k8s.io", "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io", "storagemigration.k8s.io",
  ]
}
