import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Volumes on storage servers (VOL-25 … VOL-46, VOL-57 … VOL-60).
enum NetworkVolumes: PodRules {
  static let title = "Volumes on storage servers"

  private static let tenantBytesMax = 64
  static let needs = [
    "nfs", "iscsi", "glusterfs", "flocker", "rbd", "cinder", "cephfs", "quobyte", "fc", "scaleIO",
    "storageos",
  ]
  private static let kinds = VolumeKinds(needs)

  static func check(_ pod: PodSubject, into report: inout Report) {
    for volume in pod.spec.volumes { checkLength(volume, into: &report) }
    for (field, node, _) in PlacedVolume.all(in: pod, of: kinds, report) {
      switch field {
      case "nfs": checkNFS(NFSVolumeSource(node), into: &report)
      case "iscsi": checkISCSI(ISCSIVolumeSource(node), into: &report)
      case "glusterfs":
        VolumeChecks.require(
          "VOL-33", ["endpoints", "path"], of: node, "it says where the volume is", into: &report)
      case "flocker": checkFlocker(FlockerVolumeSource(node), into: &report)
      case "rbd": checkRBD(RBDVolumeSource(node), into: &report)
      case "cinder":
        VolumeChecks.require(
          "VOL-39", ["volumeID"], of: node, "it says which volume is meant", into: &report)
        checkSecret("VOL-40", node, into: &report)
      case "cephfs": checkMonitors("VOL-41", CephFSVolumeSource(node).monitors, node, into: &report)
      case "quobyte": checkQuobyte(QuobyteVolumeSource(node), into: &report)
      case "fc": checkFC(FCVolumeSource(node), into: &report)
      case "scaleIO":
        VolumeChecks.require(
          "VOL-57", ["gateway", "system", "volumeName"], of: node, "it says where the volume is",
          into: &report)
      default: checkStorageOS(StorageOSVolumeSource(node), into: &report)
      }
    }
  }

  private static func checkNFS(_ source: NFSVolumeSource, into report: inout Report) {
    VolumeChecks.require(
      "VOL-25", ["server", "path"], of: source.node, "it says where the volume is",
      into: &report)
    let path = source.path ?? ""
    if path.utf8.first != UInt8(ascii: "/") {
      report.error(
        "VOL-26", .invalid, at: source.node, "path",
        "\(PodFieldChecks.quoted(path)) is no absolute path", help: "begin it with '/'")
    }
  }

  private static func checkFlocker(_ source: FlockerVolumeSource, into report: inout Report) {
    let (name, id) = (source.datasetName ?? "", source.datasetUUID ?? "")
    if name.isEmpty, id.isEmpty {
      report.error(
        "VOL-34", .required, at: source.node, .root,
        "neither 'datasetName' nor 'datasetUUID' says which dataset is meant", help: "add one")
    }
    if !name.isEmpty, !id.isEmpty {
      report.error(
        "VOL-34", .invalid, at: source.node, .root,
        "'datasetName' and 'datasetUUID' both say which dataset is meant", help: "remove one")
    }
    if name.contains("/") {
      report.error(
        "VOL-35", .invalid, at: source.node, "datasetName",
        "\(PodFieldChecks.quoted(name)) is no name of a dataset: it must not contain '/'")
    }
  }

  private static func checkRBD(_ source: RBDVolumeSource, into report: inout Report) {
    checkMonitors("VOL-38", source.monitors, source.node, into: &report)
    VolumeChecks.require(
      "VOL-38", ["image"], of: source.node, "it says which image is meant", into: &report)
  }

  private static func checkMonitors(
    _ code: String, _ monitors: ViewList<String>, _ node: NodeRef, into report: inout Report
  ) {
    guard monitors.isEmpty else { return }
    PodFieldChecks.missing(
      code, at: node, "monitors", "it says which servers know about the volume",
      help: "list addresses in 'monitors'", into: &report)
  }

  private static func checkSecret(_ code: String, _ node: NodeRef, into report: inout Report) {
    guard let secret = node["secretRef"], secret.isMapping,
      (secret["name"]?.string ?? "").isEmpty
    else { return }
    PodFieldChecks.missing(
      code, at: node, "secretRef.name", "it says which Secret is meant", into: &report)
  }

  private static func checkQuobyte(_ source: QuobyteVolumeSource, into report: inout Report) {
    let registry = source.registry ?? ""
    if registry.isEmpty {
      VolumeChecks.require(
        "VOL-42", ["registry"], of: source.node, "it says which servers know about the volume",
        into: &report)
    } else if let tenant = source.tenant, tenant.utf8.count > tenantBytesMax {
      report.error(
        "VOL-43", .required, at: source.node, "tenant",
        "the tenant has \(tenant.utf8.count) bytes; at most \(tenantBytesMax) are allowed")
    } else {
      let pairs = registry.utf8.split(
        separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      if let wrong = pairs.first(where: { !StorageNames.isHostAndPort($0) }) {
        report.error(
          "VOL-42", .invalid, at: source.node, "registry",
          "\(PodFieldChecks.quoted(String(Substring(wrong)))) is no host with a port",
          help: "write 'HOST:PORT', several of them joined by commas")
      }
    }
    VolumeChecks.require(
      "VOL-44", ["volume"], of: source.node, "it says which volume is meant", into: &report)
  }

  private static func checkFC(_ source: FCVolumeSource, into report: inout Report) {
    let (hasNames, hasIDs) = (!source.targetWWNs.isEmpty, !source.wwids.isEmpty)
    if !hasNames, !hasIDs {
      report.error(
        "VOL-45", .required, at: source.node, "targetWWNs",
        "neither 'targetWWNs' nor 'wwids' says which device is meant", help: "list one of them")
    }
    guard hasNames else { return }
    if hasIDs {
      report.error(
        "VOL-45", .invalid, at: source.node, "targetWWNs",
        "'targetWWNs' and 'wwids' both say which device is meant", help: "remove one of them")
    }
    guard source.lun != nil else {
      return PodFieldChecks.missing(
        "VOL-46", at: source.node, "lun", "'targetWWNs' need it", into: &report)
    }
    VolumeChecks.byte("VOL-46", source.lun, at: source.node, "lun", into: &report)
  }

  private static func checkStorageOS(_ source: StorageOSVolumeSource, into report: inout Report) {
    let (name, namespace) = (source.volumeName ?? "", source.volumeNamespace ?? "")
    if name.isEmpty {
      VolumeChecks.require(
        "VOL-58", ["volumeName"], of: source.node, "it says which volume is meant", into: &report)
    } else {
      LabelChecks.refuse(
        "VOL-58", NameFormat.dnsLabel(name), of: name, as: "the name of such a volume",
        at: source.node, "volumeName", into: &report)
    }
    if !namespace.isEmpty {
      LabelChecks.refuse(
        "VOL-59", NameFormat.dnsLabel(namespace), of: namespace, as: "the name of a namespace",
        at: source.node, "volumeNamespace", into: &report)
    }
    checkSecret("VOL-60", source.node, into: &report)
  }
}

// MARK: - iSCSI

extension NetworkVolumes {
  private static let nameAndPortalMax = 64

  private static func checkISCSI(
    _ source: ISCSIVolumeSource, into report: inout Report
  ) {
    VolumeChecks.require(
      "VOL-27", ["targetPortal"], of: source.node, "it says where the server is", into: &report)
    let name = source.iqn ?? ""
    if name.isEmpty {
      VolumeChecks.require(
        "VOL-28", ["iqn"], of: source.node, "it says which target is meant", into: &report)
    } else if !StorageNames.isISCSIName(name) {
      refuseISCSIName("VOL-28", name, source, "iqn", into: &report)
    }
    VolumeChecks.byte("VOL-29", source.lun ?? 0, at: source.node, "lun", into: &report)
    if source.chapAuthDiscovery == true || source.chapAuthSession == true,
      source.secretRef == nil
    {
      PodFieldChecks.missing(
        "VOL-30", at: source.node, "secretRef", "CHAP authentication needs a Secret",
        into: &report)
    }
    if let initiator = source.initiatorName, !StorageNames.isISCSIName(initiator) {
      refuseISCSIName("VOL-31", initiator, source, "initiatorName", into: &report)
    }
  }

  /// The server looks at this even where it refuses the source as a second one.
  private static func checkLength(_ volume: Volume, into report: inout Report) {
    guard let source = volume.iscsi, source.initiatorName != nil else { return }
    let bytes = (volume.name ?? "").utf8.count + 1 + (source.targetPortal ?? "").utf8.count
    guard bytes > nameAndPortalMax else { return }
    report.error(
      "VOL-32", .invalid, at: volume.node, "name",
      "the volume's name and 'targetPortal' have \(bytes - 1) bytes; with 'initiatorName' at "
        + "most \(nameAndPortalMax - 1) are allowed", help: "shorten the name")
  }

  private static func refuseISCSIName(
    _ code: String, _ name: String, _ source: ISCSIVolumeSource, _ field: String,
    into report: inout Report
  ) {
    report.error(
      code, .invalid, at: source.node, FieldPath([.field(field)]),
      "\(PodFieldChecks.quoted(name)) is no iSCSI name",
      help: "write it like 'iqn.2001-04.com.example:disk', 'eui.' and 16 or 'naa.' and 32 letters "
        + "and digits", server: field == "initiatorName" ? "initiatorname" : nil)
  }
}
