import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags selectors of a pod that were meant for itself and miss it.
struct OwnSelectorDrift: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REF019", "own-selector-drift", .warning, .recommended, fix: .hint,
    "Anti-affinity or a spread constraint misses the pods that it is written for.",
    why: """
      To keep the pods of a workload apart, the selector has to fit their own labels. Where one of \
      the two was renamed, the rule counts nothing, and all replicas may end on one node. \
      Selectors that fit other pods of the repository are taken as meant for those.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: kubernetes.io/hostname
              whenUnsatisfiable: DoNotSchedule
              labelSelector:
                matchLabels:
                  app: wep # want: the spread constraint selects app=wep; these pods have app=web
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        replicas: 3
        selector: {matchLabels: {app.kubernetes.io/name: db}}
        template:
          metadata: {labels: {app.kubernetes.io/name: db}}
          spec:
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector:
                    matchExpressions:
                    - {key: app, operator: In, values: [db]} # want: these pods have no app
            containers: [{name: app, image: "postgres:17.6"}]
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 3
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: front}}
          spec:
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector: {matchLabels: {app: db}}
                preferredDuringSchedulingIgnoredDuringExecution:
                - weight: 1
                  podAffinityTerm:
                    topologyKey: kubernetes.io/hostname
                    labelSelector: {matchExpressions: [{key: tier, operator: In, values: [front]}]}
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
            topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: topology.kubernetes.io/zone
              whenUnsatisfiable: ScheduleAnyway
              labelSelector: {matchLabels: {app: web}}
              matchLabelKeys: [pod-template-hash]
            affinity:
              podAntiAffinity:
                requiredDuringSchedulingIgnoredDuringExecution:
                - topologyKey: kubernetes.io/hostname
                  labelSelector: {matchLabels: {app: webhook}}
            containers: [{name: app, image: "nginx:1.29.1"}]
      --- # file: hook.yaml
      apiVersion: v1
      kind: Pod
      metadata: {name: hook, labels: {app: webhook}}
      spec: {containers: [{name: app, image: "hook:1.0"}]}
      """,
    ])

  static let needs = ["topologySpreadConstraints", "podAntiAffinity"]

  /// Labels that controllers give to pods.
  private static let addedLabels: Set<String> = [
    "pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name",
    "apps.kubernetes.io/pod-index", "job-name", "controller-uid", "batch.kubernetes.io/job-name",
    "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-completion-index",
    "pod-template-generation",
  ]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    for constraint in pod.spec.node.list("topologySpreadConstraints") {
      checkSelector(
        constraint["labelSelector"], "the spread constraint", pod, universe, into: &report)
    }
    for term in pod.antiAffinityTerms {
      guard term["namespaces"] == nil, term["namespaceSelector"] == nil else { continue }
      checkSelector(term["labelSelector"], "the anti-affinity", pod, universe, into: &report)
    }
  }

  private static func checkSelector(
    _ written: NodeRef?, _ title: String, _ pod: AdvicePod, _ universe: Universe,
    into report: inout AdviceReport
  ) {
    guard let written, let selector = Selections.read(written), !selector.isEmpty,
      !selector.matches(pod.labels)
    else { return }
    let missed = selector.requirements.filter {
      !$0.matches(pod.labels) && !addedLabels.contains($0.key)
    }
    guard let first = missed.first else { return }
    let isForSpread = title == "the spread constraint"
    guard isForSpread || looksMeant(selector, missed, pod),
      universe.pods(selectedBy: selector, near: pod.object).isEmpty
    else { return }
    let has = pod.labels[first.key].map { "\(first.key)=\($0)" } ?? "no \(first.key)"
    let message = "\(title) selects \(first); these pods have \(has)"
    let help = "select labels of these pods"
    if first.operator == .in, let value = written[.matchLabels]?[first.key] {
      report.flag(at: value, message, help: help)
    } else if let expression = written.list("matchExpressions").first(where: {
      $0["key"]?.string == first.key && $0["operator"]?.string == first.operator.rawValue
    }) {
      let value = expression["values"]?[0] ?? expression["key"] ?? expression
      report.flag(at: value, message, help: help)
    } else {
      report.flag(at: written, message, help: help, anchor: .key)
    }
  }

  /// Whether a selector that misses the pod has something of it all the same.
  private static func looksMeant(
    _ selector: LabelSelector, _ missed: [LabelSelector.Requirement], _ pod: AdvicePod
  ) -> Bool {
    let isPartOf = selector.requirements.contains { $0.operator == .in && $0.matches(pod.labels) }
    if isPartOf { return true }
    let own = Set(pod.labels.values).union([pod.object.name])
    return missed.contains { requirement in
      requirement.operator == .in
        && requirement.values.contains { value in
          if own.contains(value) { return true }
          guard let label = pod.labels[requirement.key] else { return false }
          return EditDistance.nearest(to: value, in: [label]) != nil
            || value.hasPrefix(label + "-") || label.hasPrefix(value + "-")
        }
    }
  }
}

extension AdvicePod {
  /// The terms of the pod's anti-affinity, required and preferred ones.
  var antiAffinityTerms: [NodeRef] {
    guard let part = spec.node["affinity"]?["podAntiAffinity"] else { return [] }
    return Array(part.list("requiredDuringSchedulingIgnoredDuringExecution"))
      + part.list("preferredDuringSchedulingIgnoredDuringExecution").compactMap {
        $0["podAffinityTerm"]
      }
  }
}
