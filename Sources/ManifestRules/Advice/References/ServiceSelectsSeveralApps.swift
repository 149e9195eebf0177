import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags Services that send requests to the pods of different applications.
struct ServiceSelectsSeveralApps: UniverseAdvice {
  static let about = AdviceDescription(
    "REF004", "service-selects-several-apps", .warning, .strict,
    "The selector of a Service fits the pods of several applications.",
    why: """
      Every connection goes to any of the pods. Where they are different programs, some requests \
      reach the wrong one. Several workloads of one application, such as a canary, are fine.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: front}
      spec:
        selector: # want: the selector fits pods of different applications: Deployment admin
          tier: front
        ports: [{port: 80}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: admin}
      spec:
        selector: {matchLabels: {app: admin}}
        template:
          metadata: {labels: {app: admin, tier: front}}
          spec: {containers: [{name: app, image: "admin:1.0"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: front}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: shop}
      spec:
        selector: {app.kubernetes.io/part-of: shop} # want: Deployment web and StatefulSet db
        ports: [{port: 80}]
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app.kubernetes.io/name: web}}
        template:
          metadata:
            labels: {app.kubernetes.io/name: web, app.kubernetes.io/part-of: shop}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      --- # file: db.yaml
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        selector: {matchLabels: {app.kubernetes.io/name: db}}
        template:
          metadata:
            labels: {app.kubernetes.io/name: db, app.kubernetes.io/part-of: shop}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec:
        selector: {app: web}
        ports: [{port: 80}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web, track: stable}}
        template:
          metadata: {labels: {app: web, track: stable}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web-canary}
      spec:
        selector: {matchLabels: {app: web, track: canary}}
        template:
          metadata: {labels: {app: web, track: canary}}
          spec: {containers: [{name: app, image: "nginx:1.29.2"}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: front, namespace: shop}
      spec:
        selector: {tier: front}
        ports: [{port: 80}]
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
      spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: admin, namespace: admin, labels: {app: admin, tier: front}}
      spec: {containers: [{name: app, image: "admin:1.0"}]}
      """,
    ])

  static let kinds = ["Service"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    let pods = universe.selectedPods(of: object)
    guard pods.count > 1, let selector = object.node[.spec]?[.selector] else { return }
    let first = pods[0]
    guard let other = pods.dropFirst().first(where: { !Self.areOneApp(first, $0) }) else { return }
    let names = "\(first.object.title) and \(other.object.title)"
    report.flag(
      at: selector, "the selector fits pods of different applications: \(names)",
      help: "add a label that only the pods have that are meant", anchor: .key,
      related: [first, other].map {
        report.related("one application", at: $0.object.place, of: $0.object)
      })
  }

  /// The labels by which applications are told apart, the clearest first.
  private static let identity = ["app.kubernetes.io/name", "app", "k8s-app", "name"]

  private static func areOneApp(_ left: AdvicePod, _ right: AdvicePod) -> Bool {
    for key in identity {
      guard let one = left.labels[key], let two = right.labels[key] else { continue }
      if one != two { return false }
      let part = "app.kubernetes.io/component"
      guard let one = left.labels[part], let two = right.labels[part] else { return true }
      return one == two
    }
    // Parts of one application mostly begin with its name.
    let first = left.object.name.split(separator: "-").first
    return first == right.object.name.split(separator: "-").first
  }
}
