import ManifestModel
import ManifestSyntax

/// Flags containers that can write to their own image's files.
struct WritableRootFilesystem: PodAdvice {
  static let about = AdviceDescription(
    "SEC001", "writable-root-filesystem", .note, .strict, fix: .unsafe,
    "A container can write to its root file system.",
    why: """
      An attacker who cannot write cannot leave a program behind, and a container that does not \
      write loses nothing when it is restarted. What has to be written belongs on a volume.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        securityContext: {runAsNonRoot: true}
        containers:
        - name: app # want: container 'app' can write to its root file system
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
            readOnlyRootFilesystem: false # want: container 'setup' can write
        containers:
        - name: app
          image: nginx:1.29.1
          securityContext: # want: container 'app' can write
            runAsNonRoot: true
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {readOnlyRootFilesystem: true}}
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
    // Windows has no such thing, and the server refuses the field there.
    if pod.isWindows { return }
    for container in pod.containers where container.role != .ephemeral {
      let value = container.ownSecurity("readOnlyRootFilesystem")
      if let value, value.bool != false { continue }
      let message = "\(container.title) can write to its root file system"
      let fixes = [
        report.setting(
          container.node, "securityContext.readOnlyRootFilesystem", to: "true",
          title: "set readOnlyRootFilesystem to true", safety: .changesBehavior)
      ]
      let help = "set readOnlyRootFilesystem to true, with volumes for what must be written"
      if let value {
        report.flag(at: value, message, help: help, fixes: fixes)
      } else {
        report.missing(
          "securityContext.readOnlyRootFilesystem", in: container.node, message, help: help,
          fixes: fixes)
      }
    }
  }
}
