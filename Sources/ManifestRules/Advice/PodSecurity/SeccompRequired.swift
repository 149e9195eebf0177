import ManifestModel
import ManifestSyntax

/// Flags containers without a seccomp profile.
struct SeccompRequired: PodAdvice {
  static let about = AdviceDescription(
    "PSR005", "seccomp-required", .warning, .strict, fix: .unsafe,
    "A container has no seccomp profile.",
    why: """
      Unless the kubelet was told otherwise, a container for which nobody chose a profile runs \
      without one, and may use every system call. The restricted Pod Security Standard wants \
      RuntimeDefault or Localhost at the container or, where that says nothing, at the pod; pods \
      for Windows are exempt.
      """,
    supersedes: ["PSB010"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {seccompProfile: {type: RuntimeDefault}}
        - name: other # want: container 'other' has no seccomp profile
          image: nginx:1.29.1
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
          securityContext:
            seccompProfile:
              type: Unconfined # want: the seccomp profile of container 'app' is 'Unconfined'
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: # want: container 'app' has no seccomp profile
          runAsNonRoot: true
        containers:
        - name: app
          image: nginx:1.29.1
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {seccompProfile: {type: RuntimeDefault}}
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsNonRoot: true}}
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
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    if pod.isExemptAsWindows(report.version) { return }
    for scope in pod.securityScopes { SeccompUnconfined.flag(scope, into: &report) }
    guard pod.security("seccompProfile.type") == nil else { return }
    var isPodsPlaceTold = false
    for container in pod.containers where container.ownSecurity("seccompProfile.type") == nil {
      let place = pod.placeOfShared("seccompProfile.type", missingIn: container)
      let isPods = place.node.path == pod.spec.node.path
      if isPods, isPodsPlaceTold { continue }
      isPodsPlaceTold = isPodsPlaceTold || isPods
      report.missing(
        place.path, in: place.node, "\(container.title) has no seccomp profile",
        help: "set securityContext.seccompProfile.type to RuntimeDefault, at the pod for all",
        fixes: [
          report.setting(
            place.node, place.path, to: "RuntimeDefault",
            title: "set seccompProfile to RuntimeDefault", safety: .changesBehavior)
        ])
    }
  }
}
