import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags pods that run as a ServiceAccount nobody makes.
struct MissingServiceAccount: PodUniverseAdvice {
  static let about = AdviceDescription(
    "REF008", "missing-service-account", .warning, .recommended, fix: .hint,
    "A pod runs as a ServiceAccount that is not in the repository.",
    why: """
      The server refuses pods whose ServiceAccount does not exist, so a Deployment stays without \
      any. The account 'default' is there in every namespace.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        serviceAccountName: wep # want: no ServiceAccount 'wep' is in the repository
        containers: [{name: app, image: "nginx:1.29.1"}]
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: web, namespace: shop}
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: web, namespace: shop}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                serviceAccountName: web # want: no ServiceAccount 'web' is in namespace 'shop'
                restartPolicy: Never
                containers: [{name: app, image: "nginx:1.29.1"}]
      ---
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: web, namespace: other}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        serviceAccountName: default
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        serviceAccountName: web
        containers: [{name: app, image: "nginx:1.29.1"}]
      --- # file: accounts/web.yaml
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: web}
      """,
    ])

  static let needs = ["serviceAccountName", "serviceAccount"]

  static func check(
    _ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport
  ) {
    guard let node = pod.spec.node["serviceAccountName"] ?? pod.spec.node["serviceAccount"],
      let name = node.string, !name.isEmpty, name != "default"
    else { return }
    switch universe.find("ServiceAccount", name, for: pod.object) {
    case .missing:
      let near = universe.name(meantBy: name, ofKind: "ServiceAccount", near: pod.object)
      report.flag(
        at: node, "no ServiceAccount '\(name)' is in the repository",
        help: near.map { "did you mean '\($0)'?" }
          ?? "add it, or declare it as external where something else makes it")
    case .elsewhere(let others):
      let space = universe.namespace(of: pod.object) ?? ""
      report.flag(
        at: node, "no ServiceAccount '\(name)' is in namespace '\(space)'",
        help: "pods run as accounts of their own namespace",
        related: others.prefix(3).map { report.related("there is one here", at: $0.place, of: $0) })
    default: return
    }
  }
}
