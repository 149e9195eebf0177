import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Names that make trouble as host names of pods.
enum NameWarnings: KindRules {
  static let title = "Warnings about names"
  static let kinds = [
    GroupVersionKind(group: "", version: "v1", kind: "Pod"),
    GroupVersionKind(group: "apps", version: "v1", kind: "Deployment"),
    GroupVersionKind(group: "apps", version: "v1", kind: "ReplicaSet"),
  ]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    guard let metadata = object.node[.metadata], let node = metadata[.name] else { return }
    if let (tree, id) = node.treeNode, NameFormat.isPlain(tree.bytes(id)) { return }
    guard let name = node.string, !name.isEmpty else { return }
    guard let problem = NameFormat.dnsLabel(name).first,
      NameFormat.dnsSubdomain(name).isEmpty
    else { return }
    report.warning(
      "WRN-40", at: metadata, "name",
      "'\(name)' is a valid name, but pods take their host name from it: \(problem)",
      help: "choose a name without dots, of 63 characters at most")
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "WRN-40", "A name can be a host name.", bad: "metadata.name = web.1",
      good: "metadata.name = web-1")
  ]
}
