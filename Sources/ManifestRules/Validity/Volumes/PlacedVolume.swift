import ManifestModel
import ManifestSchema
import ManifestSyntax

/// A volume with its place and what it is made of.
struct PlacedVolume {
  let index: Int
  let volume: Volume
  /// The field that says what the volume is made of, and what stands there; of several the one
  /// that the server takes.
  let source: (field: String, node: NodeRef)?
  /// More such fields, which the server refuses and looks at no further.
  let others: [String]

  /// The volumes of a pod, in order.
  static func all(in pod: PodSubject, _ report: Report) -> [PlacedVolume] {
    // Before 1.35 the server drops the field.
    report.version.minor >= 35 ? pod.volumes : all(in: pod.spec, knowsImages: false)
  }

  /// The volumes of a spec; `image` counts where the version has it.
  static func all(in spec: PodSpec, knowsImages: Bool = true) -> [PlacedVolume] {
    let list = spec.volumes
    guard !list.isEmpty else { return [] }
    return list.enumerated().map { index, volume in
      var found: [(rank: Int, field: String, node: NodeRef)] = []
      for (key, node) in volume.node.entries where !node.isNull {
        let field = key.keyText
        guard let rank = ranks[field], knowsImages || field != "image" else { continue }
        found.append((rank, field, node))
      }
      found.sort { $0.rank < $1.rank }
      return PlacedVolume(
        index: index, volume: volume, source: found.first.map { ($0.field, $0.node) },
        others: found.dropFirst().map(\.field))
    }
  }

  /// The volumes of a pod made of one of `fields`.
  static func all(
    in pod: PodSubject, of fields: Set<String>, _ report: Report
  ) -> [(field: String, node: NodeRef, volume: Volume)] {
    all(in: pod, report).compactMap { placed in
      guard let source = placed.source, fields.contains(source.field) else { return nil }
      return (source.field, source.node, placed.volume)
    }
  }

  /// The fields that say what a volume is made of, in the server's order.
  private static let fields = [
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret",
    "nfs", "iscsi", "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs",
    "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume",
    "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO",
    "csi", "ephemeral", "image",
  ]

  private static let ranks = Dictionary(
    uniqueKeysWithValues: fields.enumerated().map { ($0.element, $0.offset) })
}

/// Checks that several kinds of volumes share.
enum VolumeChecks {
  /// Reports each of `fields` that is no text or an empty one.
  static func require(
    _ code: String, _ fields: [String], of node: NodeRef, _ why: String,
    server: (String) -> FieldPath? = { _ in nil }, into report: inout Report
  ) {
    for field in fields where (node[field]?.string ?? "").isEmpty {
      PodFieldChecks.missing(
        code, at: node, FieldPath([.field(field)]), why, server: server(field), into: &report)
    }
  }

  /// Reports a number beyond 0 … 255.
  static func byte(
    _ code: String, _ value: Int32?, at node: NodeRef, _ part: FieldPath, server: FieldPath? = nil,
    into report: inout Report
  ) {
    guard let value, !(0...255).contains(value) else { return }
    report.error(
      code, .invalid, at: node, part, "'\(value)' is out of range: it must be between 0 and 255",
      server: server)
  }

  /// Reports a file mode beyond 0777.
  static func mode(
    _ code: String, _ value: Int32?, at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    server: FieldPath? = nil, into report: inout Report
  ) {
    guard let value, let problem = FileFormat.mode(Int64(value)).first else { return }
    report.error(
      code, .invalid, at: node, part(), "'\(value)' is no file mode: \(problem)",
      help: "write an octal number in YAML, like 0644; JSON needs the decimal number, 420",
      server: server)
  }

  /// Reports the path of a file in a volume that is missing or leads out of it.
  static func filePath(
    _ code: String, _ path: String?, at node: NodeRef, _ part: @autoclosure () -> FieldPath,
    server: @autoclosure () -> FieldPath? = nil, into report: inout Report
  ) {
    guard let path, !path.isEmpty else {
      return PodFieldChecks.missing(
        code, at: node, part(), "it says which file in the volume is meant", server: server(),
        into: &report)
    }
    LabelChecks.refuse(
      code, FileFormat.localUnreservedPath(path), of: path, as: "the path of a file in a volume",
      at: node, part(), server: server(), into: &report)
  }
}
