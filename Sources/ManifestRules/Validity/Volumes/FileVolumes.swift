import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Volumes whose files come from Secrets, ConfigMaps and the pod itself (VOL-17 … VOL-24,
/// VOL-67 … VOL-75).
enum FileVolumes: PodRules {
  static let title = "Volumes of Secrets, ConfigMaps and pod fields"
  static let needs = ["secret", "configMap", "downwardAPI"]

  private static let kinds = VolumeKinds(needs)

  static func check(_ pod: PodSubject, into report: inout Report) {
    for (field, node, _) in PlacedVolume.all(in: pod, of: kinds, report) {
      switch field {
      case "secret":
        let source = SecretVolumeSource(node)
        VolumeChecks.require(
          "VOL-17", ["secretName"], of: node, "it says which Secret is meant", into: &report)
        VolumeChecks.mode("VOL-18", source.defaultMode, at: node, "defaultMode", into: &report)
        for item in source.items {
          checkItem(item, codes: ("VOL-19", "VOL-20", "VOL-21"), into: &report)
        }
      case "configMap":
        let source = ConfigMapVolumeSource(node)
        VolumeChecks.require(
          "VOL-22", ["name"], of: node, "it says which ConfigMap is meant", into: &report)
        VolumeChecks.mode("VOL-23", source.defaultMode, at: node, "defaultMode", into: &report)
        for item in source.items {
          checkItem(item, codes: ("VOL-24", "VOL-24", "VOL-24"), into: &report)
        }
      default:
        let source = DownwardAPIVolumeSource(node)
        VolumeChecks.mode("VOL-67", source.defaultMode, at: node, "defaultMode", into: &report)
        checkFiles(source.items, at: node, into: &report)
      }
    }
  }

  /// A key of a Secret or ConfigMap as a file.
  static func checkItem(
    _ item: KeyToPath, codes: (key: String, path: String, mode: String), into report: inout Report
  ) {
    VolumeChecks.require(
      codes.key, ["key"], of: item.node, "it says which entry becomes the file", into: &report)
    VolumeChecks.filePath(codes.path, item.path, at: item.node, "path", into: &report)
    VolumeChecks.mode(codes.mode, item.mode, at: item.node, "mode", into: &report)
  }

  // MARK: - Fields of the pod

  /// The files of a downward API source at `node`; the server leaves their numbers out of paths.
  static func checkFiles(
    _ files: ViewList<DownwardAPIVolumeFile>, at node: NodeRef, into report: inout Report
  ) {
    for (index, file) in files.enumerated() {
      let place = FilePlace(node: node, index: index)
      VolumeChecks.filePath(
        "VOL-68", file.path, at: node, place.path("path"), server: "path", into: &report)
      VolumeChecks.mode(
        "VOL-75", file.mode, at: node, place.path("mode"), server: "mode", into: &report)
      switch (file.fieldRef, file.resourceFieldRef) {
      case (let field?, let resource):
        checkField(field, place, into: &report)
        guard resource != nil else { continue }
        report.error(
          "VOL-69", .invalid, at: node, place.path(.root),
          "the file is made of 'fieldRef' already; it cannot be 'resourceFieldRef' as well",
          help: "remove one of them", server: .root)
      case (nil, let resource?): checkResource(resource, place, into: &report)
      case (nil, nil):
        report.error(
          "VOL-69", .required, at: node, place.path(.root),
          "the file does not say which field of the pod it holds",
          help: "add 'fieldRef' or 'resourceFieldRef'", server: .root)
      }
    }
  }

  private struct FilePlace {
    let node: NodeRef
    let index: Int

    func path(_ part: FieldPath) -> FieldPath {
      FieldPath([.field("items"), .index(index)]) + part
    }
  }

  /// The fields that a file can hold, and those that the server knows of besides.
  private static let fields = [
    "metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels",
    "metadata.annotations",
  ]
  private static let otherFields: Set<String> = [
    "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName", "spec.schedulerName",
    "spec.host", "status.phase", "status.hostIP", "status.hostIPs", "status.podIP",
    "status.podIPs",
  ]

  private static func checkField(
    _ reference: ObjectFieldSelector, _ place: FilePlace, into report: inout Report
  ) {
    let at = place.path("fieldRef.fieldPath")
    guard let path = reference.fieldPath, !path.isEmpty else {
      return PodFieldChecks.missing(
        "VOL-70", at: place.node, at, "it says which field of the pod is meant",
        help: "add something like 'fieldPath: metadata.labels'", server: "fieldRef.fieldPath",
        into: &report)
    }
    let help = "write \(PodFieldChecks.list(fields + ["metadata.labels['KEY']"]))"
    if let version = reference.apiVersion, !version.isEmpty, version != "v1" {
      return report.error(
        "VOL-70", .invalid, at: place.node, place.path("fieldRef.apiVersion"),
        "\(PodFieldChecks.quoted(version)) is no version that fields of a pod are named in",
        help: "write 'v1', or leave it out", server: "fieldRef.fieldPath")
    }
    if let (map, key) = FieldReferenceChecks.subscripted(path) {
      let problems: [String]
      switch map {
      case "metadata.labels": problems = LabelFormat.key(key)
      case "metadata.annotations": problems = LabelFormat.annotationKey(key)
      default:
        return report.error(
          "VOL-70", .invalid, at: place.node, at,
          "\(PodFieldChecks.quoted(String(map))) has no entries to choose from by a key",
          help: help, server: "fieldRef.fieldPath")
      }
      return LabelChecks.refuse(
        "VOL-71", problems, of: String(key), as: "a key of '\(map)'", at: place.node, at,
        server: "fieldRef", into: &report)
    }
    if fields.contains(path) { return }
    report.error(
      "VOL-70", otherFields.contains(path) ? .notSupported : .invalid, at: place.node, at,
      "a file cannot hold \(PodFieldChecks.quoted(path))", help: help,
      server: "fieldRef.fieldPath")
  }

  private static func checkResource(
    _ reference: ResourceFieldSelector, _ place: FilePlace, into report: inout Report
  ) {
    let resource = reference.resource ?? ""
    if (reference.containerName ?? "").isEmpty {
      PodFieldChecks.missing(
        "VOL-72", at: place.node, place.path("resourceFieldRef.containerName"),
        "a volume belongs to no container, so it must be said whose amount is meant",
        server: "resourceFieldRef.containerName", into: &report)
    } else if resource.isEmpty {
      PodFieldChecks.missing(
        "VOL-73", at: place.node, place.path("resourceFieldRef.resource"),
        "it says which amount is meant", help: "add something like 'resource: limits.memory'",
        server: "resourceFieldRef.resource", into: &report)
    } else if !ResourceFields.isKnown(resource) {
      report.error(
        "VOL-73", .notSupported, at: place.node, place.path("resourceFieldRef.resource"),
        "\(PodFieldChecks.quoted(resource)) is no amount that a file can hold",
        help: "write 'limits.' or 'requests.' and cpu, memory, ephemeral-storage or hugepages-SIZE",
        server: "resourceFieldRef.resource")
    }
    if let divisor = reference.divisor, !ResourceFields.allows(divisor, for: resource) {
      report.error(
        "VOL-74", .invalid, at: place.node, place.path("resourceFieldRef.divisor"),
        "'\(divisor)' is no unit to count '\(resource)' in",
        help: resource.hasSuffix(".cpu")
          ? "write '1' or '1m'" : "write '1', or 1 with a suffix like '1Mi' or '1k'",
        server: "resourceFieldRef.divisor")
    }
  }
}
