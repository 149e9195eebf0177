import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Templates that the cluster stores although it will refuse their pods (TPR-*).
///
/// A template is checked with fewer rules than a pod. Its controller then tries to make pods for
/// ever, and nothing tells whoever applied the object: so the findings are warnings here.
enum TemplatePodRules: PodRules {
  static let title = "Templates whose pods are refused"

  private static let images: VolumeKinds = ["image"]
  private static let gates = KeySketch(ofKeys: ["schedulingGates"])
  private static let labelKeys = KeySketch(ofKeys: ["matchLabelKeys", "mismatchLabelKeys"])

  static func check(_ pod: PodSubject, into report: inout Report) {
    guard pod.isTemplate else { return }
    for placed in pod.containers {
      let image = placed.container.image ?? ""
      guard PodFieldChecks.isPadded(image) else { continue }
      warn(
        "TPR-01", at: placed.container.node, "image",
        "the image \(PodFieldChecks.quoted(image)) has white space around it",
        help: "remove the white space", into: &report)
    }
    let keys = pod.object.keys
    for (_, node, _) in PlacedVolume.all(in: pod, of: images, report)
    where (node["reference"]?.string ?? "").isEmpty {
      warn(
        "TPR-02", at: node, "reference", "the image volume does not say which image is mounted",
        help: "add 'reference'", into: &report)
    }
    let spec = pod.spec
    if keys.mayMeet(gates), !(spec.nodeName ?? "").isEmpty, !spec.schedulingGates.isEmpty,
      report.version.minor >= 27
    {
      warn(
        "TPR-03", at: spec.node, "nodeName",
        "the pods are put on a node while 'schedulingGates' hold them back",
        help: "remove 'nodeName' or 'schedulingGates'", into: &report)
    }
    if keys.mayMeet(labelKeys) { checkRepeatedKeys(pod, into: &report) }
  }

  private static func warn(
    _ code: String, at node: NodeRef, _ part: FieldPath, _ message: String, help: String,
    into report: inout Report
  ) {
    report.warning(
      code, at: node, part, "\(message); the cluster takes the template, but none of its pods",
      help: help)
  }

  // MARK: - Keys that the cluster adds to selectors

  /// Asks the rules of pods what they say of the pod that the template would make.
  private static func checkRepeatedKeys(_ pod: PodSubject, into report: inout Report) {
    guard usesLabelKeys(pod.spec) else { return }
    let made = PodSubject(
      object: pod.object, template: pod.template, spec: pod.spec, isTemplate: false)
    var findings = Report(version: report.version)
    PodAffinityRules.check(made, into: &findings)
    TopologySpreadRules.check(made, into: &findings)
    let base = pod.spec.node.path.steps.count
    let codes = ["AFF-28": "TPR-04", "TSC-11": "TPR-05"]
    for finding in findings.diagnostics {
      guard let code = codes[finding.code] else { continue }
      warn(
        code, at: pod.spec.node, FieldPath(Array(finding.path.steps.dropFirst(base))),
        finding.message, help: finding.help ?? "remove the key from one of the two",
        into: &report)
    }
  }

  private static func usesLabelKeys(_ spec: PodSpec) -> Bool {
    let terms = [spec.affinity?.podAffinity?.node, spec.affinity?.podAntiAffinity?.node]
    for node in terms {
      guard let affinity = node.map({ PodAffinity($0) }) else { continue }
      let wishes = affinity.preferredDuringSchedulingIgnoredDuringExecution
        .compactMap(\.podAffinityTerm)
      for term in wishes + Array(affinity.requiredDuringSchedulingIgnoredDuringExecution)
      where !term.matchLabelKeys.isEmpty || !term.mismatchLabelKeys.isEmpty {
        return true
      }
    }
    return spec.topologySpreadConstraints.contains { !$0.matchLabelKeys.isEmpty }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "TPR-01", "no white space surrounds the images of a template", on: .deployment,
      bad: "spec.template.spec.containers[0].image = 'nginx '",
      good: "spec.template.spec.containers[0].image = nginx"),
    RuleDescription(
      "TPR-02", "the image volumes of a template name their images", on: .deployment,
      bad: "spec.template.spec.volumes = [{name: v, image: {}}]",
      good: "spec.template.spec.volumes = [{name: v, image: {reference: a}}]"),
    RuleDescription(
      "TPR-03", "a template with scheduling gates names no node", on: .deployment,
      bad: """
        spec.template.spec.nodeName = node-1
        spec.template.spec.schedulingGates = [{name: a}]
        """,
      good: "spec.template.spec.schedulingGates = [{name: a}]"),
    RuleDescription(
      "TPR-04", "a key to match is not in the term's label selector too", on: .deployment,
      bad: affinity("matchLabels: {app: web}"), good: affinity("matchLabels: {tier: web}")),
    RuleDescription(
      "TPR-05", "a key to match is not in the constraint's label selector too", on: .deployment,
      bad: spread("matchLabels: {app: web}"), good: spread("matchLabels: {tier: web}")),
    .untestable(
      "TPR-06", "a template with a service account's token names the account",
      because: "the cluster sets the account of its pods, unless it is configured otherwise"),
    .untestable(
      "TPR-07", "a template's runtime class exists", because: "the classes are in the cluster"),
    .untestable(
      "TPR-08", "a template's overhead is that of its runtime class",
      because: "the classes are in the cluster"),
    .untestable(
      "TPR-09", "no claim of a template is named as one that its pods make",
      because: "the names of its pods are made by the cluster"),
    .untestable(
      "TPR-10", "a template's resize policy fits its restart policy",
      because: "workloads that make such pods have one restart policy"),
    .untestable(
      "TPR-11", "what a template names exists and its limits allow it",
      because: "classes, accounts, quotas and limits are in the cluster"),
  ]

  private static func affinity(_ selector: String) -> RuleExample {
    """
    spec.template.spec.affinity = {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: \
    [{topologyKey: a, labelSelector: {\(selector)}, matchLabelKeys: [app]}]}}
    """
  }

  private static func spread(_ selector: String) -> RuleExample {
    """
    spec.template.spec.topologySpreadConstraints = [{maxSkew: 1, topologyKey: a, \
    whenUnsatisfiable: DoNotSchedule, labelSelector: {\(selector)}, matchLabelKeys: [app]}]
    """
  }
}
