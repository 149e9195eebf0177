import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that see the unmasked `/proc`, with a user namespace or without.
struct RestrictedProcMount: PodAdvice {
  static let about = AdviceDescription(
    "PSR007", "proc-mount-restricted", .warning, .strict, fix: .unsafe,
    "A container sees the unmasked /proc, which the restricted standard never takes.",
    why: """
      From 1.35 on the baseline Pod Security Standard lets pods with a user namespace of their own \
      choose how /proc is mounted. The restricted one does not.
      """,
    supersedes: ["PSB009"],
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostUsers: false
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
          - {name: build, image: "build:1.0", securityContext: {procMount: Unmasked}} # want: 'build'
          containers: [{name: app, image: "nginx:1.29.1"}]
        """, version: KubernetesVersion(minor: 35)),
    ],
    good: [
      AdviceExample(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: judged-by-the-baseline}
        spec:
          hostUsers: false
          containers:
          - {name: app, image: "nginx:1.29.1", securityContext: {procMount: Unmasked}}
        """, version: KubernetesVersion(minor: 34)),
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        hostUsers: false
        containers:
        - {name: app, image: "nginx:1.29.1", securityContext: {procMount: Default}}
      """,
    ])

  static let needs = ["procMount"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    guard report.version.minor >= 35 else { return }
    ProcMount.flag(pod, into: &report)
  }
}
