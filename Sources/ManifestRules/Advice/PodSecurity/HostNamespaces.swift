import ManifestModel
import ManifestSyntax

/// Flags pods that share the network, the processes or the memory segments of their node.
struct HostNamespaces: PodAdvice {
  static let about = AdviceDescription(
    "PSB002", "host-namespaces", .error, .recommended, fix: .unsafe,
    "A pod shares a namespace with its node.",
    why: """
      On the network of the host a pod reaches what listens on localhost and escapes network \
      policies; among its processes it reads their environment and may send them signals. The \
      baseline Pod Security Standard forbids hostNetwork, hostPID and hostIPC.
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
          spec:
            hostNetwork: true # want: the pod shares the network of its node
            hostIPC: true # want: the pod shares the memory segments of its node
            containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: batch/v1
      kind: Job
      metadata: {name: probe}
      spec:
        template:
          spec:
            hostPID: true # want: the pod shares the processes of its node
            restartPolicy: Never
            containers: [{name: app, image: "busybox:1.37"}]
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostNetwork: false
        hostPID: false
        shareProcessNamespace: true
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, labels: {hostNetwork: "true"}}
      spec:
        hostUsers: true
        hostname: web
        containers: [{name: app, image: "nginx:1.29.1"}]
      """,
    ])

  static let needs = ["hostNetwork", "hostPID", "hostIPC"]

  private static let fields = [
    ("hostNetwork", "network"), ("hostPID", "processes"), ("hostIPC", "memory segments"),
  ]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for (field, shared) in fields {
      guard let value = pod.spec.node[field], value.bool == true else { continue }
      report.flag(
        at: value, "the pod shares the \(shared) of its node", help: "remove '\(field)'",
        fixes: [
          report.setting(
            value, to: "false", title: "set \(field) to false", safety: .changesBehavior)
        ])
    }
  }
}
