import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Disks of cloud providers and of drivers (VOL-13 … VOL-16, VOL-47 … VOL-56, VOL-61, VOL-62).
enum CloudVolumes: PodRules {
  static let title = "Volumes of clouds and drivers"

  private static let driverBytesMax = 63
  /// Sources of which only names are checked: the rule and the fields that must be there.
  private static let simple: [String: (code: String, fields: [String])] = [
    "azureFile": ("VOL-49", ["secretName", "shareName"]),
    "vsphereVolume": ("VOL-54", ["volumePath"]),
    "photonPersistentDisk": ("VOL-55", ["pdID"]),
    "portworxVolume": ("VOL-56", ["volumeID"]),
  ]
  static let needs = [
    "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "gcePersistentDisk",
    "awsElasticBlockStore", "flexVolume", "azureDisk", "csi",
  ]
  private static let kinds = VolumeKinds(needs)

  static func check(_ pod: PodSubject, into report: inout Report) {
    for (field, node, volume) in PlacedVolume.all(in: pod, of: kinds, report) {
      switch field {
      case "gcePersistentDisk": checkGoogle(node, volume, into: &report)
      case "awsElasticBlockStore":
        let source = AWSElasticBlockStoreVolumeSource(node)
        VolumeChecks.require(
          "VOL-15", ["volumeID"], of: node, "it says which disk is meant", into: &report)
        VolumeChecks.byte("VOL-16", source.partition, at: node, "partition", into: &report)
      case "flexVolume": checkFlex(FlexVolumeSource(node), into: &report)
      case "azureDisk": checkAzure(AzureDiskVolumeSource(node), into: &report)
      case "csi": checkCSI(CSIVolumeSource(node), into: &report)
      default:
        guard let (code, names) = simple[field] else { continue }
        VolumeChecks.require(code, names, of: node, "it says which volume is meant", into: &report)
      }
    }
  }

  /// The server calls the source by another name.
  private static func checkGoogle(_ node: NodeRef, _ volume: Volume, into report: inout Report) {
    let source = GCEPersistentDiskVolumeSource(node)
    if (source.pdName ?? "").isEmpty {
      PodFieldChecks.missing(
        "VOL-13", at: volume.node, "gcePersistentDisk.pdName", "it says which disk is meant",
        server: "persistentDisk.pdName", into: &report)
    }
    VolumeChecks.byte(
      "VOL-14", source.partition, at: volume.node, "gcePersistentDisk.partition",
      server: "persistentDisk.partition", into: &report)
  }

  private static func checkFlex(_ source: FlexVolumeSource, into report: inout Report) {
    VolumeChecks.require(
      "VOL-47", ["driver"], of: source.node, "it says which driver mounts the volume",
      into: &report)
    for (key, _) in source.options {
      let domain = key.utf8.split(
        separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
      let text = "." + (domain.count == 2 ? String(Substring(domain[0])) : key).lowercased()
      guard text.hasSuffix(".kubernetes.io") || text.hasSuffix(".k8s.io") else { continue }
      report.error(
        "VOL-48", .invalid, at: source.node, FieldPath([.field("options"), .key(key)]),
        "option \(PodFieldChecks.quoted(key)) is in a domain that belongs to Kubernetes",
        help: "use a domain of the driver's maker")
    }
  }

  private static func checkAzure(_ source: AzureDiskVolumeSource, into report: inout Report) {
    VolumeChecks.require(
      "VOL-50", ["diskName", "diskURI"], of: source.node, "it says which disk is meant",
      into: &report)
    if source.has("cachingMode") {
      PodFieldChecks.choice(
        "VOL-51", source.cachingMode, among: ["None", "ReadOnly", "ReadWrite"],
        absence: .isUnsupported, at: source.node, "cachingMode", into: &report)
    }
    if source.has("kind") {
      PodFieldChecks.choice(
        "VOL-52", source.kind, among: ["Shared", "Dedicated", "Managed"], absence: .isUnsupported,
        at: source.node, "kind", into: &report)
    }
    let isManaged = source.kind == "Managed"
    let start = isManaged ? "/subscriptions/" : "https://"
    let address = source.diskURI ?? ""
    guard !address.hasPrefix(start) else { return }
    report.error(
      "VOL-53", .notSupported, at: source.node, "diskURI",
      "\(PodFieldChecks.quoted(address)) is no address of a disk that is "
        + (isManaged ? "managed" : "'\(source.kind ?? "Shared")'"),
      help: "begin it with '\(start)', or set 'kind: \(isManaged ? "Shared" : "Managed")'")
  }

  private static func checkCSI(_ source: CSIVolumeSource, into report: inout Report) {
    checkDriver(source, into: &report)
    guard let secret = source.nodePublishSecretRef else { return }
    let name = secret.name ?? ""
    if name.isEmpty {
      return PodFieldChecks.missing(
        "VOL-62", at: source.node, "nodePublishSecretRef.name", "it says which Secret is meant",
        into: &report)
    }
    LabelChecks.refuse(
      "VOL-62", NameFormat.dnsSubdomain(name), of: name, as: "the name of a Secret",
      at: source.node, "nodePublishSecretRef.name", server: "name", into: &report)
  }

  private static func checkDriver(_ source: CSIVolumeSource, into report: inout Report) {
    guard let driver = source.driver, !driver.isEmpty else {
      return PodFieldChecks.missing(
        "VOL-61", at: source.node, "driver", "it says which driver mounts the volume",
        into: &report)
    }
    if driver.utf8.count > driverBytesMax {
      report.error(
        "VOL-61", .tooLong, at: source.node, "driver",
        "the driver's name has \(driver.utf8.count) bytes; at most \(driverBytesMax) are allowed")
    }
    LabelChecks.refuse(
      "VOL-61", NameFormat.dnsSubdomain(driver.lowercased()), of: driver,
      as: "the name of a driver", at: source.node, "driver", into: &report)
  }
}
