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
    // Let go of the entries, so that the new one goes in between them rather than into a copy.
    self = .null
    let place = Self.place(entries, after: rank, in: order)
    entries.insert(ValueMap.Entry(key: name, value: value), at: place)
    self = .map(ValueMap(unique: entries))
  }

  /// Where the first entry stands that comes after `rank`.
  private static func place(
    _ entries: [ValueMap.Entry], after rank: Int, in order: [String]
  ) -> Int {
    // Entries mostly stand in their order, so each is looked for from where the last one was.
    var start = 0
    for (place, entry) in entries.enumerated() {
      let found =
        order[start...].firstIndex(of: entry.key) ?? order[..<start].firstIndex(of: entry.key)
      guard let found else { continue }
      if found > rank { return place }
      start = found
    }
    return entries.count
  }

  /// The list under `name`; empty where there is none.
  func items(_ name: String) -> [Value] { self[name]?.list ?? [] }
}
