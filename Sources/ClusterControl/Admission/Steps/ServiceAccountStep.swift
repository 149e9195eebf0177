import ManifestSyntax

/// Gives pods their service account: its name, its token, its pull secrets.
struct ServiceAccountStep: AdmissionStep {
  static let name = "ServiceAccount"

  private static let defaultName = "default"
  private static let mirror = "kubernetes.io/config.mirror"

  func mutate(
    _ object: inout Value, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) {
    guard request.isAbout(.pods, .create) else { return }
    // The kubelet deletes mirror pods that are not what it wrote.
    if object.annotation(Self.mirror) != nil {
      return try Self.refuseMirror(object, request)
    }
    if !(object["spec"]?.has("serviceAccountName") ?? false) {
      object.editSpec { spec in
        spec.set("serviceAccountName", to: .string(Self.defaultName), in: FieldOrder.podSpec)
      }
    }
    let account = try Self.account(of: object, request, cluster)
    object.editSpec { spec in
      // The field's former name goes along with it.
      spec.set("serviceAccount", to: spec["serviceAccountName"], in: FieldOrder.podSpec)
      if Self.mountsToken(account, spec) {
        var generator = SeededGenerator(seed: request.seed)
        ServiceAccountToken.mount(&spec, suffix: generator.suffix())
      }
      let secrets = account.items("imagePullSecrets")
      if spec.items("imagePullSecrets").isEmpty, !secrets.isEmpty {
        spec.set("imagePullSecrets", to: .list(secrets), in: FieldOrder.podSpec)
      }
    }
    try Self.refuseSecrets(of: object, account, request)
  }

  func validate(
    _ object: Value?, old: Value?, _ request: AdmissionRequest, _ cluster: any ClusterReader,
    into outcome: inout AdmissionOutcome
  ) throws(AdmissionRefusal) {
    guard let object, request.resource == .pods else { return }
    let isNew = request.isAbout(.pods, .create)
    let addsContainer =
      request.operation == .update && request.subresource == "ephemeralcontainers"
    guard isNew || addsContainer else { return }
    if object.annotation(Self.mirror) != nil {
      if isNew { try Self.refuseMirror(object, request) }
      return
    }
    try Self.refuseSecrets(of: object, Self.account(of: object, request, cluster), request)
  }

  private static func account(
    of pod: Value, _ request: AdmissionRequest, _ cluster: any ClusterReader
  ) throws(AdmissionRefusal) -> Value {
    let name = pod["spec"]?["serviceAccountName"]?.string ?? ""
    let key = ResourceKey(.serviceAccounts, namespace: request.namespace, name: name)
    if let account = try cluster.object(key) { return account }
    throw .forbidden(
      request,
      "there is no ServiceAccount '\(name)' in namespace '\(request.namespace ?? "")'")
  }

  private static func mountsToken(_ account: Value, _ spec: Value) -> Bool {
    let name = "automountServiceAccountToken"
    return spec[name]?.bool ?? account[name]?.bool ?? true
  }

  /// What a node runs by itself must not lead to what only the cluster gives.
  private static func refuseMirror(
    _ pod: Value, _ request: AdmissionRequest
  ) throws(AdmissionRefusal) {
    let spec = pod["spec"] ?? .emptyMap
    if spec.has("serviceAccountName") {
      throw .forbidden(request, "a mirror pod must not have a service account")
    }
    if !PodSecrets(spec).all.isEmpty {
      throw .forbidden(request, "a mirror pod must not use secrets")
    }
    let usesToken = spec.items("volumes").contains { volume in
      (volume["projected"] ?? .null).items("sources").contains { $0.has("serviceAccountToken") }
    }
    if usesToken {
      throw .forbidden(request, "a mirror pod must not have a service account's token")
    }
  }

  /// An account may limit its pods to the secrets that it lists itself.
  private static func refuseSecrets(
    of pod: Value, _ account: Value, _ request: AdmissionRequest
  ) throws(AdmissionRefusal) {
    guard
      ["1", "t", "T", "true", "TRUE", "True"].contains(
        account.annotation("kubernetes.io/enforce-mountable-secrets"))
    else { return }
    let used = PodSecrets(pod["spec"] ?? .emptyMap)
    for (names, list) in [
      (used.volumes + used.environment, "secrets"), (used.pulls, "imagePullSecrets"),
    ] {
      let known = Set(account.items(list).compactMap { $0["name"]?.string })
      if let name = names.first(where: { !known.contains($0) }) {
        throw .forbidden(
          request,
          "secret '\(name)' is not among the \(list) of ServiceAccount "
            + "'\(account.metadataName)', which enforces them")
      }
    }
  }
}

/// The volume with a service account's token, and its mounts.
enum ServiceAccountToken {
  static let prefix = "kube-api-access-"
  private static let path = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// Adds the volume and mounts it wherever nothing else is mounted at its path.
  static func mount(_ spec: inout Value, suffix: String) {
    let known = spec.items("volumes").compactMap { $0["name"]?.string }
      .first { $0.hasPrefix(prefix) }
    let name = known ?? prefix + suffix
    var isMounted = false
    for list in ["initContainers", "containers"] {
      spec.editItems(list) { container in
        let isTaken = container.items("volumeMounts").contains { $0["mountPath"] == .string(path) }
        if isTaken { return }
        container.append(
          ["name": .string(name), "readOnly": true, "mountPath": .string(path)],
          to: "volumeMounts", in: FieldOrder.container)
        isMounted = true
      }
    }
    if known == nil, isMounted {
      spec.append(volume(name), to: "volumes", in: FieldOrder.podSpec)
    }
  }

  /// The token lives an hour and 7 seconds, by which the server tells such tokens from others.
  private static func volume(_ name: String) -> Value {
    ["name": .string(name), "projected": projections]
  }

  private static let projections: Value = [
    "sources": [
      ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
      [
        "configMap": [
          "name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]],
        ]
      ],
      [
        "downwardAPI": [
          "items": [
            [
              "path": "namespace",
              "fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.namespace"],
            ]
          ]
        ]
      ],
    ],
    "defaultMode": 420,
  ]
}

/// The names of the secrets that a pod uses.
struct PodSecrets {
  var volumes: [String] = []
  var environment: [String] = []
  var pulls: [String] = []
  /// In volumes of other kinds and in projections.
  var others: [String] = []

  var all: [String] { volumes + environment + pulls + others }

  init(_ spec: Value) {
    for volume in spec.items("volumes") {
      if let name = volume["secret"]?["secretName"]?.string { volumes.append(name) }
      for source in (volume["projected"] ?? .null).items("sources") {
        if let name = source["secret"]?["name"]?.string { others.append(name) }
      }
      for entry in volume.map?.entries ?? [] {
        for field in ["secretRef", "nodePublishSecretRef"] {
          if let name = entry.value[field]?["name"]?.string { others.append(name) }
        }
      }
      if let name = volume["azureFile"]?["secretName"]?.string { others.append(name) }
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
      for container in spec.items(list) {
        for variable in container.items("env") {
          if let name = variable["valueFrom"]?["secretKeyRef"]?["name"]?.string {
            environment.append(name)
          }
        }
        for source in container.items("envFrom") {
          if let name = source["secretRef"]?["name"]?.string { environment.append(name) }
        }
      }
    }
    pulls = spec.items("imagePullSecrets").compactMap { $0["name"]?.string }
  }
}
