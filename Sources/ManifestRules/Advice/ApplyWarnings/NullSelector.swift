import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags spreading and affinity that is about no pods.
struct NullSelector: PodAdvice {
  static let about = AdviceDescription(
    "APW004", "null-selector", .warning, .recommended, fix: .hint,
    "A spread constraint or a term of pod affinity has no labelSelector.",
    why: """
      Without a labelSelector no pod is counted, so the constraint spreads nothing and the term \
      keeps nothing apart. An empty one, `{}`, is about all pods.
      """,
    supersedes: ["WRN-05", "WRN-39"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        topologySpreadConstraints:
        - maxSkew: 1 # want: a constraint without labelSelector spreads nothing
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            affinity:
              podAntiAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 1
                  podAffinityTerm: # want: a term without labelSelector matches no pods
                    topologyKey: kubernetes.io/hostname
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: DoNotSchedule
          labelSelector: {}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        affinity:
          podAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
            - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: db}}}
          nodeAffinity:
            requiredDuringSchedulingIgnoredDuringExecution:
              nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["topologySpreadConstraints", "podAffinity", "podAntiAffinity"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for constraint in pod.spec.node.list("topologySpreadConstraints")
    where constraint.isMapping && constraint["labelSelector"] == nil {
      report.missing(
        "labelSelector", in: constraint, "a constraint without labelSelector spreads nothing",
        help: "select the labels of the pods")
    }
    for field in ["podAffinity", "podAntiAffinity"] {
      guard let part = pod.spec.node["affinity"]?[field] else { continue }
      var terms = Array(part.list("requiredDuringSchedulingIgnoredDuringExecution"))
      for item in part.list("preferredDuringSchedulingIgnoredDuringExecution") {
        if let term = item["podAffinityTerm"] { terms.append(term) }
      }
      for term in terms where term.isMapping && term["labelSelector"] == nil {
        report.missing(
          "labelSelector", in: term, "a term without labelSelector matches no pods",
          help: "select the labels of the pods that are meant")
      }
    }
  }
}
