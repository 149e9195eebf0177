import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags disruption budgets without pods, and pods with two budgets.
struct BudgetOverlapOrIdle: UniverseAdvice {
  static let about = AdviceDescription(
    "REF014", "pdb-overlap-or-idle", .warning, .recommended,
    "A PodDisruptionBudget selects no pods, or pods that another one selects as well.",
    why: """
      A budget without pods protects nothing. Where two budgets select a pod, the server answers \
      every eviction of it with an error, and nodes cannot be drained.
      """,
    bad: [
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec:
        minAvailable: 1
        selector: # want: no pod has the labels app=wep
          matchLabels: {app: wep}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web}
      spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: front}
      spec:
        maxUnavailable: 1
        selector: {matchLabels: {tier: front}} # want: PodDisruptionBudget web selects
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: front}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web, namespace: shop}
      spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
      ---
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: web, namespace: other}
      spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      --- # file: other.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: other}
      spec:
        replicas: 2
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: {name: all}
      spec: {minAvailable: 1, selector: {}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ])

  static let kinds = ["PodDisruptionBudget"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let spec = object.node[.spec] else { return }
    let pods = universe.selectedPods(of: object)
    guard !pods.isEmpty else { return checkIdle(object, spec, universe, into: &report) }
    var seen: Set<ObjectIdentifier> = []
    for pod in pods {
      for other in universe.objects(ofKind: "PodDisruptionBudget", selectingPodsOf: pod.object) {
        // Each pair once, at the later one.
        if other === object { break }
        guard seen.insert(ObjectIdentifier(other)).inserted,
          universe.shareNamespace(other, object), universe.areAppliedTogether(other, object),
          other.name != object.name
        else { continue }
        report.flag(
          at: spec, "selector", "\(other.title) selects the pods of \(pod.object.title) as well",
          help: "leave each pod to one budget", anchor: .key,
          related: [
            report.related("the other budget", at: other.place, of: other),
            report.related("the pods", at: pod.object.place, of: pod.object),
          ])
      }
    }
  }

  private static func checkIdle(
    _ object: AdviceObject, _ spec: NodeRef, _ universe: Universe,
    into report: inout AdviceReport
  ) {
    guard let written = spec[.selector] else {
      return report.missing(
        "selector", in: spec, "without a selector the budget is for no pod",
        help: "select the pods; {} selects all of the namespace")
    }
    guard let selector = universe.selector(of: object), !selector.isEmpty,
      !universe.mayHoldPods(of: selector, near: object)
    else { return }
    report.flag(
      at: written, "no pod has the labels \(selector)",
      help: universe.nearestPod(to: selector, near: object)
        ?? "select the labels that the pods have", anchor: .key)
  }
}

extension Universe {
  /// Who has most of the labels that `selector` wants, as help; nil where nobody has any.
  func nearestPod(to selector: LabelSelector, near object: AdviceObject) -> String? {
    let keys = selector.requirements.map(\.key)
    var best: (count: Int, pod: AdvicePod)?
    for pod in pods where shareNamespace(pod.object, object) {
      let count = keys.count { pod.labels[$0] != nil }
      if count > best?.count ?? 0 { best = (count, pod) }
    }
    return best.map { best in
      let labels = best.pod.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      return "\(best.pod.object.title) has \(labels.joined(separator: ","))"
    }
  }
}
