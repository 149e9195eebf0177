import ManifestModel
import ManifestSyntax

/// Flags Windows containers that run as processes of their node.
struct HostProcess: PodAdvice {
  static let about = AdviceDescription(
    "PSB001", "host-process", .error, .recommended, fix: .unsafe,
    "A Windows container runs as a process of its node.",
    why: """
      A host process has no isolation at all: it sees the disks, the network and the users of the \
      node. The baseline Pod Security Standard forbids it for the pod and for every container.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: agent}
      spec:
        hostNetwork: true
        securityContext:
          windowsOptions:
            hostProcess: true # want: the pod runs as processes of the host
        containers:
        - {name: agent, image: "agent:1.2"}
      """,
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: agent}
      spec:
        selector: {matchLabels: {app: agent}}
        template:
          metadata: {labels: {app: agent}}
          spec:
            initContainers:
            - name: install
              image: agent:1.2
              securityContext:
                windowsOptions: {hostProcess: true} # want: container 'install' runs as processes
            containers:
            - {name: agent, image: "agent:1.2"}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        os: {name: windows}
        securityContext: {windowsOptions: {hostProcess: false, runAsUserName: ContainerUser}}
        containers:
        - {name: web, image: "web:1.2"}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web, annotations: {hostProcess: "true"}}
      spec:
        containers:
        - {name: web, image: "web:1.2", securityContext: {windowsOptions: {runAsUserName: app}}}
      """,
    ])

  static let needs = ["hostProcess"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.securityScopes {
      guard let value = scope.node["windowsOptions"]?["hostProcess"], value.bool == true else {
        continue
      }
      report.flag(
        at: value, "\(scope.owner) runs as processes of the host",
        help: "remove it, unless the program is an agent of the node",
        fixes: [
          report.setting(
            value, to: "false", title: "set hostProcess to false", safety: .changesBehavior)
        ])
    }
  }
}
