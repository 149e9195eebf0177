import ManifestModel
import ManifestSyntax

/// Flags containers whose processes may gain more rights than they were started with.
struct PrivilegeEscalation: PodAdvice {
  static let about = AdviceDescription(
    "PSR002", "privilege-escalation", .warning, .strict, fix: .unsafe,
    "A container does not forbid its processes to gain rights.",
    why: """
      Unless allowPrivilegeEscalation is false, a program with the set-uid bit runs as root even \
      when the container does not. The restricted Pod Security Standard wants an explicit false in \
      every container; pods for Windows are exempt.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: # want: container 'app' does not forbid privilege escalation
            runAsNonRoot: true
        - name: other # want: container 'other' does not forbid privilege escalation
          image: nginx:1.29.1
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - name: setup
          image: busybox:1.37
          securityContext:
            allowPrivilegeEscalation: true # want: container 'setup' allows privilege escalation
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {allowPrivilegeEscalation: false}
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
          securityContext: {allowPrivilegeEscalation: false}
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
      let value = container.ownSecurity("allowPrivilegeEscalation")
      if let value, value.bool != true { continue }
      let path: FieldPath = "securityContext.allowPrivilegeEscalation"
      // The server refuses the combination with the two that need it.
      let canFix =
        container.ownSecurity("privileged")?.bool != true
        && !SecurityScope(node: container.node[.securityContext] ?? container.node, container: nil)
          .addedCapabilities.contains { $0.string == "CAP_SYS_ADMIN" }
      let fixes =
        canFix
        ? [
          report.setting(
            container.node, path, to: "false", title: "set allowPrivilegeEscalation to false",
            safety: .changesBehavior)
        ] : []
      if let value {
        report.flag(
          at: value, "\(container.title) allows privilege escalation", help: "set it to false",
          fixes: fixes)
      } else {
        report.missing(
          path, in: container.node, "\(container.title) does not forbid privilege escalation",
          help: "set securityContext.allowPrivilegeEscalation to false", fixes: fixes)
      }
    }
  }
}
