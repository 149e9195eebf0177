import ManifestSyntax

/// What the server does differently for some kinds.
extension ServedResource {
  private var name: String { group.isEmpty ? plural : "\(plural).\(group)" }

  /// Whether an update may leave out the resource version.
  var allowsUnconditionalUpdate: Bool { !isCustom && !Self.conditional.contains(name) }

  private static let conditional: Set<String> = [
    "poddisruptionbudgets.policy", "leases.coordination.k8s.io", "volumeattachments.storage.k8s.io",
    "csinodes.storage.k8s.io", "csidrivers.storage.k8s.io", "runtimeclasses.node.k8s.io",
    "flowschemas.flowcontrol.apiserver.k8s.io",
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
    "mutatingadmissionpolicies.admissionregistration.k8s.io",
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io", "apiservices.apiregistration.k8s.io",
  ]

  /// Whether a PUT makes the object where it is not there.
  var allowsCreateOnUpdate: Bool { !isCustom && Self.createdOnUpdate.contains(name) }

  private static let createdOnUpdate: Set<String> = [
    "endpoints", "events", "limitranges", "services", "leases.coordination.k8s.io",
    "events.events.k8s.io", "roles.rbac.authorization.k8s.io",
    "clusterroles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
    "clusterrolebindings.rbac.authorization.k8s.io", "runtimeclasses.node.k8s.io",
  ]

  /// Whether the server counts changes of what is wanted.
  var countsGenerations: Bool { isCustom || Self.counted.contains(name) }

  private static let counted: Set<String> = [
    "pods", "podtemplates", "replicationcontrollers", "daemonsets.apps", "deployments.apps",
    "replicasets.apps", "statefulsets.apps", "jobs.batch", "cronjobs.batch",
    "poddisruptionbudgets.policy", "ingresses.networking.k8s.io",
    "ingressclasses.networking.k8s.io",
    "networkpolicies.networking.k8s.io", "endpointslices.discovery.k8s.io",
    "flowschemas.flowcontrol.apiserver.k8s.io",
    "prioritylevelconfigurations.flowcontrol.apiserver.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingadmissionpolicies.admissionregistration.k8s.io",
    "validatingadmissionpolicybindings.admissionregistration.k8s.io",
    "mutatingadmissionpolicies.admissionregistration.k8s.io",
    "mutatingadmissionpolicybindings.admissionregistration.k8s.io",
    "customresourcedefinitions.apiextensions.k8s.io", "priorityclasses.scheduling.k8s.io",
    "resourceslices.resource.k8s.io",
  ]

  /// Whether the answer to a delete is the object rather than a Status.
  var returnsDeletedObject: Bool { !isCustom && Self.returned.contains(name) }

  private static let returned: Set<String> = [
    "pods", "podtemplates", "persistentvolumes", "persistentvolumeclaims", "resourcequotas",
    "serviceaccounts", "services", "ingressclasses.networking.k8s.io",
    "storageclasses.storage.k8s.io", "csidrivers.storage.k8s.io", "csinodes.storage.k8s.io",
    "volumeattachments.storage.k8s.io",
  ]

  /// Whether dependents outlive the object unless the request says otherwise.
  var orphansDependents: Bool {
    name == "replicationcontrollers" || name == "jobs.batch"
  }

  /// Whether `new` asks for something else than `old`.
  func isNewGeneration(_ old: Value, _ new: Value) -> Bool {
    let isDeployment = name == "deployments.apps"
    if isDeployment, old["metadata"]?["annotations"] != new["metadata"]?["annotations"] {
      return true
    }
    let kept: Set<String> = ["kind", "apiVersion", "metadata"]
    let ignored = isCustom && !has(subresource: "status") ? kept : kept.union(["status"])
    return Self.content(old, ignored) != Self.content(new, ignored)
  }

  private static func content(_ object: Value, _ ignored: Set<String>) -> ValueMap {
    ValueMap(unique: (object.map?.entries ?? []).filter { !ignored.contains($0.key) })
  }
}
