import ManifestModel
import ManifestSyntax

/// What only a pod on its own, or only a template, may not have.
enum PodOrTemplateRules: PodRules {
  static let title = "Pods and templates"
  static let needs = ["ephemeralContainers", "schedulingGates"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    if !pod.spec.ephemeralContainers.isEmpty { checkEphemeral(pod, into: &report) }
    guard !pod.isTemplate, !pod.object.isUpdate else { return }
    if let name = pod.spec.nodeName, !name.isEmpty, !pod.spec.schedulingGates.isEmpty {
      report.error(
        "PODC-02", .forbidden, at: pod.spec.node, "nodeName",
        "the pod is put on a node while 'schedulingGates' hold it back",
        help: "remove 'nodeName' or 'schedulingGates'")
    }
  }

  private static func checkEphemeral(_ pod: PodSubject, into report: inout Report) {
    if pod.isTemplate {
      report.error(
        "TPL-02", .forbidden, at: pod.spec.node, "ephemeralContainers",
        "a template has no ephemeral containers: they are added to running pods",
        help: "remove them, and use 'kubectl debug'")
    } else if !pod.object.isUpdate {
      report.error(
        "PODC-01", .forbidden, at: pod.spec.node, "ephemeralContainers",
        "a new pod has no ephemeral containers: they are added to running pods",
        help: "remove them, and use 'kubectl debug'")
    }
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "PODC-01", "a new pod has no ephemeral containers",
      bad: "spec.ephemeralContainers = [{name: d, image: b}]",
      good: "spec.ephemeralContainers = []"),
    RuleDescription(
      "PODC-02", "a pod that gates hold back is on no node",
      bad: "spec.nodeName = node-1\nspec.schedulingGates = [{name: a}]",
      good: "spec.schedulingGates = [{name: a}]"),
    .untestable(
      "PODC-03", "a service account token needs a service account",
      because: "findings carry the code VOL-85"),
    .untestable(
      "PODC-04", "no white space surrounds a pod's images",
      because: "findings carry the code CTR-07"),
    .untestable(
      "PODC-05", "in the host's network, ports are the host's",
      because: "findings carry the code POD-24"),
    .untestable(
      "PODC-06", "names of generated claims are valid and free",
      because: "findings carry the codes VOL-37 and VOL-66"),
    .untestable(
      "PODC-07", "an image volume of a pod names its image",
      because: "findings carry the code VOL-63"),
    .untestable(
      "TPL-01", "a template's labels and annotations are checked, nothing else of its metadata",
      because: "findings carry the codes META-26, META-27 and ANN-*"),
    RuleDescription(
      "TPL-02", "a template has no ephemeral containers", on: .deployment,
      bad: "spec.template.spec.ephemeralContainers = [{name: d, image: b}]",
      good: "spec.template.spec.ephemeralContainers = []"),
  ]
}
