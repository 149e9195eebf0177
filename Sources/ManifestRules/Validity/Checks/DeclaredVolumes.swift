import ManifestModel
import ManifestSyntax

/// The volumes of a pod that mounts can name.
///
/// A volume with a mistake in it counts as not there, so the server reports its mounts as well.
/// What is wrong with the volumes is taken from the report: the groups about volumes run first.
struct DeclaredVolumes {
  /// The volumes in order; of equal names the last one counts.
  private var list: [(name: String, volume: Volume)] = []
  /// The same by name, where there are too many to go through each time.
  private var byName: [String: Volume] = [:]
  private static let listMax = 12

  /// Mistakes that the server notes only after it made its list of volumes.
  private static let lateCodes: Set<String> = ["VOL-37", "VOL-85"]

  init(_ pod: PodSubject, _ report: Report) {
    let volumes = pod.spec.volumes
    if !volumes.isEmpty {
      let broken = Self.brokenVolumes(pod, report)
      for (index, volume) in volumes.enumerated() where !broken.contains(index) {
        add(volume.name ?? "", volume)
      }
    }
    addClaims(of: pod.object)
  }

  /// All volumes, those with mistakes as well: what variables read from files may name.
  init(withMistakesOf pod: PodSubject) {
    for volume in pod.spec.volumes { add(volume.name ?? "", volume) }
    addClaims(of: pod.object)
  }

  /// A StatefulSet gives each of its pods a volume for each of its claim templates.
  private mutating func addClaims(of object: ObjectSubject) {
    guard object.workload == .statefulSet else { return }
    let claims = object.node[.spec]?["volumeClaimTemplates"]?.items
    for claim in claims ?? NodeRef.value(.null).items {
      guard let name = claim[.metadata]?[.name]?.string, !name.isEmpty else { continue }
      let source: Value = ["claimName": .string(name)]
      add(name, Volume(.value(["name": .string(name), "persistentVolumeClaim": source])))
    }
  }

  private mutating func add(_ name: String, _ volume: Volume) {
    list.append((name, volume))
    guard list.count > Self.listMax else { return }
    if byName.isEmpty {
      for entry in list { byName[entry.name] = entry.volume }
    } else {
      byName[name] = volume
    }
  }

  subscript(name: String) -> Volume? {
    if list.count > Self.listMax { return byName[name] }
    return list.last { $0.name == name }?.volume
  }

  /// What to write instead of the name of a volume that is not there.
  var hint: String {
    if list.isEmpty { return "add the volume to 'volumes'" }
    let names = Set(list.map(\.name)).sorted()
    let shown = names.count > 8 ? Array(names.prefix(8)) + ["…"] : names
    return "add it to 'volumes', or name one of \(PodFieldChecks.list(shown))"
  }

  /// The numbers of the volumes in which mistakes were found so far.
  static func brokenVolumes(_ pod: PodSubject, _ report: Report) -> Set<Int> {
    if !report.hasErrors { return [] }
    let prefix = pod.spec.node.path.field("volumes").steps
    var broken: Set<Int> = []
    for diagnostic in report.diagnostics where diagnostic.severity == .error {
      let steps = diagnostic.path.steps
      guard steps.count > prefix.count, steps.starts(with: prefix),
        case .index(let index) = steps[prefix.count], !lateCodes.contains(diagnostic.code)
      else { continue }
      broken.insert(index)
    }
    return broken
  }
}
