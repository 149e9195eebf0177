import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags Deployments behind a Service that stop all pods before they start new ones.
struct RecreateStrategy: UniverseAdvice {
  static let about = AdviceDescription(
    "REL004", "recreate-strategy", .note, .strict,
    "A Deployment behind a Service stops all of its pods for every update.",
    why: """
      With the strategy Recreate the Service has no pods from the moment the old ones stop until \
      the new ones are ready. That is right where two versions must not run at once, and an outage \
      otherwise.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        strategy:
          type: Recreate # want: Service web has no pods during updates
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: front, namespace: shop}
      spec: {selector: {tier: front}, ports: [{port: 80}]}
      --- # file: web.yaml
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web, namespace: shop}
      spec:
        replicas: 3
        strategy: {type: Recreate} # want: Service shop/front has no pods during updates
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web, tier: front}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: worker}
      spec:
        strategy: {type: Recreate}
        selector: {matchLabels: {app: worker}}
        template:
          metadata: {labels: {app: worker}}
          spec: {containers: [{name: app, image: "worker:1.0"}]}
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        strategy: {type: RollingUpdate}
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: {containers: [{name: app, image: "nginx:1.29.1"}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: web}
      spec: {selector: {app: web}, ports: [{port: 80}]}
      """,
    ])

  static let needs = ["strategy"]

  static let kinds = ["Deployment"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let type = object.node[.spec]?["strategy"]?["type"], type.string == "Recreate",
      let service = universe.objects(ofKind: "Service", selectingPodsOf: object).first
    else { return }
    report.flag(
      at: type, "\(service.title) has no pods during updates",
      help: "use RollingUpdate where two versions may run at once",
      related: [report.related("the Service", at: service.place, of: service)])
  }
}
