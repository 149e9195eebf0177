import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags StatefulSets whose pods get no names in the network.
struct GoverningService: UniverseAdvice {
  static let about = AdviceDescription(
    "REF017", "governing-service", .warning, .recommended,
    "The Service that a StatefulSet names is missing, or is not headless.",
    why: """
      The pods of a StatefulSet find each other as `web-0.SERVICE`. These names exist only where \
      the Service does and has `clusterIP: None`.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: dbs # want: no Service 'dbs' is in the repository
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
      """,
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        serviceName: db # want: the Service 'db' is not headless
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      --- # file: service.yaml
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {selector: {app: db}, ports: [{port: 5432}]}
      """,
    ],
    good: [
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db, namespace: shop}
      spec:
        serviceName: db
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      --- # file: services/db.yaml
      apiVersion: v1
      kind: Service
      metadata: {name: db}
      spec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}
      """,
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: db}
      spec:
        selector: {matchLabels: {app: db}}
        template:
          metadata: {labels: {app: db}}
          spec: {containers: [{name: app, image: "postgres:17.6"}]}
      """,
    ])

  static let needs = ["serviceName"]

  static let kinds = ["StatefulSet"]

  static func check(
    _ object: AdviceObject, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let node = object.node[.spec]?["serviceName"], let name = node.string, !name.isEmpty
    else { return }
    switch universe.find("Service", name, group: "", for: object) {
    case .objects(let services):
      guard !services.contains(where: { $0.node[.spec]?["clusterIP"]?.string == "None" }) else {
        return
      }
      report.flag(
        at: node, "the Service '\(name)' is not headless, so the pods get no names of their own",
        help: "name a Service with clusterIP: None",
        related: services.prefix(3).map { report.related("the Service", at: $0.place, of: $0) })
    case .elsewhere(let others):
      report.flag(
        at: node, "no Service '\(name)' is in namespace '\(universe.namespace(of: object) ?? "")'",
        related: others.prefix(3).map { report.related("there is one here", at: $0.place, of: $0) })
    case .missing:
      let near = universe.name(meantBy: name, ofKind: "Service", near: object)
      report.flag(
        at: node, "no Service '\(name)' is in the repository",
        help: near.map { "did you mean '\($0)'?" } ?? "add it, with clusterIP: None")
    default: return
    }
  }
}
