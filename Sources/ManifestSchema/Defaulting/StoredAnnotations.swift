import ManifestSyntax

/// CV-03: annotations that once held init containers are taken out before anything looks at them.
enum StoredAnnotations {
  private static let dropped = [
    "pod.alpha.kubernetes.io/init-containers", "pod.beta.kubernetes.io/init-containers",
    "pod.alpha.kubernetes.io/init-container-statuses",
    "pod.beta.kubernetes.io/init-container-statuses",
  ]

  static func drop(from tree: Tree, kind: Kind) {
    let path: FieldPath
    switch (kind.gvk.group, kind.gvk.kind) {
    case ("", "Pod"): path = "metadata.annotations"
    case ("", "PodTemplate"): path = "template.metadata.annotations"
    case ("batch", "CronJob"): path = "spec.jobTemplate.spec.template.metadata.annotations"
    case ("apps", _), ("batch", _), ("", "ReplicationController"):
      path = "spec.template.metadata.annotations"
    default: return
    }
    guard let annotations = tree.node(at: path), tree.kind(annotations) == .mapping else { return }
    for name in dropped { tree.remove(name, from: annotations) }
  }
}
