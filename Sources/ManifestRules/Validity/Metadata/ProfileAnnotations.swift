import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Seccomp and AppArmor profiles that annotations and fields name both (ANN-09 … ANN-13).
enum ProfileAnnotations: PodRules {
  static let title = "Profiles in annotations and in fields"
  static let needs = ["annotations"]

  /// A profile as a field says it, seccomp and AppArmor alike.
  private struct Profile {
    var type: String
    var path: String?

    init?(_ node: NodeRef?) {
      guard let node else { return nil }
      type = node["type"]?.string ?? ""
      path = node["localhostProfile"]?.string
    }

    /// Which part of the field an annotation contradicts; nil where both agree.
    func conflict(with annotation: String, runtimeNames: Set<String>) -> FieldPath? {
      switch type {
      case "Unconfined": return annotation == "unconfined" ? nil : "type"
      case "RuntimeDefault": return runtimeNames.contains(annotation) ? nil : "type"
      case "Localhost":
        guard annotation.hasPrefix("localhost/") else { return "type" }
        let written = annotation.dropFirst("localhost/".count)
        return path.map { $0 == written } == true ? nil : "localhostProfile"
      default: return nil
      }
    }
  }

  static func check(_ pod: PodSubject, into report: inout Report) {
    let annotations = pod.metadata.annotations
    // An existing pod's fields stay as they are, and its annotations may then say what they like.
    guard !annotations.isEmpty, pod.isTemplate || !pod.object.isUpdate else { return }
    checkSeccomp(pod, annotations, into: &report)
    if !pod.isTemplate, !pod.spec.isWindows { checkAppArmor(pod, annotations, into: &report) }
  }

  private static func checkSeccomp(
    _ pod: PodSubject, _ annotations: ViewMap<String>, into report: inout Report
  ) {
    let runtime: Set<String> = ["runtime/default", "docker/default"]
    let field: FieldPath = "securityContext.seccompProfile"
    if let text = annotations[PodAnnotations.seccompKey],
      let profile = Profile(pod.spec.node[field])
    {
      compare(
        ("ANN-09", "ANN-10"), profile, text, runtime, pod.spec.node, field,
        PodAnnotations.seccompKey, into: &report)
    }
    for placed in pod.containers {
      let key = PodAnnotations.seccompPrefix + (placed.container.name ?? "")
      guard let profile = Profile(placed.container.node[field]), let text = annotations[key]
      else { continue }
      compare(
        ("ANN-11", "ANN-11"), profile, text, runtime, pod.spec.node, placed.path + field, key,
        into: &report)
    }
  }

  private static func checkAppArmor(
    _ pod: PodSubject, _ annotations: ViewMap<String>, into report: inout Report
  ) {
    let field: FieldPath = "securityContext.appArmorProfile"
    let podProfile = Profile(pod.spec.node[field])
    for placed in pod.containers {
      let key = PodAnnotations.appArmorPrefix + (placed.container.name ?? "")
      guard let text = annotations[key] else { continue }
      var profile = Profile(placed.container.node[field])
      // The server fills a container's field from its annotation, if it understands it.
      if profile == nil, !isUnderstood(text) { profile = podProfile }
      guard let profile else { continue }
      compare(
        ("ANN-12", "ANN-13"), profile, text, ["runtime/default"], pod.spec.node,
        placed.path + field, key, into: &report)
    }
  }

  private static func isUnderstood(_ annotation: String) -> Bool {
    if annotation == "unconfined" || annotation == "runtime/default" { return true }
    return annotation.hasPrefix("localhost/") && annotation != "localhost/"
  }

  private static func compare(
    _ codes: (type: String, path: String), _ profile: Profile, _ annotation: String,
    _ runtimeNames: Set<String>, _ node: NodeRef, _ field: FieldPath, _ key: String,
    into report: inout Report
  ) {
    guard let part = profile.conflict(with: annotation, runtimeNames: runtimeNames) else { return }
    report.error(
      part == "type" ? codes.type : codes.path, .forbidden, at: node, field + part,
      "the field says '\(profile.path ?? profile.type)', and annotation '\(key)' says "
        + PodFieldChecks.quoted(annotation),
      help: "remove the annotation; the field is what counts")
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "ANN-09", "the pod's seccomp annotation and field name the same type",
      bad: """
        metadata.annotations = {\(PodAnnotations.seccompKey): unconfined}
        spec.securityContext.seccompProfile = {type: RuntimeDefault}
        """,
      good: """
        metadata.annotations = {\(PodAnnotations.seccompKey): docker/default}
        spec.securityContext.seccompProfile = {type: RuntimeDefault}
        """),
    RuleDescription(
      "ANN-10", "the pod's seccomp annotation and field name the same file",
      bad: """
        metadata.annotations = {\(PodAnnotations.seccompKey): localhost/a.json}
        spec.securityContext.seccompProfile = {type: Localhost, localhostProfile: b.json}
        """,
      good: """
        metadata.annotations = {\(PodAnnotations.seccompKey): localhost/a.json}
        spec.securityContext.seccompProfile = {type: Localhost, localhostProfile: a.json}
        """),
    RuleDescription(
      "ANN-11", "a container's seccomp annotation and field agree",
      bad: """
        metadata.annotations = {\(PodAnnotations.seccompPrefix)app: runtime/default}
        spec.containers[0].securityContext.seccompProfile = {type: Unconfined}
        """,
      good: """
        metadata.annotations = {\(PodAnnotations.seccompPrefix)app: unconfined}
        spec.containers[0].securityContext.seccompProfile = {type: Unconfined}
        """),
    RuleDescription(
      "ANN-12", "a container's AppArmor annotation and field name the same type",
      bad: """
        metadata.annotations = {\(PodAnnotations.appArmorPrefix)app: runtime/default}
        spec.containers[0].securityContext.appArmorProfile = {type: Unconfined}
        """,
      good: """
        metadata.annotations = {\(PodAnnotations.appArmorPrefix)app: runtime/default}
        spec.securityContext.appArmorProfile = {type: Unconfined}
        """),
    RuleDescription(
      "ANN-13", "a container's AppArmor annotation and field name the same file",
      bad: """
        metadata.annotations = {\(PodAnnotations.appArmorPrefix)app: localhost/a}
        spec.containers[0].securityContext.appArmorProfile = {type: Localhost, localhostProfile: b}
        """,
      good: """
        metadata.annotations = {\(PodAnnotations.appArmorPrefix)app: localhost/a}
        spec.containers[0].securityContext.appArmorProfile = {type: Localhost, localhostProfile: a}
        """),
  ]
}
