import ManifestModel
import ManifestSyntax

/// Flags pods that switch seccomp off.
struct SeccompUnconfined: PodAdvice {
  static let about = AdviceDescription(
    "PSB010", "seccomp-unconfined", .error, .recommended, fix: .hint,
    "Seccomp is switched off.",
    why: """
      The runtime's filter keeps containers from the system calls that are mostly of use for \
      breaking out. Unconfined takes it away. The baseline Pod Security Standard takes \
      RuntimeDefault, Localhost, or nothing at all.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext:
          seccompProfile:
            type: Unconfined # want: the seccomp profile of the pod is 'Unconfined'
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {seccompProfile: {type: RuntimeDefault}}
        containers:
        - name: app
          image: nginx:1.29.1
        ephemeralContainers:
        - name: debug
          image: busybox:1.37
          securityContext: {seccompProfile: {type: Unconfined}} # want: container 'debug'
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: nothing-said}
      spec:
        securityContext: {runAsNonRoot: true}
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["seccompProfile"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.securityScopes { flag(scope, into: &report) }
  }

  /// Says that a profile is neither the runtime's nor one of the node.
  static func flag(_ scope: SecurityScope, into report: inout AdviceReport) {
    guard let value = scope.text("seccompProfile", "type"), let type = value.string,
      type != "RuntimeDefault", type != "Localhost"
    else { return }
    report.flag(
      at: value, "the seccomp profile of \(scope.owner) is '\(type)'",
      help: "write RuntimeDefault")
  }
}
