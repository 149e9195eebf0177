import ManifestModel
import ManifestSyntax

/// Flags pods that are given a key to the API server.
struct ServiceAccountToken: PodUniverseAdvice {
  static let about = AdviceDescription(
    "SEC002", "service-account-token", .note, .strict, fix: .unsafe,
    "The token of the service account is mounted into a pod.",
    why: """
      Unless the pod or its service account says no, every container finds a token for the API \
      server in its files. Programs that never ask the API server are better off without.
      """,
    bad: [
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec: # want: the token of the service account 'default' is mounted
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: web, namespace: shop}
      automountServiceAccountToken: false
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        serviceAccountName: web
        automountServiceAccountToken: true # want: the token of the service account 'web' is mounted
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        automountServiceAccountToken: false
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: web}
      automountServiceAccountToken: false
      --- # file: web.yaml
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        serviceAccountName: web
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static func check(_ pod: AdvicePod, in universe: Universe, into report: inout AdviceReport) {
    let field: FieldPath = "automountServiceAccountToken"
    let account = pod.serviceAccount
    let message = "the token of the service account '\(account)' is mounted"
    let help = "set automountServiceAccountToken to false where the API server is not asked"
    let fixes = [
      report.setting(
        pod.spec.node, field, to: "false", title: "set automountServiceAccountToken to false",
        safety: .changesBehavior)
    ]
    if let value = pod.spec.node["automountServiceAccountToken"] {
      if value.bool == true { report.flag(at: value, message, help: help, fixes: fixes) }
      return
    }
    if case .objects(let accounts) = universe.find("ServiceAccount", account, for: pod.object),
      accounts.contains(where: { $0.node["automountServiceAccountToken"]?.bool == false })
    {
      return
    }
    report.missing(field, in: pod.spec.node, message, help: help, fixes: fixes)
  }
}

extension AdvicePod {
  /// Where the service account is named, be it by the newer field or the older one.
  var serviceAccountNode: NodeRef? {
    for field in ["serviceAccountName", "serviceAccount"] {
      if let node = spec.node[field], let name = node.string, !name.isEmpty { return node }
    }
    return nil
  }

  /// The service account that the pod has.
  var serviceAccount: String { serviceAccountNode?.string ?? "default" }
}
