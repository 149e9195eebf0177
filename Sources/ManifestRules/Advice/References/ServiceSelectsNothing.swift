import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags Services without pods behind them.
struct ServiceSelectsNothing: UniverseAdvice {
  static let about = AdviceDescription(
    "REF001", "service-selects-nothing", .warning, .recommended, fix: .hint,
    "The selector of a Service fits no pod of the repository.",
    why: """
      A Service without endpoints refuses every connection, and nothing else tells: it is created \
      without a warning. Mostly a label was renamed in one of two places.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        selector: # want: no pod has the labels app=wep
          app: wep
        ports: [{port: 80}]
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        selector: {app: web, tier: front} # want: no pod has the labels app=web,tier=front
        ports: [{port: 80}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: other, labels: {app: web, tier: front}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web, namespace: shop}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      --- # file: elsewhere/web.yaml
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {app: web, extra: label}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: no-selector}
      spec:
        ports: [{port: 80}]
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: outside}
      spec:
        type: ExternalName
        externalName: db.example.com
        selector: {app: nobody}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: prometheus, namespace: shop}
      spec:
        selector: {app.kubernetes.io/name: prometheus, app.kubernetes.io/instance: k8s}
        ports: [{port: 9090}]
      ---
      apiVersion: monitoring.coreos.com/v1
      kind: Prometheus
      metadata: {name: k8s, namespace: shop}
      """,
    ])

  static let kinds = ["Service"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let spec = object.node[.spec], spec["type"]?.string != "ExternalName",
      let written = spec[.selector], written.count > 0
    else { return }
    guard universe.selectedPods(of: object).isEmpty else { return }
    let labels = AdviceObject.texts(written)
    guard labels.count == written.count else { return }
    let selector = LabelSelector(matchLabels: labels)
    // A template or a broken file may hold the pods, or an operator make them.
    if universe.mayHoldPods(of: selector, near: object) { return }
    report.flag(
      at: written, "no pod has the labels \(selector)", help: nearest(labels, object, universe),
      anchor: .key)
  }

  /// The pod that has most of the labels.
  private static func nearest(
    _ labels: [String: String], _ object: AdviceObject, _ universe: Universe
  ) -> String {
    guard let best = universe.pod(withMostOf: labels.keys, near: object) else {
      return "give the pods these labels, or the Service those of the pods"
    }
    let own = best.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    return "\(best.object.title) has \(own.joined(separator: ","))"
  }
}
