import ManifestModel
import ManifestSyntax

/// Flags containers that keep capabilities, or add others than the one for low ports.
struct RestrictedCapabilities: PodAdvice {
  static let about = AdviceDescription(
    "PSR006", "capabilities-restricted", .warning, .strict, fix: .unsafe,
    "A container keeps capabilities that it could drop.",
    why: """
      Few programs need any of root's powers, and those that listen on a low port need one. The \
      restricted Pod Security Standard wants every container to drop ALL, spelled so, and lets \
      nothing but NET_BIND_SERVICE be added; pods for Windows are exempt.
      """,
    supersedes: ["PSB004"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: # want: container 'app' does not drop ALL capabilities
            runAsNonRoot: true
        - name: other # want: container 'other' does not drop ALL capabilities
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext:
            capabilities:
              drop: [all] # want: container 'app' does not drop ALL capabilities
        - name: other
          image: nginx:1.29.1
          securityContext:
            capabilities:
              drop: [ALL]
              add:
              - NET_BIND_SERVICE
              - CHOWN # want: container 'other' adds the capability 'CHOWN'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {capabilities: {drop: [NET_RAW, ALL], add: [NET_BIND_SERVICE]}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        os: {name: windows}
        containers:
        - {name: app, image: "web:1.0"}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    if pod.isExemptAsWindows(report.version) { return }
    for container in pod.containers {
      checkDropped(container, into: &report)
      guard let context = container.node[.securityContext] else { continue }
      for item in SecurityScope(node: context, container: container).addedCapabilities {
        guard let name = item.string, name != "NET_BIND_SERVICE" else { continue }
        report.flag(
          at: item, "\(container.title) adds the capability '\(name)'", help: "remove it",
          fixes: [
            report.removing(item, title: "remove '\(name)'", safety: .changesBehavior)
          ])
      }
    }
  }

  private static func checkDropped(_ container: AdviceContainer, into report: inout AdviceReport) {
    let dropped = container.ownSecurity("capabilities.drop")
    if let dropped, dropped.items.contains(where: { $0.string == "ALL" }) { return }
    let path: FieldPath = "securityContext.capabilities.drop"
    let message = "\(container.title) does not drop ALL capabilities"
    let help = "set securityContext.capabilities.drop to [ALL]"
    let fixes = [
      report.setting(
        container.node, path, to: "[ALL]", title: "drop ALL capabilities",
        safety: .changesBehavior)
    ]
    if let dropped {
      report.flag(at: dropped, message, help: help, anchor: .key, fixes: fixes)
    } else {
      report.missing(path, in: container.node, message, help: help, fixes: fixes)
    }
  }
}
