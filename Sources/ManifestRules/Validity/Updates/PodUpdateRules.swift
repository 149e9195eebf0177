import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Updates of Pods: little of a running pod can change.
enum PodUpdateRules: UpdateRules {
  static let title = "Updates of pods"
  static let kinds = [GroupVersionKind(group: "", version: "v1", kind: "Pod")]

  static func check(_ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report) {
    checkAnnotations(old, new, into: &report)
    guard let before = old.node[.spec].flatMap(PodSpec.read),
      let after = new.node[.spec].flatMap(PodSpec.read)
    else { return }
    for role in [ContainerRole.regular, .initial] {
      guard checkContainers(before, after, role, into: &report) else { return }
    }
    guard checkDeadline(before, after, into: &report) else { return }
    checkTolerations(before, after, into: &report)
    checkGates(before, after, into: &report)
  }

  /// Whether the server comes to compare the rest of the specs.
  static func isComparable(_ old: ObjectSubject, _ new: ObjectSubject) -> Bool {
    guard let before = old.node[.spec].flatMap(PodSpec.read),
      let after = new.node[.spec].flatMap(PodSpec.read)
    else { return false }
    var report = Report(version: .latest)
    return [ContainerRole.regular, .initial].allSatisfy {
      before.containers($0).count == after.containers($0).count
    } && checkDeadline(before, after, into: &report)
  }

  // MARK: - Annotations

  static let mirror = "kubernetes.io/config.mirror"
  static let appArmor = "container.apparmor.security.beta.kubernetes.io/"

  private static func checkAnnotations(
    _ old: ObjectSubject, _ new: ObjectSubject, into report: inout Report
  ) {
    let before = old.metadata.annotations
    let after = new.metadata.annotations
    guard !before.isEmpty || !after.isEmpty, let metadata = new.node[.metadata] else { return }
    let (known, wanted) = (before.dictionary, after.dictionary)
    for key in Set(known.keys).union(wanted.keys).sorted() {
      let isMirror = key == mirror
      guard isMirror || key.hasPrefix(appArmor), known[key] != wanted[key] else { continue }
      report.error(
        isMirror ? "PODU-16" : "PODU-15", .forbidden, at: metadata,
        FieldPath("annotations").key(key),
        isMirror
          ? "whether a pod mirrors one of its node is fixed when it is made"
          : "the AppArmor profile of a container is fixed when the pod is made",
        help: "leave the annotation as it was, or delete the pod and create it anew")
    }
  }

  // MARK: - Containers

  /// Returns whether the lists can be compared.
  private static func checkContainers(
    _ old: PodSpec, _ new: PodSpec, _ role: ContainerRole, into report: inout Report
  ) -> Bool {
    let containers = new.containers(role)
    guard containers.count == old.containers(role).count else {
      report.error(
        "PODU-02", .forbidden, at: new.node, FieldPath([.field(role.field)]),
        """
        there are \(containers.count) \(role.field) and were \(old.containers(role).count); a \
        pod keeps its containers
        """,
        help: "delete the pod and create it anew, or let a Deployment do it")
      return false
    }
    for (index, container) in containers.enumerated() {
      let image = container.image ?? ""
      let part = FieldPath([.field(role.field), .index(index), .field("image")])
      if image.isEmpty {
        report.error(
          "PODU-03", .required, at: new.node, part, "a container cannot lose its image",
          help: "name the image")
      } else if TextTrimming.trimmed(image) != image {
        report.error(
          "PODU-03", .invalid, at: new.node, part, "the image '\(image)' has blanks around it",
          help: "remove them")
      }
    }
    return true
  }

  // MARK: - Fields that may change one way

  /// Returns whether the rest of the spec can be compared.
  private static func checkDeadline(
    _ old: PodSpec, _ new: PodSpec, into report: inout Report
  ) -> Bool {
    let part: FieldPath = "activeDeadlineSeconds"
    let before = old.activeDeadlineSeconds
    guard let after = new.activeDeadlineSeconds else {
      guard let before else { return true }
      report.error(
        "PODU-05", .invalid, at: new.node, part,
        "the deadline of '\(before)' seconds cannot be taken back",
        help: "keep it, or make it shorter")
      return true
    }
    guard (0...Int64(Int32.max)).contains(after) else {
      report.error(
        "PODU-06", .invalid, at: new.node, part,
        "activeDeadlineSeconds is '\(after)'; it must be between 0 and \(Int32.max)",
        help: "write a number of seconds in that range")
      return false
    }
    guard let before, before < after else { return true }
    report.error(
      "PODU-04", .invalid, at: new.node, part,
      "activeDeadlineSeconds is '\(after)' and was '\(before)'; a deadline can only become shorter",
      help: "write at most \(before)")
    return false
  }

  /// What makes two tolerations the same, however long they last.
  private struct TolerationKey: Hashable {
    var parts: [String]
    init(_ toleration: Toleration) {
      parts = [
        toleration.key ?? "", toleration.operator ?? "", toleration.value ?? "",
        toleration.effect ?? "",
      ]
    }
  }

  private static func checkTolerations(
    _ old: PodSpec, _ new: PodSpec, into report: inout Report
  ) {
    let kept = Set(new.tolerations.map(TolerationKey.init))
    guard let lost = old.tolerations.first(where: { !kept.contains(TolerationKey($0)) }) else {
      return
    }
    report.error(
      "PODU-07", .forbidden, at: new.node, "tolerations",
      "the toleration of '\(lost.key ?? "")' is gone or changed; a pod keeps its tolerations",
      help: "add it again as it was; only 'tolerationSeconds' may change")
  }

  private static func checkGates(_ old: PodSpec, _ new: PodSpec, into report: inout Report) {
    let known = Set(old.schedulingGates.map { $0.name ?? "" })
    var last: [String: Int] = [:]
    for (index, gate) in new.schedulingGates.enumerated() { last[gate.name ?? ""] = index }
    for (name, index) in last.sorted(by: { $0.value < $1.value }) where !known.contains(name) {
      report.error(
        "PODU-08", .forbidden, at: new.node,
        FieldPath([.field("schedulingGates"), .index(index), .field("name")]),
        "the gate '\(name)' is new; the gates of a pod can only be opened",
        help: "remove it")
    }
  }

  static let rules: [RuleDescription] = [
    .untestable(
      "PODU-01", "The new pod follows the rules of new ones.",
      because: "each of those rules has its own id and examples"),
    RuleDescription(
      "PODU-02", "A pod keeps the number of its containers.", on: .podUpdate,
      bad: "spec.containers = [{name: app, image: a:1}, {name: b, image: b:1}]",
      "spec.initContainers = [{name: b, image: b:1}]", good: "spec.containers[0].image = nginx:1.30"
    ),
    RuleDescription(
      "PODU-03", "A container has an image, without blanks around it.", on: .podUpdate,
      bad: "spec.containers[0].image = ''", "spec.containers[0].image = ' nginx:1.29'",
      good: "spec.containers[0].image = nginx:1.30"),
    RuleDescription(
      "PODU-04", "A deadline only becomes shorter.", on: .podUpdate,
      bad: "spec.activeDeadlineSeconds = 60\n---\nspec.activeDeadlineSeconds = 61",
      good: "spec.activeDeadlineSeconds = 60\n---\nspec.activeDeadlineSeconds = 59",
      "spec.activeDeadlineSeconds = 60"),
    RuleDescription(
      "PODU-05", "A deadline is not taken back.", on: .podUpdate,
      bad: "spec.activeDeadlineSeconds = 60\n---\nmetadata.labels = {a: b}",
      good: "spec.activeDeadlineSeconds = 60\n---\nspec.activeDeadlineSeconds = 60"),
    RuleDescription(
      "PODU-06", "A deadline lies between 0 and 2147483647 seconds.", on: .podUpdate,
      bad: "spec.activeDeadlineSeconds = -1", "spec.activeDeadlineSeconds = 2147483648",
      good: "spec.activeDeadlineSeconds = 2147483647"),
    RuleDescription(
      "PODU-07", "A pod keeps its tolerations; new ones may be added.", on: .podUpdate,
      bad: "spec.tolerations = [{key: a, operator: Exists}]\n---\nspec.tolerations = []",
      """
      spec.tolerations = [{key: a, operator: Exists}]\n---\nspec.tolerations = [{key: b, \
      operator: Exists}]
      """,
      good:
        """
        spec.tolerations = [{key: a, operator: Exists}]\n---\nspec.tolerations = [{key: b, \
        operator: Exists}, {key: a, operator: Exists}]
        """
    ),
    RuleDescription(
      "PODU-08", "Scheduling gates are only opened.", on: .podUpdate,
      bad: "spec.schedulingGates = [{name: a}]",
      good: "spec.schedulingGates = [{name: a}, {name: b}]\n---\nspec.schedulingGates = [{name: b}]"
    ),
    RuleDescription(
      "PODU-15", "AppArmor annotations stay as they are.", on: .podUpdate,
      bad:
        "metadata.annotations = {container.apparmor.security.beta.kubernetes.io/app: unconfined}",
      good: "metadata.annotations = {example.com/a: b}"),
    RuleDescription(
      "PODU-16", "The annotation of mirror pods stays as it is.", on: .podUpdate,
      bad: "metadata.annotations = {kubernetes.io/config.mirror: x}",
      good: "metadata.annotations = {example.com/a: b}"),
    .untestable(
      "PODU-17", "Other labels and annotations may change.", because: "nothing is refused"),
  ]
}
