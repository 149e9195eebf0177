import ManifestModel
import ManifestSchema
import ManifestSyntax

/// What an update may not change in an object's metadata.
enum MetadataUpdateRules: UpdateRules {
  static let title = "Updates of metadata"
  static let kinds: [GroupVersionKind] = []

  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report) {
    guard let before = old.node[.metadata], let after = new.node[.metadata] else { return }
    checkIdentity(before, after, into: &report)
    checkDeletion(before, after, into: &report)
    checkVersion(before, after, into: &report)
  }

  private static func checkIdentity(_ old: NodeRef, _ new: NodeRef, into report: inout Report) {
    func text(_ node: NodeRef, _ name: String) -> String { node[name]?.string ?? "" }
    // A generated name is known to the cluster only.
    if text(old, "name") != text(new, "name"), !text(old, "name").isEmpty {
      report.error(
        "METU-01", .invalid, at: new, "name",
        """
        the name is '\(text(new, "name"))' and was '\(text(old, "name"))'; an object keeps its \
        name
        """,
        help: "keep the name, or delete the old object and create this one")
    }
    let (before, after) = (text(old, "namespace"), text(new, "namespace"))
    if !after.isEmpty, after != (before.isEmpty ? "default" : before) {
      let was = before.isEmpty ? "the old object names none" : "it was '\(before)'"
      report.error(
        "METU-02", .invalid, at: new, "namespace",
        "the namespace is '\(after)' and \(was); an object keeps its namespace",
        help: "keep the namespace, or create another object there")
    }
    let uid = text(new, "uid")
    if !uid.isEmpty, uid != text(old, "uid") {
      report.error(
        "METU-03", .invalid, at: new, "uid",
        "the uid '\(uid)' is not that of the old object, so the cluster reports a conflict",
        help: "remove 'uid'; the cluster owns it")
    }
  }

  private static func checkDeletion(_ old: NodeRef, _ new: NodeRef, into report: inout Report) {
    if let time = new["deletionTimestamp"], old["deletionTimestamp"] == nil {
      report.error(
        "METU-05", .invalid, at: new, "deletionTimestamp",
        "deletionTimestamp is '\(time.string ?? "")'; only a delete sets it",
        help: "remove 'deletionTimestamp'")
    }
    if let seconds = new["deletionGracePeriodSeconds"]?.int64,
      seconds != old["deletionGracePeriodSeconds"]?.int64
    {
      report.error(
        "METU-06", .invalid, at: new, "deletionGracePeriodSeconds",
        "deletionGracePeriodSeconds is '\(seconds)'; only a delete sets it",
        help: "remove 'deletionGracePeriodSeconds'")
    }
    guard old["deletionTimestamp"] != nil else { return }
    let known = Set(ViewList<String>(member: old["finalizers"]))
    let added = ViewList<String>(member: new["finalizers"]).filter { !known.contains($0) }
    guard !added.isEmpty else { return }
    report.error(
      "METU-09", .forbidden, at: new, "finalizers",
      "'\(added.joined(separator: "', '"))' would delay a deletion that has begun",
      help: "remove what was added")
  }

  private static func checkVersion(_ old: NodeRef, _ new: NodeRef, into report: inout Report) {
    guard let version = new["resourceVersion"]?.string, !version.isEmpty,
      version != old["resourceVersion"]?.string
    else { return }
    let isNumber = UInt64(version) != nil
    // Zero stands for whatever there is.
    if isNumber, UInt64(version) == 0 { return }
    report.error(
      "METU-07", .invalid, at: new, "resourceVersion",
      isNumber
        ? """
        resourceVersion '\(version)' is not that of the old object, so the cluster reports a \
        conflict
        """
        : "resourceVersion '\(version)' is none that the cluster gives out",
      help: "remove 'resourceVersion'; the cluster owns it")
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "METU-01", "An object keeps its name.", on: .podUpdate, bad: "metadata.name = web-2",
      good: "metadata.labels = {a: b}"),
    RuleDescription(
      "METU-02", "An object keeps its namespace.", on: .podUpdate,
      bad: "metadata.namespace = shop\n---\nmetadata.namespace = office",
      "metadata.namespace = office",
      good: "metadata.namespace = shop\n---\nmetadata.namespace = shop",
      "metadata.namespace = shop\n---\nmetadata.labels = {a: b}"),
    RuleDescription(
      "METU-03", "An object keeps its uid.", on: .podUpdate, bad: "metadata.uid = a-1",
      good: "metadata.uid = a-1\n---\nmetadata.uid = a-1"),
    .untestable(
      "METU-04", "The time of creation stays.", because: "the server restores it without a word"),
    RuleDescription(
      "METU-05", "Only a delete sets the time of deletion.", on: .serviceUpdate,
      bad: "metadata.deletionTimestamp = '2024-01-01T00:00:00Z'",
      good: "metadata.creationTimestamp = '2024-01-01T00:00:00Z'"),
    RuleDescription(
      "METU-06", "Only a delete sets the grace period.", on: .podUpdate,
      bad: "metadata.deletionGracePeriodSeconds = 3",
      good: "metadata.deletionGracePeriodSeconds = null"),
    RuleDescription(
      "METU-07", "The resource version, where it is given, is the stored one.", on: .podUpdate,
      bad: "metadata.resourceVersion = '1'", "metadata.resourceVersion = x",
      good: "metadata.resourceVersion = '0'",
      "metadata.resourceVersion = '7'\n---\nmetadata.resourceVersion = '7'"),
    .untestable(
      "METU-08", "The generation does not decrease.",
      because: "the server restores it without a word"),
    RuleDescription(
      "METU-09", "Finalizers are not added once the deletion has begun.", on: .podUpdate,
      bad:
        """
        metadata.deletionTimestamp = '2024-01-01T00:00:00Z'\n---\nmetadata.finalizers = \
        [example.com/a]
        """,
      good: "metadata.finalizers = [example.com/a]"),
    .untestable(
      "METU-10", "Labels, annotations, owners and finalizers follow the rules of new objects.",
      because: "each of those rules has its own id (META-*) and examples"),
  ]
}
