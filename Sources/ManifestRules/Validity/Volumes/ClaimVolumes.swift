import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Volumes of claims, existing ones and ones made for the pod (VOL-36, VOL-37, VOL-65, VOL-66,
/// PVCT-01 … PVCT-14), with the label selectors in them (LSEL-*).
enum ClaimVolumes: PodRules {
  static let title = "Volumes of claims"
  static let needs = ["persistentVolumeClaim", "ephemeral"]

  private static let kinds = VolumeKinds(needs)

  static func check(_ pod: PodSubject, into report: inout Report) {
    let podName = pod.isTemplate ? "" : ObjectNames.finalName(of: pod.metadata)
    for (field, node, volume) in PlacedVolume.all(in: pod, of: kinds, report) {
      if field == "persistentVolumeClaim" {
        VolumeChecks.require(
          "VOL-36", ["claimName"], of: node, "it says which claim is meant", into: &report)
        continue
      }
      if let template = EphemeralVolumeSource(node).volumeClaimTemplate {
        checkMetadata(template, into: &report)
        checkSpec(template, into: &report)
      } else {
        PodFieldChecks.missing(
          "VOL-65", at: node, "volumeClaimTemplate", "it says which claim is made for the pod",
          into: &report)
      }
      checkClaimName(volume, podName, into: &report)
    }
    if !podName.isEmpty { checkCollisions(pod, podName, into: &report) }
  }

  /// The claim gets its name from the pod and the volume.
  private static func checkClaimName(
    _ volume: Volume, _ podName: String, into report: inout Report
  ) {
    let name = volume.name ?? ""
    guard !podName.isEmpty, !name.isEmpty else { return }
    LabelChecks.refuse(
      "VOL-66", NameFormat.dnsSubdomain("\(podName)-\(name)"), of: "\(podName)-\(name)",
      as: "the name of the claim that is made for the volume", at: volume.node, "name",
      into: &report)
  }

  private static func checkCollisions(
    _ pod: PodSubject, _ podName: String, into report: inout Report
  ) {
    var made: Set<String> = []
    for volume in pod.spec.volumes where volume.has("ephemeral") {
      made.insert("\(podName)-\(volume.name ?? "")")
    }
    guard !made.isEmpty else { return }
    for volume in pod.spec.volumes {
      guard let claim = volume.persistentVolumeClaim, made.contains(claim.claimName ?? "") else {
        continue
      }
      report.error(
        "VOL-37", .invalid, at: claim.node, "claimName",
        "'\(claim.claimName ?? "")' is the claim that an ephemeral volume of the pod makes",
        help: "mount that volume instead, or name another claim")
    }
  }

  // MARK: - The claim

  /// Metadata that a template can have; all else would be lost.
  private static let allowedMetadata: Set<String> = ["labels", "annotations"]
  /// What counts as not set: numbers and texts that are zero, unlike lists and pointers.
  private static let plainMetadata: Set<String> = [
    "name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation",
  ]

  private static func checkMetadata(
    _ template: PersistentVolumeClaimTemplate, into report: inout Report
  ) {
    guard let metadata = template.metadata else { return }
    LabelChecks.labels(
      metadata.labels, at: metadata.node, "labels", codes: ("PVCT-02", "PVCT-02"), into: &report)
    LabelChecks.annotations(
      metadata.annotations, at: metadata.node, "annotations", codes: ("PVCT-02", "PVCT-02"),
      into: &report)
    for (key, value) in metadata.node.entries where !value.isNull {
      let field = key.keyText
      if allowedMetadata.contains(field) { continue }
      if plainMetadata.contains(field), value.string?.isEmpty == true || value.int64 == 0 {
        continue
      }
      report.error(
        "PVCT-01", .forbidden, at: metadata.node, FieldPath([.field(field)]),
        "the metadata of a claim that is made for a pod can only be labels and annotations",
        help: "remove '\(field)'", server: field == "uid" ? "uID" : nil)
    }
  }

  private static let accessModes = [
    "ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod",
  ]

  private static func checkSpec(
    _ template: PersistentVolumeClaimTemplate, into report: inout Report
  ) {
    // A claim without a spec is judged as one with an empty spec, named from the template.
    let spec = template.spec ?? PersistentVolumeClaimSpec(.value(.emptyMap))
    let claim = ClaimPlace(node: template.node)
    checkAccessModes(spec, claim, into: &report)
    SelectorChecks.check(spec.selector, into: &report)
    checkStorage(spec, claim, into: &report)
    let names = [
      ("PVCT-09", "storageClassName", spec.storageClassName),
      (
        "PVCT-14", "volumeAttributesClassName",
        report.version.minor >= 34 ? spec.volumeAttributesClassName : nil
      ),
    ]
    for (code, field, value) in names {
      guard let value, !value.isEmpty else { continue }
      LabelChecks.refuse(
        code, NameFormat.dnsSubdomain(value), of: value, as: "the name of a class",
        at: spec.node, FieldPath([.field(field)]), into: &report)
    }
    if spec.has("volumeMode") {
      PodFieldChecks.choice(
        "PVCT-10", spec.volumeMode, among: ["Block", "Filesystem"], absence: .isUnsupported,
        at: spec.node, "volumeMode", into: &report)
    }
    checkDataSources(spec, into: &report)
  }

  private struct ClaimPlace {
    let node: NodeRef

    func path(_ part: FieldPath) -> FieldPath { FieldPath([.field("spec")]) + part }
  }

  private static func checkAccessModes(
    _ spec: PersistentVolumeClaimSpec, _ claim: ClaimPlace, into report: inout Report
  ) {
    let modes = Array(spec.accessModes)
    // The last mode came to stay in 1.27.
    let known = report.version.minor >= 27 ? accessModes : accessModes.dropLast()
    if modes.isEmpty {
      PodFieldChecks.missing(
        "PVCT-03", at: claim.node, claim.path("accessModes"),
        "it says who may use the volume at once", help: "add 'accessModes: [ReadWriteOnce]'",
        into: &report)
    }
    for (index, mode) in modes.enumerated() where !known.contains(mode) {
      report.error(
        "PVCT-04", .notSupported, at: spec.node, FieldPath([.field("accessModes"), .index(index)]),
        "\(PodFieldChecks.quoted(mode)) is no access mode",
        help: "write \(PodFieldChecks.list(known))", server: "accessModes")
    }
    if modes.contains("ReadWriteOncePod"),
      modes.contains(where: { $0 != "ReadWriteOncePod" && known.contains($0) })
    {
      report.error(
        "PVCT-05", .forbidden, at: spec.node, "accessModes",
        "'ReadWriteOncePod' lets one pod use the volume, so no other mode goes with it",
        help: "remove it or the others")
    }
  }

  private static func checkStorage(
    _ spec: PersistentVolumeClaimSpec, _ claim: ClaimPlace, into report: inout Report
  ) {
    let server = claim.path(FieldPath([.field("resources"), .key("storage")]))
    let part = claim.path(
      FieldPath([.field("resources"), .field("requests"), .key("storage")]))
    guard let size = spec.resources?.requests["storage"] else {
      return PodFieldChecks.missing(
        "PVCT-06", at: claim.node, part, "it says how large the volume must be",
        help: "add something like 'resources: {requests: {storage: 1Gi}}'", server: server,
        into: &report)
    }
    if size.sign <= 0 {
      report.error(
        "PVCT-07", .invalid, at: claim.node, part, "'\(size)' is no size: it must be above zero",
        help: "write something like '1Gi'", server: server)
    }
  }
}

// MARK: - What the claim is filled from

extension ClaimVolumes {
  private static func checkDataSources(
    _ spec: PersistentVolumeClaimSpec, into report: inout Report
  ) {
    let (source, reference) = (spec.dataSource, spec.dataSourceRef)
    if let source { checkDataSource("PVCT-11", TypedObjectReference(source.node), into: &report) }
    guard let reference else { return }
    checkDataSource("PVCT-12", reference, into: &report)
    let namespace = reference.namespace ?? ""
    if !namespace.isEmpty {
      LabelChecks.refuse(
        "PVCT-12", NameFormat.dnsLabel(namespace), of: namespace, as: "the name of a namespace",
        at: reference.node, "namespace", into: &report)
    }
    guard let source else { return }
    if !namespace.isEmpty {
      report.error(
        "PVCT-13", .invalid, at: spec.node, "dataSource",
        "'dataSourceRef' names another namespace, which 'dataSource' cannot",
        help: "remove 'dataSource'", server: .root)
    } else if (source.kind ?? "") != (reference.kind ?? "")
      || (source.name ?? "") != (reference.name ?? "") || source.apiGroup != reference.apiGroup
    {
      report.error(
        "PVCT-13", .invalid, at: spec.node, "dataSource",
        "'dataSource' and 'dataSourceRef' name different objects", help: "remove 'dataSource'",
        server: .root)
    }
  }

  private static func checkDataSource(
    _ code: String, _ source: TypedObjectReference, into report: inout Report
  ) {
    VolumeChecks.require(
      code, ["name", "kind"], of: source.node, "it says what the volume is filled from",
      into: &report)
    let group = source.apiGroup ?? ""
    if group.isEmpty, source.kind != "PersistentVolumeClaim" {
      report.error(
        code, .invalid, at: source.node, .root,
        "without an 'apiGroup' a volume can only be filled from a PersistentVolumeClaim, not from "
          + PodFieldChecks.quoted(source.kind ?? ""), help: "add 'apiGroup'")
    }
    if !group.isEmpty {
      LabelChecks.refuse(
        code, NameFormat.dnsSubdomain(group), of: group, as: "the name of an API group",
        at: source.node, "apiGroup", into: &report)
    }
  }
}
