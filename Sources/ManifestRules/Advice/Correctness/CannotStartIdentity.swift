import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that must not be root and are.
struct CannotStartIdentity: PodAdvice {
  static let about = AdviceDescription(
    "COR011", "cannot-start-identity", .error, .recommended,
    "A container has to run as root and must not.",
    why: """
      With runAsNonRoot the kubelet refuses to start a container whose user is 0: it reports \
      CreateContainerConfigError. What a container does not say holds from its pod.
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
          securityContext:
            runAsNonRoot: true
            runAsUser: 0 # want: container 'app' has to run as user 0, and runAsNonRoot forbids it
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsNonRoot: true}
        initContainers:
        - name: setup
          image: busybox:1.37
          securityContext: {runAsUser: 0} # want: container 'setup' has to run as user 0
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 1000}}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsNonRoot: true, runAsUser: 0}
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 1000}}
        - {name: root, image: "nginx:1.29.1", securityContext: {runAsNonRoot: false}}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {runAsUser: 0}}
        - {name: other, image: "nginx:1.29.1", securityContext: {runAsNonRoot: true}}
      """,
    ])

  static let needs = ["runAsNonRoot"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    var isPodTold = false
    for container in pod.containers {
      guard let rule = container.security("runAsNonRoot"), rule.node.bool == true,
        let user = container.security("runAsUser"), user.node.int64 == 0
      else { continue }
      if user.level == .pod {
        if isPodTold { continue }
        isPodTold = true
      }
      report.flag(
        at: user.node, "\(container.title) has to run as user 0, and runAsNonRoot forbids it",
        help: "choose another user, or let it be root",
        related: [report.related("root is forbidden here", at: rule.node, of: pod.object)])
    }
  }
}
