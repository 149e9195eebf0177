import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Owner references and finalizers.
enum OwnersAndFinalizers: ObjectRules {
  static let title = "Owners and finalizers"
  static let needs = ["ownerReferences", "finalizers"]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    checkOwners(object, into: &report)
    checkFinalizers(object, into: &report)
  }

  // MARK: - Owners

  private static func checkOwners(_ object: ObjectSubject, into report: inout Report) {
    var hasController = false
    var seen: Set<[String?]> = []
    for reference in object.metadata.ownerReferences {
      let apiVersion = reference.apiVersion ?? ""
      let version = versionPart(of: apiVersion)
      if version.isEmpty {
        missing("META-11", "apiVersion", "version", reference, object, into: &report)
      }
      let parts = [
        ("META-12", "kind", reference.kind), ("META-13", "name", reference.name),
        ("META-14", "uid", reference.uid),
      ]
      for (code, field, value) in parts where value?.isEmpty ?? true {
        missing(code, FieldPath([.field(field)]), field, reference, object, into: &report)
      }
      if apiVersion == "v1", reference.kind == "Event" {
        report.error(
          "META-15", .invalid, at: reference.node, .root, "an Event cannot own anything",
          help: "remove this owner", serverField: "metadata.ownerReferences")
      }
      // The server removes what is written twice before it looks at the list.
      guard reference.controller == true, seen.insert(identity(of: reference)).inserted else {
        continue
      }
      if hasController {
        report.error(
          "META-16", .invalid, at: reference.node, "controller",
          "the object has a second controlling owner; one of them at most can control it",
          help: "remove 'controller: true' here or there",
          serverField: "metadata.ownerReferences")
      }
      hasController = true
    }
  }

  private static func identity(of reference: OwnerReference) -> [String?] {
    [
      reference.apiVersion ?? "", reference.kind ?? "", reference.name ?? "", reference.uid ?? "",
      reference.blockOwnerDeletion.map { $0.description },
    ]
  }

  private static func missing(
    _ code: String, _ part: FieldPath, _ what: String, _ reference: OwnerReference,
    _ object: ObjectSubject, into report: inout Report
  ) {
    report.error(
      code, .invalid, at: reference.node, part,
      "the owner's \(what) is missing; the cluster could not tell who the owner is",
      help: "owners are written by controllers; in a manifest leave 'ownerReferences' out",
      serverField: "metadata.ownerReferences.\(part)")
  }

  /// The version in `group/version` or `version`; empty where the text is neither.
  private static func versionPart(of apiVersion: String) -> Substring {
    let parts = apiVersion.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count <= 2 ? parts.last ?? "" : ""
  }

  // MARK: - Finalizers

  /// The finalizers of the server itself, which need no domain.
  private static let standard: Set<String> = ["kubernetes", "orphan", "foregroundDeletion"]

  private static func checkFinalizers(_ object: ObjectSubject, into report: inout Report) {
    let isBuiltIn = ObjectNameGrammar.isBuiltIn(object.gvk)
    var (orphans, deletes) = (false, false)
    for (index, finalizer) in object.metadata.finalizers.enumerated() {
      let path = FieldPath([.field("metadata"), .field("finalizers"), .index(index)])
      LabelChecks.refuse(
        "META-17", LabelFormat.key(finalizer), of: finalizer, as: "a finalizer", at: object.node,
        path, server: "metadata.finalizers", into: &report)
      if isBuiltIn, !finalizer.contains("/"), !standard.contains(finalizer) {
        report.error(
          "META-18", .invalid, at: object.node, path,
          "\(PodFieldChecks.quoted(finalizer)) is none of the cluster's own finalizers, and others "
            + "need a domain in front",
          help: "write 'example.com/\(finalizer.isEmpty ? "name" : finalizer)' with your domain")
      }
      orphans = orphans || finalizer == "orphan"
      deletes = deletes || finalizer == "foregroundDeletion"
    }
    if orphans, deletes {
      report.error(
        "META-19", .invalid, at: object.node, "metadata.finalizers",
        "'orphan' keeps what the object owns and 'foregroundDeletion' deletes it; both cannot be",
        help: "remove one of them")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "META-11", "an owner's apiVersion has a version",
      bad: owner("kind: Pod, name: a, uid: u"),
      owner("apiVersion: apps/, kind: A, name: a, uid: u"),
      good: owner("apiVersion: apps/v1, kind: Deployment, name: a, uid: u")),
    RuleDescription(
      "META-12", "an owner has a kind", bad: owner("apiVersion: v1, name: a, uid: u"),
      good: owner("apiVersion: v1, kind: Anything, name: a, uid: u")),
    RuleDescription(
      "META-13", "an owner has a name", bad: owner("apiVersion: v1, kind: Pod, name: '', uid: u"),
      good: owner("apiVersion: v1, kind: Pod, name: A_B, uid: u")),
    RuleDescription(
      "META-14", "an owner has a uid", bad: owner("apiVersion: v1, kind: Pod, name: a"),
      good: owner("apiVersion: v1, kind: Pod, name: a, uid: any")),
    RuleDescription(
      "META-15", "an Event owns nothing",
      bad: owner("apiVersion: v1, kind: Event, name: a, uid: u"),
      good: owner("apiVersion: events.k8s.io/v1, kind: Event, name: a, uid: u")),
    RuleDescription(
      "META-16", "an object has at most one controlling owner",
      bad: owner(
        "apiVersion: v1, kind: Pod, name: a, uid: u, controller: true",
        "apiVersion: v1, kind: Pod, name: b, uid: v, controller: true"),
      good: owner(
        "apiVersion: v1, kind: Pod, name: a, uid: u, controller: true",
        "apiVersion: v1, kind: Pod, name: b, uid: v, controller: false")),
    RuleDescription(
      "META-17", "a finalizer is formed like a label's key",
      bad: "metadata.finalizers = ['']", "metadata.finalizers = [example.com/a/b]",
      good: "metadata.finalizers = [example.com/clean-up]"),
    RuleDescription(
      "META-18", "a finalizer of your own has a domain in front",
      bad: "metadata.finalizers = [clean-up]", "metadata.finalizers = [Orphan]",
      good: "metadata.finalizers = [kubernetes, example.com/clean-up]"),
    RuleDescription(
      "META-19", "'orphan' and 'foregroundDeletion' exclude each other",
      bad: "metadata.finalizers = [orphan, foregroundDeletion]",
      good: "metadata.finalizers = [foregroundDeletion]"),
  ]

  private static func owner(_ references: String...) -> RuleExample {
    let list = references.map { "{\($0)}" }.joined(separator: ", ")
    return RuleExample(stringLiteral: "metadata.ownerReferences = [\(list)]")
  }
}
