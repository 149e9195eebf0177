import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags controllers that would never find the pods they make.
struct SelectorTemplateMismatch: ObjectAdvice {
  static let about = AdviceDescription(
    "COR001", "selector-template-mismatch", .error, .recommended, fix: .hint,
    "The selector of a controller does not fit the labels of its own template.",
    why: """
      A controller finds its pods by their labels. Where the ones that it makes do not fit, it \
      would make more of them for ever; the server refuses such an object.
      """,
    supersedes: ["DEP-06", "RS-07", "STS-03", "DSET-03", "RCTL-01"],
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata:
            labels:
              app: wep # want: the labels of the template do not fit the selector: app=web is missing
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector:
          matchLabels: {app: agent}
          matchExpressions: [{key: tier, operator: NotIn, values: [front]}]
        template:
          metadata: {labels: {app: agent, tier: front}} # want: tier!=front is missing
          spec: {containers: [{name: app, image: "agent:1.0"}]}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector:
          matchExpressions:
          - {key: app, operator: In, values: [web, api]}
          - {key: old, operator: DoesNotExist}
        template:
          metadata: {labels: {app: web, extra: label}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: report}
      spec:
        template:
          spec: {restartPolicy: Never, containers: [{name: app, image: "app:1.0"}]}
      """,
    ])

  static let kinds = [
    "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController",
  ]

  static func check(_ object: AdviceObject, into report: inout AdviceReport) {
    guard let spec = object.node[.spec], let written = spec[.selector],
      let template = spec[.template]
    else { return }
    let selector: LabelSelector
    if object.kind == "ReplicationController" {
      let labels = AdviceObject.texts(written)
      guard labels.count == written.count else { return }
      selector = LabelSelector(matchLabels: labels)
    } else {
      guard let read = report.universe.selector(of: object) ?? Selections.read(written) else {
        return
      }
      selector = read
    }
    let labels =
      report.universe.pod(of: object)?.labels
      ?? AdviceObject.texts(template[.metadata]?[.labels])
    guard let missed = selector.requirements.first(where: { !$0.matches(labels) }) else { return }
    let message = "the labels of the template do not fit the selector: \(missed) is missing"
    let help = "give the template the labels that the selector asks for"
    let related = [report.related("the selector", at: written, of: object, anchor: .key)]
    if let value = template[.metadata]?[.labels]?[missed.key] {
      report.flag(at: value, message, help: help, related: related)
    } else {
      report.missing(
        "template.metadata.labels", in: spec, message, help: help, related: related)
    }
  }
}
