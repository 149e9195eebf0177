import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Names of volumes, and how many sources a volume has (VOL-01 … VOL-06).
///
/// Runs after the groups about sources: the server remembers the names of flawless volumes only.
enum VolumeNames: PodRules {
  static let title = "Volumes"
  static let needs = ["volumes"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    let volumes = PlacedVolume.all(in: pod, report)
    guard !volumes.isEmpty else { return }
    let broken = DeclaredVolumes.brokenVolumes(pod, report)
    var names: Set<String> = []
    for placed in volumes {
      let name = placed.volume.name ?? ""
      let isNamed = checkName(name, placed, into: &report)
      let isSound = checkSources(placed, into: &report)
      if names.contains(name) {
        report.error(
          "VOL-03", .duplicate, at: placed.volume.node, "name",
          "another volume of the pod is called \(PodFieldChecks.quoted(name)) already, and mounts "
            + "could not tell them apart", help: "give one of them another name")
      } else if isNamed, isSound, !broken.contains(placed.index) {
        names.insert(name)
      }
    }
  }

  private static func checkName(
    _ name: String, _ placed: PlacedVolume, into report: inout Report
  ) -> Bool {
    guard !name.isEmpty else {
      PodFieldChecks.missing(
        "VOL-01", at: placed.volume.node, "name", "mounts could not name the volume",
        into: &report)
      return false
    }
    let problems = NameFormat.dnsLabel(name)
    LabelChecks.refuse(
      "VOL-02", problems, of: name, as: "the name of a volume", at: placed.volume.node, "name",
      into: &report)
    return problems.isEmpty
  }

  /// Paths of second sources that the server spells in its own way.
  private static let oddFields = ["cephfs": "cephFS", "downwardAPI": "downwarAPI"]

  private static func checkSources(_ placed: PlacedVolume, into report: inout Report) -> Bool {
    guard let source = placed.source else {
      report.error(
        "VOL-04", .required, at: placed.volume.node, .root,
        "the volume does not say what it is made of",
        help: "add 'emptyDir', 'configMap', 'secret', 'persistentVolumeClaim' or another source")
      return false
    }
    for field in placed.others {
      report.error(
        "VOL-05", .forbidden, at: placed.volume.node, FieldPath([.field(field)]),
        "the volume is made of '\(source.field)' already; it cannot be '\(field)' as well",
        help: "remove one of them, or make two volumes",
        server: oddFields[field].map { FieldPath([.field($0)]) })
    }
    return placed.others.isEmpty
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "VOL-01", "a volume has a name", bad: "spec.volumes = [{emptyDir: {}}]",
      good: "spec.volumes = [{name: a, emptyDir: {}}]"),
    RuleDescription(
      "VOL-02", "a volume's name is a DNS label", bad: "spec.volumes = [{name: my_data}]",
      "spec.volumes = [{name: my.data}]", good: "spec.volumes = [{name: 0-data}]"),
    RuleDescription(
      "VOL-03", "volumes have different names", bad: "spec.volumes = [{name: a}, {name: a}]",
      good: "spec.volumes = [{name: a}, {name: b}]"),
    RuleDescription(
      "VOL-04", "a volume has a source; 'emptyDir' where none is written",
      bad: "spec.volumes = [{name: a, image: {reference: b}}]",
      good: "spec.volumes = [{name: a}]", version: KubernetesVersion(minor: 34)),
    RuleDescription(
      "VOL-05", "a volume has one source",
      bad: "spec.volumes = [{name: a, emptyDir: {}, secret: {secretName: b}}]",
      "spec.volumes = [{name: a, secret: {secretName: b}, cephfs: {monitors: [c]}}]",
      good: "spec.volumes = [{name: a, emptyDir: {}, secret: null}]"),
    .untestable(
      "VOL-06", "a volume with a mistake in it is as good as not there",
      because: "mounts of it are found as MNT-02"),
  ]
}
