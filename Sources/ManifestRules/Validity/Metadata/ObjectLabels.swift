import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Labels and annotations of objects.
enum ObjectLabels: ObjectRules {
  static let title = "Labels and annotations of objects"
  static let needs = ["labels", "annotations"]

  static func check(_ object: ObjectSubject, into report: inout Report) {
    let metadata = object.metadata
    LabelChecks.labels(
      metadata.labels, at: object.node, "metadata.labels", codes: ("META-07", "META-08"),
      into: &report)
    LabelChecks.annotations(
      metadata.annotations, at: object.node, "metadata.annotations",
      codes: ("META-09", "META-10"), into: &report)
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "META-07",
      "a label's key is a name of at most 63 characters, maybe with a DNS name before it",
      bad: "metadata.labels['my app'] = web", "metadata.labels = {-app: web}",
      "metadata.labels = {example.com/: web}", "metadata.labels = {Example.com/app: web}",
      good: "metadata.labels = {app: web, example.com/App_1: web}"),
    RuleDescription(
      "META-08", "a label's value is empty or a name of at most 63 characters",
      bad: "metadata.labels.app = my web", "metadata.labels.app = web-",
      "metadata.labels.app = \(String(repeating: "a", count: 64))",
      good: "metadata.labels.app = ''", "metadata.labels.app = Web_1.a"),
    RuleDescription(
      "META-09", "an annotation's key is formed like a label's, with capitals allowed in front",
      bad: "metadata.annotations = {'my note': x}", "metadata.annotations = {a/b/c: x}",
      good: "metadata.annotations = {Example.com/note: any text at all}"),
    RuleDescription(
      "META-10", "annotations have at most 256 KiB together",
      bad: "metadata.annotations.text = \(String(repeating: "a", count: 262_141))",
      good: "metadata.annotations.text = \(String(repeating: "a", count: 262_140))"),
  ]
}

/// Labels and annotations in pod templates.
enum TemplateLabels: PodRules {
  static let title = "Labels and annotations of pod templates"
  static let needs = ["labels", "annotations"]

  static func check(_ pod: PodSubject, into report: inout Report) {
    guard pod.isTemplate, let metadata = pod.template.metadata else { return }
    // The server leaves 'metadata' out of these paths.
    LabelChecks.labels(
      metadata.labels, at: pod.template.node, "metadata.labels", codes: ("META-26", "META-26"),
      server: "labels", into: &report)
    LabelChecks.annotations(
      metadata.annotations, at: pod.template.node, "metadata.annotations",
      codes: ("META-27", "META-27"), server: "annotations", into: &report)
  }

  static let rules: [RuleDescription] = [
    RuleDescription(
      "META-26", "a template's labels are formed like an object's", on: .deployment,
      bad: "spec.template.metadata.labels = {app: web, tier: 'a b'}",
      good: "spec.template.metadata.labels = {app: web, tier: a_b}"),
    RuleDescription(
      "META-27", "a template's annotations are formed like an object's", on: .deployment,
      bad: "spec.template.metadata.annotations = {'my note': x}",
      good: "spec.template.metadata.annotations = {note: any text at all}"),
    .untestable(
      "META-28", "names and other metadata in a template are stored and never used",
      because: "the cluster accepts them; DRP-06 says that they do nothing"),
  ]
}
