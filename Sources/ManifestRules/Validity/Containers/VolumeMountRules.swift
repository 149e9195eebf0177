import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Where containers mount volumes, and which they use as block devices.
enum VolumeMountRules: PodRules {
  static let title = "Volume mounts and devices"
  static let needs = ["volumeMounts", "volumeDevices"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    var declared: DeclaredVolumes?
    for placed in pod.containers {
      let container = placed.container
      let mounts = container.volumeMounts
      let devices = container.volumeDevices
      guard !mounts.isEmpty || !devices.isEmpty else { continue }
      let volumes = declared ?? DeclaredVolumes(pod, report)
      declared = volumes
      // Of entries of one name, the server compares the last one's path.
      let devicePaths = Used(devices.lazy.map { ($0.name ?? "", $0.devicePath ?? "") })
      checkMounts(of: container, placed.role, volumes, devicePaths, into: &report)
      if devices.isEmpty { continue }
      let mountPaths = Used(mounts.lazy.map { ($0.name ?? "", $0.mountPath ?? "") })
      checkDevices(of: container, volumes, mountPaths, into: &report)
    }
  }

  /// Names and paths that the other list of the container uses.
  private struct Used {
    var names: Set<String> = []
    var paths: Set<String> = []

    init(_ entries: some Sequence<(String, String)>) {
      var byName: [String: String] = [:]
      for (name, path) in entries { byName[name] = path }
      names = Set(byName.keys)
      paths = Set(byName.values)
    }
  }

  // MARK: - Mounts

  private static let mountPath = Key("mountPath")

  private static func checkMounts(
    of container: Container, _ role: ContainerRole, _ volumes: DeclaredVolumes, _ devices: Used,
    into report: inout Report
  ) {
    // Filled only where two paths may be equal.
    var paths: Set<String>? =
      DistinctTexts.fill(container.volumeMounts.node, under: mountPath) ? nil : []
    for (index, mount) in container.volumeMounts.enumerated() {
      checkName(of: mount, volumes, devices, into: &report)
      checkPath(of: mount, &paths, devices, into: &report)
      if role == .ephemeral { checkEphemeral(mount, into: &report) }
      let place = Place(container: container, index: index, mount: mount)
      checkSubPaths(place, into: &report)
      checkPropagation(place, into: &report)
      if report.version.minor >= 31 { checkRecursion(place, into: &report) }
    }
  }

  /// A mount, seen from its container: some of the server's paths leave out the mount's number.
  private struct Place {
    var container: Container
    var index: Int
    var mount: VolumeMount

    var part: FieldPath { FieldPath("volumeMounts").index(index) }

    func server(_ name: String) -> FieldPath { FieldPath("volumeMounts").field(name) }
  }

  private static func checkName(
    of mount: VolumeMount, _ volumes: DeclaredVolumes, _ devices: Used, into report: inout Report
  ) {
    let name = mount.name ?? ""
    if name.isEmpty {
      PodFieldChecks.missing(
        "MNT-01", at: mount.node, "name", "it says which volume to mount", into: &report)
    }
    if volumes[name] == nil {
      report.error(
        "MNT-02", .notFound, at: mount.node, "name",
        "the pod has no valid volume \(PodFieldChecks.quoted(name)), so there is nothing to mount",
        help: volumes.hint)
    }
    if devices.names.contains(name) {
      report.error(
        "MNT-05", .invalid, at: mount.node, "name",
        "the volume \(PodFieldChecks.quoted(name)) is used as a block device too, "
          + "and it cannot be both",
        help: "remove it from 'volumeDevices' or from 'volumeMounts'")
    }
  }

  private static func checkPath(
    of mount: VolumeMount, _ paths: inout Set<String>?, _ devices: Used, into report: inout Report
  ) {
    let path = mount.mountPath ?? ""
    if path.isEmpty {
      PodFieldChecks.missing(
        "MNT-03", at: mount.node, "mountPath", "it says where the volume appears", into: &report)
    }
    if paths?.insert(path).inserted == false {
      report.error(
        "MNT-04", .invalid, at: mount.node, "mountPath",
        "another volume is mounted at \(PodFieldChecks.quoted(path)) of this container",
        help: "mount it elsewhere, or use one projected volume for several sources")
    }
    if devices.paths.contains(path) {
      report.error(
        "MNT-06", .invalid, at: mount.node, "mountPath",
        "a block device has the path \(PodFieldChecks.quoted(path))", help: "mount it elsewhere")
    }
  }

  private static func checkSubPaths(_ place: Place, into report: inout Report) {
    let mount = place.mount
    let subPath = mount.subPath ?? ""
    let expression = mount.subPathExpr ?? ""
    if !subPath.isEmpty { checkLocal("MNT-07", "subPath", subPath, place, into: &report) }
    guard !expression.isEmpty else { return }
    if !subPath.isEmpty {
      report.error(
        "MNT-09", .invalid, at: mount.node, "subPathExpr",
        "'subPath' and 'subPathExpr' are both there, and only one of them can count",
        help: "remove one of them")
    }
    checkLocal("MNT-08", "subPathExpr", expression, place, into: &report)
  }

  private static func checkLocal(
    _ code: String, _ field: String, _ path: String, _ place: Place, into report: inout Report
  ) {
    PodFieldChecks.format(
      code, FileFormat.localPath(path), of: path, as: "a path within a volume",
      at: place.container.node, place.part.field(field), server: place.server(field), into: &report)
  }

  private static func checkEphemeral(_ mount: VolumeMount, into report: inout Report) {
    for (field, value) in [("subPath", mount.subPath), ("subPathExpr", mount.subPathExpr)] {
      guard let value, !value.isEmpty else { continue }
      report.error(
        "EPH-03", .forbidden, at: mount.node, FieldPath().field(field),
        "an ephemeral container cannot mount a part of a volume: the mount would outlive it",
        help: "remove '\(field)' and mount the whole volume")
    }
  }

  private static func checkPropagation(_ place: Place, into report: inout Report) {
    guard let propagation = place.mount.mountPropagation else { return }
    PodFieldChecks.choice(
      "MNT-10", propagation, among: ["None", "HostToContainer", "Bidirectional"],
      absence: .isUnsupported, at: place.container.node, place.part.field("mountPropagation"),
      server: place.server("mountPropagation"), into: &report)
    guard propagation == "Bidirectional",
      place.container.securityContext?.privileged != true
    else { return }
    report.error(
      "MNT-11", .forbidden, at: place.container.node, place.part.field("mountPropagation"),
      "'Bidirectional' lets the container mount into the host, which only privileged ones may",
      help: "write 'HostToContainer', or make the container privileged",
      server: place.server("mountPropagation"))
  }

  private static func checkRecursion(_ place: Place, into report: inout Report) {
    let mount = place.mount
    guard let recursion = mount.recursiveReadOnly else { return }
    let (part, server) = (place.part.field("recursiveReadOnly"), place.server("recursiveReadOnly"))
    PodFieldChecks.choice(
      "MNT-12", recursion, among: ["Disabled", "IfPossible", "Enabled"], absence: .isUnsupported,
      at: place.container.node, part, server: server, into: &report)
    guard recursion == "Enabled" || recursion == "IfPossible" else { return }
    if mount.readOnly != true {
      report.error(
        "MNT-13", .forbidden, at: place.container.node, part,
        "'recursiveReadOnly' is '\(recursion)', but the mount itself is not read-only",
        help: "add 'readOnly: true'", server: server)
    }
    if let propagation = mount.mountPropagation, propagation != "None" {
      report.error(
        "MNT-14", .forbidden, at: place.container.node, part,
        "'recursiveReadOnly' is '\(recursion)', which excludes mount propagation",
        help: "remove 'mountPropagation'", server: server)
    }
  }

  // MARK: - Devices

  private static func checkDevices(
    of container: Container, _ volumes: DeclaredVolumes, _ mounts: Used, into report: inout Report
  ) {
    var names: Set<String> = []
    var paths: Set<String> = []
    for device in container.volumeDevices {
      checkDeviceName(device, &names, volumes, mounts, into: &report)
      checkDevicePath(device, &paths, mounts, into: &report)
    }
  }

  private static func checkDeviceName(
    _ device: VolumeDevice, _ names: inout Set<String>, _ volumes: DeclaredVolumes, _ mounts: Used,
    into report: inout Report
  ) {
    let name = device.name ?? ""
    let quoted = PodFieldChecks.quoted(name)
    if name.isEmpty {
      PodFieldChecks.missing(
        "DEV-01", at: device.node, "name", "it says which volume is meant", into: &report)
    } else if !names.insert(name).inserted {
      report.error(
        "DEV-02", .invalid, at: device.node, "name",
        "the volume \(quoted) is a device of this container already", help: "remove one of them")
    }
    if let volume = volumes[name] {
      if volume.persistentVolumeClaim == nil, volume.ephemeral == nil {
        report.error(
          "DEV-04", .invalid, at: device.node, "name",
          "the volume \(quoted) is no claim, and only claims can be block devices",
          help: "use a persistentVolumeClaim or an ephemeral volume")
      }
    } else {
      report.error(
        "DEV-03", .notFound, at: device.node, "name",
        "the pod has no valid volume \(quoted), so there is no device", help: volumes.hint)
    }
    if mounts.names.contains(name) {
      report.error(
        "DEV-08", .invalid, at: device.node, "name",
        "the volume \(quoted) is mounted too, and it cannot be both",
        help: "remove it from 'volumeDevices' or from 'volumeMounts'")
    }
  }

  private static func checkDevicePath(
    _ device: VolumeDevice, _ paths: inout Set<String>, _ mounts: Used, into report: inout Report
  ) {
    let path = device.devicePath ?? ""
    let quoted = PodFieldChecks.quoted(path)
    if path.isEmpty {
      PodFieldChecks.missing(
        "DEV-05", at: device.node, "devicePath", "it says where the device appears", into: &report)
    }
    if paths.contains(path) {
      report.error(
        "DEV-06", .invalid, at: device.node, "devicePath",
        "another device of this container has the path \(quoted)", help: "choose another path")
    }
    if let problem = FileFormat.withoutBacksteps(path).first {
      report.error(
        "DEV-07", .invalid, at: device.node, "devicePath",
        "\(quoted) cannot be a device's path: \(problem)", help: "write a path like '/dev/xvda'")
    } else {
      paths.insert(path)
    }
    if mounts.paths.contains(path) {
      report.error(
        "DEV-09", .invalid, at: device.node, "devicePath", "a volume is mounted at \(quoted)",
        help: "choose another path")
    }
  }
}
