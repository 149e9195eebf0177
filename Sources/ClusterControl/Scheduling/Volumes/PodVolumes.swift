import ManifestSyntax

/// The volumes of a pod that matter to where it can run.
struct PodVolumes: Hashable, Sendable {
  /// A disk that is named in the pod itself.
  struct Disk: Hashable, Sendable {
    var kind: String
    var name: String
    var isReadOnly: Bool

    /// Whether one node cannot have both.
    func clashes(with other: Disk) -> Bool {
      guard kind == other.kind, name == other.name else { return false }
      // Only EBS disks can never be shared, not even for reading.
      return kind == "awsElasticBlockStore" || !isReadOnly || !other.isReadOnly
    }
  }

  private(set) var claims: [String] = []
  /// Volumes whose claims are named after the pod and the volume.
  private(set) var ephemeral: [String] = []
  private(set) var disks: [Disk] = []

  init(_ spec: Value) {
    for volume in spec.items("volumes") {
      for source in volume.map?.entries ?? [] { read(source.key, source.value, of: volume) }
    }
  }

  private mutating func read(_ kind: String, _ source: Value, of volume: Value) {
    let isReadOnly = source["readOnly"] == true
    switch kind {
    case "persistentVolumeClaim":
      if let name = source["claimName"]?.string { claims.append(name) }
    case "ephemeral":
      if let name = volume["name"]?.string { ephemeral.append(name) }
    case "gcePersistentDisk":
      let name = source["pdName"]?.string ?? ""
      disks.append(Disk(kind: kind, name: name, isReadOnly: isReadOnly))
    case "awsElasticBlockStore":
      let name = source["volumeID"]?.string ?? ""
      disks.append(Disk(kind: kind, name: name, isReadOnly: isReadOnly))
    case "iscsi":
      let name = source["iqn"]?.string ?? ""
      disks.append(Disk(kind: kind, name: name, isReadOnly: isReadOnly))
    case "rbd":
      let pool = source["pool"]?.string ?? "rbd"
      let image = source["image"]?.string ?? ""
      for monitor in source["monitors"]?.list ?? [] {
        disks.append(
          Disk(
            kind: kind, name: "\(monitor.string ?? "") \(pool) \(image)", isReadOnly: isReadOnly))
      }
    default: break
    }
  }

  var isEmpty: Bool { claims.isEmpty && ephemeral.isEmpty && disks.isEmpty }
  var hasClaims: Bool { !claims.isEmpty || !ephemeral.isEmpty }

  /// The names of the claims of a pod of this shape.
  func claims(of pod: String) -> [String] { claims + ephemeral.map { "\(pod)-\($0)" } }
}
