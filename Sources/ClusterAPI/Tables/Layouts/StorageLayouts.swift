import ManifestSyntax

/// Volumes, claims and what provides them.
enum StorageLayouts {
  static let volumes: [TableColumn] = [
    .name, .field("Capacity", ["spec", "capacity", "storage"], absent: "0"),
    .text("Access Modes", "Who may use it at a time.") { modes($0.at(["spec", "accessModes"])) },
    .field("Reclaim Policy", ["spec", "persistentVolumeReclaimPolicy"]),
    .text("Status", "status.phase", phase),
    .text("Claim", "The claim that has it.") {
      guard let claim = $0.at(["spec", "claimRef"]), claim != .null else { return "" }
      return "\(claim["namespace"]?.string ?? "")/\(claim["name"]?.string ?? "")"
    }, .text("StorageClass", "The class that it belongs to.", storageClass),
    .field("VolumeAttributesClass", ["spec", "volumeAttributesClassName"], absent: "<unset>"),
    .field("Reason", ["status", "reason"]), .age,
    .field("VolumeMode", ["spec", "volumeMode"], isWide: true, absent: "<unset>"),
  ]

  static let claims: [TableColumn] = [
    .name, .text("Status", "status.phase", phase), .field("Volume", ["spec", "volumeName"]),
    .text("Capacity", "How large the volume is.") {
      guard !$0.text(["spec", "volumeName"]).isEmpty else { return "" }
      let size = $0.text(["status", "capacity", "storage"])
      return size.isEmpty ? "0" : size
    },
    .text("Access Modes", "Who may use it at a time.") {
      $0.text(["spec", "volumeName"]).isEmpty ? "" : modes($0.at(["status", "accessModes"]))
    }, .text("StorageClass", "The class that it asks for.", storageClass),
    .field("VolumeAttributesClass", ["spec", "volumeAttributesClassName"], absent: "<unset>"),
    .age, .field("VolumeMode", ["spec", "volumeMode"], isWide: true, absent: "<unset>"),
  ]

  static let storageClasses: [TableColumn] = [
    .named { subject in
      let annotations = subject.at(["metadata", "annotations"])
      let isDefault = ["storageclass.", "storageclass.beta."].contains {
        annotations?["\($0)kubernetes.io/is-default-class"]?.string == "true"
      }
      return subject.text(["metadata", "name"]) + (isDefault ? " (default)" : "")
    }, .field("Provisioner", ["provisioner"]),
    .field("ReclaimPolicy", ["reclaimPolicy"], absent: "Delete"),
    .field("VolumeBindingMode", ["volumeBindingMode"], absent: "Immediate"),
    .truth("AllowVolumeExpansion", ["allowVolumeExpansion"]), .age,
  ]

  static let attributesClasses: [TableColumn] = [.name, .field("DriverName", ["driverName"]), .age]

  static let attachments: [TableColumn] = [
    .name, .field("Attacher", ["spec", "attacher"]),
    .field("PV", ["spec", "source", "persistentVolumeName"]), .field("Node", ["spec", "nodeName"]),
    .truth("Attached", ["status", "attached"]), .age,
  ]

  static let csiNodes: [TableColumn] = [
    .name, .count("Drivers", "Drivers on the node.", of: ["spec", "drivers"]), .age,
  ]

  static let csiDrivers: [TableColumn] = [
    .name, .truth("AttachRequired", ["spec", "attachRequired"], absent: true),
    .truth("PodInfoOnMount", ["spec", "podInfoOnMount"]),
    .truth("StorageCapacity", ["spec", "storageCapacity"]),
    .text("TokenRequests", "Audiences of the tokens that it gets.") {
      let requests = $0.list(["spec", "tokenRequests"])
      if requests.isEmpty { return "<unset>" }
      return requests.map { $0["audience"]?.string ?? "" }.joined(separator: ",")
    }, .truth("RequiresRepublish", ["spec", "requiresRepublish"]),
    .text("Modes", "How long its volumes live.") {
      let modes = $0.list(["spec", "volumeLifecycleModes"]).map(\.cellText)
      return modes.isEmpty ? "<none>" : modes.joined(separator: ",")
    }, .age,
  ]

  static let csiCapacities: [TableColumn] = [
    .name, .field("StorageClassName", ["storageClassName"]),
    .field("Capacity", ["capacity"], absent: "<unset>"),
  ]

  @Sendable private static func phase(_ subject: TableSubject) -> String {
    subject.at(["metadata", "deletionTimestamp"])?.string == nil
      ? subject.text(["status", "phase"]) : "Terminating"
  }

  @Sendable private static func storageClass(_ subject: TableSubject) -> String {
    let annotation = "volume.beta.kubernetes.io/storage-class"
    return subject.at(["metadata", "annotations"])?[annotation]?.string
      ?? subject.text(["spec", "storageClassName"])
  }

  private static let modeWords = [
    ("ReadWriteOnce", "RWO"), ("ReadOnlyMany", "ROX"), ("ReadWriteMany", "RWX"),
    ("ReadWriteOncePod", "RWOP"),
  ]

  private static func modes(_ value: Value?) -> String {
    let written = Set((value?.list ?? []).compactMap(\.string))
    return modeWords.filter { written.contains($0.0) }.map(\.1).joined(separator: ",")
  }
}
