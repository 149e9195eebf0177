import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Volumes that the server accepts with a warning.
enum VolumeWarnings: PodRules {
  static let title = "Warnings about volumes"
  static let needs = ["volumes"]

  /// Kinds of volumes that nothing serves any more: rule, field, since which minor version.
  private static let lost: [(code: String, field: String, since: Int)] = [
    ("WRN-08", "photonPersistentDisk", 16), ("WRN-09", "gitRepo", 11), ("WRN-10", "scaleIO", 16),
    ("WRN-11", "flocker", 22), ("WRN-12", "storageos", 22), ("WRN-13", "quobyte", 22),
    ("WRN-14", "glusterfs", 25), ("WRN-15", "cephfs", 28), ("WRN-16", "rbd", 28),
  ]

  private static let lostKinds: VolumeKinds = [
    "photonPersistentDisk", "gitRepo", "scaleIO", "flocker", "storageos", "quobyte", "glusterfs",
    "cephfs", "rbd",
  ]

  static func check(_ pod: PodSubject, into report: inout Report) {
    for placed in pod.volumes {
      let volume = placed.volume
      for kind in placed.has(lostKinds) ? lost : []
      where report.version.minor >= kind.since && placed.has(kind.field) {
        report.warning(
          kind.code, at: volume.node, FieldPath([.field(kind.field)]),
          "volumes of the kind '\(kind.field)' are deprecated, and clusters no longer mount them",
          help: "use a CSI driver, or another kind of volume")
      }
      checkClaim(volume, into: &report)
      checkPaths(volume, into: &report)
    }
  }

  private static func checkClaim(_ volume: Volume, into report: inout Report) {
    guard let spec = volume.ephemeral?.volumeClaimTemplate?.spec?.node["resources"] else { return }
    for list in ["requests", "limits"] {
      guard let node = spec[list]?["storage"] else { continue }
      FractionalBytes.warn(
        "WRN-17", node, at: spec, FieldPath([.field(list), .key("storage")]), into: &report)
    }
  }

  // MARK: - Paths within a volume

  private static func checkPaths(_ volume: Volume, into report: inout Report) {
    if let items = volume.configMap?.items { warn("WRN-18", items.nodes, into: &report) }
    if let items = volume.secret?.items { warn("WRN-19", items.nodes, into: &report) }
    if let items = volume.downwardAPI?.items { warn("WRN-20", items.nodes, into: &report) }
    guard let projected = volume.projected else { return }
    var nodes: [NodeRef] = []
    for source in projected.sources {
      for name in ["configMap", "secret", "downwardAPI"] {
        if let items = source.node[name]?["items"] { nodes += Array(items.items) }
      }
      for name in ["serviceAccountToken", "clusterTrustBundle"] {
        if let part = source.node[name], part["path"] != nil { nodes.append(part) }
      }
      let isDropped = ["clusterTrustBundle", "podCertificate"].contains { source.has($0) }
      let isServed = ["configMap", "secret", "downwardAPI", "serviceAccountToken"].contains {
        source.has($0)
      }
      if !isServed, !isDropped || report.version.minor <= 36 {
        report.warning(
          "WRN-23", at: source.node, .root, "this source of the volume projects nothing",
          help: "name a configMap, secret, downwardAPI or serviceAccountToken, or remove the entry")
      }
    }
    warn("WRN-21", nodes, into: &report)
  }

  /// Warns about files that would lie at the same place, or within another file.
  private static func warn(
    _ code: String, _ items: some Sequence<NodeRef>, into report: inout Report
  ) {
    for clash in clashes(among: items) {
      report.warning(
        code, at: clash.node, "path", clash.message, help: "give each file its own path")
    }
  }

  /// The files that would lie at the same place as another, or within another file.
  static func clashes(
    among items: some Sequence<NodeRef>
  ) -> [(node: NodeRef, message: String)] {
    let files = items.map { (node: $0, path: clean($0["path"]?.string ?? "")) }
    guard files.count > 1 else { return [] }
    var counts: [String: Int] = [:]
    for file in files where !file.path.isEmpty { counts[file.path, default: 0] += 1 }
    var seen: Set<String> = []
    var found: [(node: NodeRef, message: String)] = []
    for file in files where !file.path.isEmpty {
      let isRepeated = !seen.insert(file.path).inserted
      let outer = parents(of: file.path).first { counts[$0] != nil }
      guard isRepeated || outer != nil else { continue }
      let message =
        isRepeated
        ? "another file of this volume lies at '\(file.path)' as well; one hides the other"
        : "'\(file.path)' lies within '\(outer ?? "")', which is a file itself"
      found.append((file.node, message))
    }
    return found
  }

  private static func clean(_ path: String) -> String {
    path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
  }

  /// The folders on the way to a path, a bounded number of them.
  private static func parents(of path: String) -> [String] {
    var parents: [String] = []
    var position = path.startIndex
    while parents.count < 64, let slash = path[position...].firstIndex(of: "/") {
      parents.append(String(path[..<slash]))
      position = path.index(after: slash)
    }
    return parents
  }
}

/// Amounts of bytes that are no whole number.
enum FractionalBytes {
  static func warn(
    _ code: String, _ amount: NodeRef, at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    into report: inout Report
  ) {
    if let plain = amount.plainMilliAmount, plain % 1000 == 0 { return }
    guard let quantity = Quantity.read(amount), !quantity.roundedUp(to: .milli).isInteger else {
      return
    }
    report.warning(
      code, at: node, part(),
      "'\(quantity)' is a fraction of a byte; 'm' stands for a thousandth, not for mega",
      help: "write 'M' or 'Mi' for megabytes")
  }
}
