import ManifestSyntax

/// The order in which the server writes the fields that admission and allocation set.
enum FieldOrder {
  static let service = [
    "ports", "selector", "clusterIP", "clusterIPs", "type", "externalIPs", "sessionAffinity",
    "loadBalancerIP", "loadBalancerSourceRanges", "externalName", "externalTrafficPolicy",
    "healthCheckNodePort", "publishNotReadyAddresses", "sessionAffinityConfig", "ipFamilies",
    "ipFamilyPolicy", "allocateLoadBalancerNodePorts", "loadBalancerClass",
    "internalTrafficPolicy", "trafficDistribution",
  ]
  static let servicePort = ["name", "protocol", "appProtocol", "port", "targetPort", "nodePort"]

  static let podSpec = [
    "volumes", "initContainers", "containers", "ephemeralContainers", "restartPolicy",
    "terminationGracePeriodSeconds", "activeDeadlineSeconds", "dnsPolicy", "nodeSelector",
    "serviceAccountName", "serviceAccount", "automountServiceAccountToken", "nodeName",
    "hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "securityContext",
    "imagePullSecrets", "hostname", "subdomain", "affinity", "schedulerName", "tolerations",
    "hostAliases", "priorityClassName", "priority", "dnsConfig", "readinessGates",
    "runtimeClassName", "enableServiceLinks", "preemptionPolicy", "overhead",
    "topologySpreadConstraints", "setHostnameAsFQDN", "os", "hostUsers", "schedulingGates",
    "resourceClaims", "resources",
  ]
  static let container = [
    "name", "image", "command", "args", "workingDir", "ports", "envFrom", "env", "resources",
    "resizePolicy", "restartPolicy", "restartPolicyRules", "volumeMounts", "volumeDevices",
    "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "terminationMessagePath",
    "terminationMessagePolicy", "imagePullPolicy", "securityContext", "stdin", "stdinOnce", "tty",
  ]
  static let metadata = [
    "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation",
    "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "labels",
    "annotations", "ownerReferences", "finalizers", "managedFields",
  ]
  static let object = ["kind", "apiVersion", "metadata", "spec", "status"]
}

extension Value {
  /// Sets the field `name` where `order` has its place; nil takes it out.
  ///
  /// What `order` does not know keeps its place.
  mutating func set(_ name: String, to value: Value?, in order: [String]) {
    guard let value, self[name] == nil, let rank = order.firstIndex(of: name) else {
      self[name] = value
      return
    }
    var entries = map?.entries ?? []
    let later = Set(order[(rank + 1)...])
    let place = entries.firstIndex { later.contains($0.key) } ?? entries.count
    entries.insert(ValueMap.Entry(key: name, value: value), at: place)
    self = .map(ValueMap(unique: entries))
  }

  /// The list under `name`; empty where there is none.
  func items(_ name: String) -> [Value] { self[name]?.list ?? [] }
}
