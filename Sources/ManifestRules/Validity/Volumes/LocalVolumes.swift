import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Volumes on the node: empty ones, folders, clones and images (VOL-07 … VOL-12, VOL-63, VOL-64).
enum LocalVolumes: PodRules {
  static let title = "Volumes on the node"
  static let needs = ["volumes"]

  private static let hostPathTypes = [
    "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice",
  ]

  private static let kinds: VolumeKinds = ["emptyDir", "hostPath", "gitRepo", "image"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    for (field, node, _) in PlacedVolume.all(in: pod, of: kinds, report) {
      switch field {
      case "emptyDir": checkEmpty(EmptyDirVolumeSource(node), into: &report)
      case "hostPath": checkHostPath(HostPathVolumeSource(node), into: &report)
      case "gitRepo": checkClone(GitRepoVolumeSource(node), into: &report)
      default: checkImage(ImageVolumeSource(node), isTemplate: pod.isTemplate, into: &report)
      }
    }
  }

  private static let sizeLimit = Key("sizeLimit")

  private static func checkEmpty(_ source: EmptyDirVolumeSource, into report: inout Report) {
    if let (tree, node) = source.node[sizeLimit]?.treeNode, Quantity.isPlain(tree.bytes(node)) {
      return
    }
    guard let limit = source.sizeLimit, limit.sign < 0 else { return }
    report.error(
      "VOL-07", .forbidden, at: source.node, "sizeLimit",
      "'\(limit)' is below zero, and no volume is smaller than nothing",
      help: "write a size like '1Gi', or leave 'sizeLimit' out")
  }

  private static func checkHostPath(_ source: HostPathVolumeSource, into report: inout Report) {
    guard let path = source.path, !path.isEmpty else {
      return PodFieldChecks.missing(
        "VOL-08", at: source.node, "path", "it says which folder of the node is meant",
        into: &report)
    }
    LabelChecks.refuse(
      "VOL-09", FileFormat.withoutBacksteps(path), of: path, as: "a path on the node",
      at: source.node, "path", into: &report)
    guard let type = source.type, !type.isEmpty else { return }
    PodFieldChecks.choice(
      "VOL-10", type, among: hostPathTypes, absence: .isFine, at: source.node, "type",
      into: &report)
  }

  private static func checkClone(_ source: GitRepoVolumeSource, into report: inout Report) {
    VolumeChecks.require(
      "VOL-11", ["repository"], of: source.node, "it says what is cloned", into: &report)
    let folder = source.directory ?? ""
    LabelChecks.refuse(
      "VOL-12", FileFormat.localPath(folder), of: folder, as: "a folder in the volume",
      at: source.node, "directory", into: &report)
  }

  private static func checkImage(
    _ source: ImageVolumeSource, isTemplate: Bool, into report: inout Report
  ) {
    if !isTemplate {
      VolumeChecks.require(
        "VOL-63", ["reference"], of: source.node, "it says which image is mounted", into: &report)
    }
    PodFieldChecks.choice(
      "VOL-64", source.pullPolicy, among: ["Always", "IfNotPresent", "Never"],
      absence: .isDefaulted, at: source.node, "pullPolicy", into: &report)
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "VOL-07", "the size of an empty volume is not below zero",
      bad: "spec.volumes = [{name: a, emptyDir: {sizeLimit: -1Gi}}]",
      good: "spec.volumes = [{name: a, emptyDir: {sizeLimit: 0}}]"),
    RuleDescription(
      "VOL-08", "a hostPath has a path", bad: "spec.volumes = [{name: a, hostPath: {}}]",
      good: "spec.volumes = [{name: a, hostPath: {path: a/b}}]"),
    RuleDescription(
      "VOL-09", "a hostPath does not go up",
      bad: "spec.volumes = [{name: a, hostPath: {path: /a/../b}}]",
      good: "spec.volumes = [{name: a, hostPath: {path: /a/..b}}]"),
    RuleDescription(
      "VOL-10", "a hostPath's type is a known one",
      bad: "spec.volumes = [{name: a, hostPath: {path: /a, type: Dir}}]",
      good: "spec.volumes = [{name: a, hostPath: {path: /a, type: ''}}]",
      "spec.volumes = [{name: a, hostPath: {path: /a, type: CharDevice}}]"),
    RuleDescription(
      "VOL-11", "a gitRepo has a repository", bad: "spec.volumes = [{name: a, gitRepo: {}}]",
      good: "spec.volumes = [{name: a, gitRepo: {repository: r}}]"),
    RuleDescription(
      "VOL-12", "a gitRepo's folder stays in the volume",
      bad: "spec.volumes = [{name: a, gitRepo: {repository: r, directory: /a}}]",
      "spec.volumes = [{name: a, gitRepo: {repository: r, directory: a/..}}]",
      good: "spec.volumes = [{name: a, gitRepo: {repository: r, directory: .}}]"),
    RuleDescription(
      "VOL-63", "an image volume of a pod names its image",
      bad: "spec.volumes = [{name: a, image: {}}]",
      good: "spec.volumes = [{name: a, image: {reference: b}}]"),
    RuleDescription(
      "VOL-64", "an image volume's pullPolicy is Always, IfNotPresent or Never",
      bad: "spec.volumes = [{name: a, image: {reference: b, pullPolicy: always}}]",
      good: "spec.volumes = [{name: a, image: {reference: b, pullPolicy: Never}}]"),
  ]
}
