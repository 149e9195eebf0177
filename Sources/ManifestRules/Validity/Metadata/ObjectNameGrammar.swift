import ManifestSchema

/// The grammar of an object's name, which differs by kind.
enum ObjectNameGrammar: String {
  case dnsSubdomain = "a DNS name"
  case dnsLabel = "a DNS label"
  case dns1035Label = "a DNS label that begins with a letter"
  /// Anything that can be a part of a path, which every name must be.
  case pathSegment = "a part of a path"

  /// The grammar for a kind; kinds whose own rules are not known have those of all names.
  init(_ kind: GroupVersionKind, _ version: KubernetesVersion) {
    switch kind.kind {
    case "Namespace" where kind.group.isEmpty: self = .dnsLabel
    // Services may begin with a digit since Kubernetes 1.36.
    case "Service" where kind.group.isEmpty:
      self = version.minor >= 36 ? .dnsLabel : .dns1035Label
    // The name becomes the host names of the pods, which have no dots.
    case "StatefulSet" where kind.group == "apps":
      self = version.minor >= 27 ? .dnsLabel : .dnsSubdomain
    default:
      self =
        Self.subdomainKinds[kind.group]?.contains(kind.kind) == true
        ? .dnsSubdomain : .pathSegment
    }
  }

  /// Whether finalizers of the kind are looked at more closely: kinds of the server itself.
  static func isBuiltIn(_ kind: GroupVersionKind) -> Bool {
    subdomainKinds[kind.group]?.contains(kind.kind) == true || kind.group.isEmpty
      || kind.group == "rbac.authorization.k8s.io" || kind.kind == "StatefulSet"
  }

  private static let subdomainKinds: [String: Set<String>] = [
    "": [
      "Pod", "PodTemplate", "ReplicationController", "ConfigMap", "Secret", "ServiceAccount",
      "Node", "PersistentVolume", "PersistentVolumeClaim", "ResourceQuota", "LimitRange",
      "Endpoints",
    ],
    "apps": ["Deployment", "ReplicaSet", "DaemonSet"],
    "batch": ["Job", "CronJob"],
    "autoscaling": ["HorizontalPodAutoscaler"],
    "networking.k8s.io": ["Ingress", "IngressClass", "NetworkPolicy"],
    "storage.k8s.io": ["StorageClass"],
    "scheduling.k8s.io": ["PriorityClass"],
    "coordination.k8s.io": ["Lease"],
    "discovery.k8s.io": ["EndpointSlice"],
    "node.k8s.io": ["RuntimeClass"],
  ]

  /// What is wrong with a name.
  func problems(_ name: String) -> [String] {
    switch self {
    case .dnsSubdomain: NameFormat.dnsSubdomain(name)
    case .dnsLabel: NameFormat.dnsLabel(name)
    case .dns1035Label: NameFormat.dns1035Label(name)
    case .pathSegment: NameFormat.pathSegment(name)
    }
  }
}
