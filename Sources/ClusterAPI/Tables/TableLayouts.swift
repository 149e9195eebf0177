import ManifestSchema
import ManifestSyntax

/// Which columns a kind has.
enum TableLayouts {
  /// The columns of a kind of Kubernetes' own; what has none of its own shows when it was created.
  static func columns(group: String, kind: String) -> [TableColumn] {
    let found: [TableColumn]? =
      switch group {
      case "": core(kind)
      case "apps", "batch": workloads(kind)
      case "autoscaling", "policy", "resource.k8s.io": scaling(kind)
      case "networking.k8s.io", "discovery.k8s.io": network(kind)
      case "storage.k8s.io", "storagemigration.k8s.io": storage(kind)
      case "rbac.authorization.k8s.io", "certificates.k8s.io", "admissionregistration.k8s.io",
        "flowcontrol.apiserver.k8s.io", "apiregistration.k8s.io":
        access(kind)
      case "events.k8s.io", "coordination.k8s.io", "scheduling.k8s.io", "node.k8s.io":
        cluster(kind)
      default: nil
      }
    return found ?? [.name, created]
  }

  private static let created = TableColumn(
    name: "Created At", type: .date, format: "", priority: 0,
    description: "When the object was created."
  ) { .string($0.text(["metadata", "creationTimestamp"])) }

  private static func core(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "Pod": PodLayouts.pods
    case "PodTemplate": PodLayouts.podTemplates
    case "ReplicationController": PodLayouts.replicationControllers
    case "Service": NetworkLayouts.services
    case "Endpoints": NetworkLayouts.endpoints
    case "PersistentVolume": StorageLayouts.volumes
    case "PersistentVolumeClaim": StorageLayouts.claims
    case "Node": ClusterLayouts.nodes
    case "Namespace": ClusterLayouts.namespaces
    case "ConfigMap": ClusterLayouts.configMaps
    case "Secret": ClusterLayouts.secrets
    case "ServiceAccount": ClusterLayouts.nameAndAge
    case "ResourceQuota": ClusterLayouts.quotas
    case "ComponentStatus": ClusterLayouts.componentStatuses
    default: cluster(kind)
    }
  }

  private static func workloads(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "Deployment": PodLayouts.deployments
    case "ReplicaSet": PodLayouts.replicaSets
    case "StatefulSet": PodLayouts.statefulSets
    case "DaemonSet": PodLayouts.daemonSets
    case "ControllerRevision": PodLayouts.controllerRevisions
    case "Job": PodLayouts.jobs
    case "CronJob": PodLayouts.cronJobs
    default: nil
    }
  }

  private static func scaling(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "HorizontalPodAutoscaler": ScalingLayouts.autoscalers
    case "Scale": ClusterLayouts.scales
    case "PodDisruptionBudget": ScalingLayouts.disruptionBudgets
    case "ResourceClaim": ScalingLayouts.resourceClaims
    case "ResourceSlice": ScalingLayouts.resourceSlices
    case "DeviceTaintRule": ScalingLayouts.deviceTaintRules
    case "DeviceClass", "ResourceClaimTemplate": ClusterLayouts.nameAndAge
    default: nil
    }
  }

  private static func network(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "Ingress": NetworkLayouts.ingresses
    case "IngressClass": NetworkLayouts.ingressClasses
    case "NetworkPolicy": NetworkLayouts.networkPolicies
    case "ServiceCIDR": NetworkLayouts.serviceCIDRs
    case "IPAddress": NetworkLayouts.ipAddresses
    case "EndpointSlice": NetworkLayouts.endpointSlices
    default: nil
    }
  }

  private static func storage(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "StorageClass": StorageLayouts.storageClasses
    case "VolumeAttributesClass": StorageLayouts.attributesClasses
    case "VolumeAttachment": StorageLayouts.attachments
    case "CSINode": StorageLayouts.csiNodes
    case "CSIDriver": StorageLayouts.csiDrivers
    case "CSIStorageCapacity": StorageLayouts.csiCapacities
    default: nil
    }
  }

  private static func access(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "RoleBinding", "ClusterRoleBinding": AccessLayouts.roleBindings
    case "CertificateSigningRequest": AccessLayouts.signingRequests
    case "ClusterTrustBundle": AccessLayouts.trustBundles
    case "PodCertificateRequest": AccessLayouts.podCertificateRequests
    case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
      AccessLayouts.webhookConfigurations
    case "ValidatingAdmissionPolicy": AccessLayouts.validatingPolicies
    case "MutatingAdmissionPolicy": AccessLayouts.mutatingPolicies
    case "ValidatingAdmissionPolicyBinding", "MutatingAdmissionPolicyBinding":
      AccessLayouts.policyBindings
    case "FlowSchema": AccessLayouts.flowSchemas
    case "PriorityLevelConfiguration": AccessLayouts.priorityLevels
    case "APIService": AccessLayouts.apiServices
    default: nil
    }
  }

  private static func cluster(_ kind: String) -> [TableColumn]? {
    switch kind {
    case "Event": ClusterLayouts.events
    case "Lease": ClusterLayouts.leases
    case "LeaseCandidate": ClusterLayouts.leaseCandidates
    case "PriorityClass": ClusterLayouts.priorityClasses
    case "RuntimeClass": ClusterLayouts.runtimeClasses
    default: nil
    }
  }
}
