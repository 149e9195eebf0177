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
  /// The kind of ``source``; empty without one.
  fileprivate let kind: VolumeKinds

  /// Whether `field` says what the volume is made of, be it the one that counts or not.
  func has(_ field: String) -> Bool { source?.field == field || others.contains(field) }

  /// Whether any of `fields` says what the volume is made of; true where several fields do.
  func has(_ fields: VolumeKinds) -> Bool { fields.contains(kind) || !others.isEmpty }

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
      PlacedVolume(index: index, volume: volume, knowsImages: knowsImages)
    }
  }

  private init(index: Int, volume: Volume, knowsImages: Bool) {
    var first: (rank: Int, field: String, node: NodeRef)?
    var others: [(rank: Int, field: String, node: NodeRef)] = []
    for (key, node) in volume.node.entries where !node.isNull {
      let field = key.keyText
      guard field != "name", let rank = VolumeKinds.ranks[field], knowsImages || field != "image"
      else { continue }
      if let known = first {
        if others.isEmpty { others = [known] }
        others.append((rank, field, node))
      } else {
        first = (rank, field, node)
      }
    }
    if !others.isEmpty {
      others.sort { $0.rank < $1.rank }
      first = others.removeFirst()
    }
    self.index = index
    self.volume = volume
    source = first.map { ($0.field, $0.node) }
    kind = VolumeKinds(rank: first?.rank)
    self.others = others.map(\.field)
  }

  /// The volumes of a pod made of one of `fields`.
  static func all(
    in pod: PodSubject, of fields: VolumeKinds, _ report: Report
  ) -> [(field: String, node: NodeRef, volume: Volume)] {
    let volumes = all(in: pod, report)
    var found: [(field: String, node: NodeRef, volume: Volume)] = []
    for index in volumes.indices where fields.contains(volumes[index].kind) {
      guard let source = volumes[index].source else { continue }
      found.append((source.field, source.node, volumes[index].volume))
    }
    return found
  }
}

/// A set of fields that say what a volume is made of.
struct VolumeKinds: ExpressibleByArrayLiteral {
  /// A bit for each field.
  private let bits: UInt32

  init(arrayLiteral fields: String...) { self.init(fields) }

  init(_ fields: [String]) {
    bits = fields.reduce(0) { bits, field in
      guard let rank = Self.ranks[field] else {
        preconditionFailure("'\(field)' does not say what a volume is made of")
      }
      return bits | 1 << UInt32(rank)
    }
  }

  fileprivate init(rank: Int?) { bits = rank.map { 1 << UInt32($0) } ?? 0 }

  /// Whether they have a field in common.
  func contains(_ other: VolumeKinds) -> Bool { bits & other.bits != 0 }

  /// The fields, in the server's order.
  private static let fields = [
    "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret",
    "nfs", "iscsi", "glusterfs", "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs",
    "quobyte", "downwardAPI", "fc", "flexVolume", "configMap", "azureFile", "vsphereVolume",
    "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO",
    "csi", "ephemeral", "image",
  ]

  /// Where each field stands in the server's order.
  static let ranks = Dictionary(
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
