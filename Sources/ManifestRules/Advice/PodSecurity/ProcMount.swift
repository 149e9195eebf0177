import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that see more of `/proc` than others.
struct ProcMount: PodAdvice {
  static let about = AdviceDescription(
    "PSB009", "proc-mount", .error, .recommended, fix: .unsafe,
    "A container sees the unmasked /proc.",
    why: """
      Runtimes hide and write-protect the parts of /proc that tell about the node or change it. \
      The baseline Pod Security Standard takes only the default; from 1.35 on any value where the \
      pod has a user namespace of its own, since its root is nobody on the node.
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
            procMount: Unmasked # want: container 'app' mounts /proc 'Unmasked'
      """,
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false
          initContainers:
          - name: build
            image: build:1.0
            securityContext: {procMount: Unmasked} # want: container 'build' mounts /proc
          containers: [{name: app, image: "nginx:1.29.1"}]
        """, version: KubernetesVersion(minor: 34)),
    ],
    good: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web}
        spec:
          hostUsers: false
          containers:
          - name: app
            image: nginx:1.29.1
            securityContext: {procMount: Unmasked}
        """, version: KubernetesVersion(minor: 35)),
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: {procMount: Default}
      """,
    ])

  static let needs = ["procMount"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    if pod.hasHarmlessRoot(report.version) { return }
    flag(pod, into: &report)
  }

  /// Says that containers mount /proc in a way that is not the default.
  static func flag(_ pod: AdvicePod, into report: inout AdviceReport) {
    for scope in pod.containerScopes {
      guard let value = scope.node["procMount"], let mount = value.string, mount != "Default",
        !mount.isEmpty
      else { continue }
      report.flag(
        at: value, "\(scope.owner) mounts /proc '\(mount)'", help: "leave it at the default",
        fixes: [
          report.setting(
            value, to: "Default", title: "set procMount to Default", safety: .changesBehavior)
        ])
    }
  }
}
