import ManifestModel
import ManifestSyntax

/// Flags containers that may do everything on their node.
struct Privileged: PodAdvice {
  static let about = AdviceDescription(
    "PSB003", "privileged", .error, .recommended, fix: .unsafe,
    "A container runs privileged.",
    why: """
      A privileged container has every capability and all devices of its node: whoever breaks into \
      it owns the node. The baseline Pod Security Standard forbids it for containers of every role.
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
            privileged: true # want: container 'app' is privileged
      """,
      """
      apiVersion: batch/v1
      kind: CronJob
      metadata: {name: clean}
      spec:
        schedule: "0 3 * * *"
        jobTemplate:
          spec:
            template:
              spec:
                restartPolicy: Never
                initContainers:
                - name: setup
                  image: busybox:1.37
                  securityContext: {privileged: true} # want: container 'setup' is privileged
                containers:
                - {name: app, image: busybox:1.37}
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
          securityContext: {privileged: false, allowPrivilegeEscalation: true}
      """,
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: web}
      data:
        pod.yaml: |
          securityContext:
            privileged: true
      """,
    ])

  static let needs = ["privileged"]

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.containers {
      guard let value = container.ownSecurity("privileged"), value.bool == true else { continue }
      report.flag(
        at: value, "container '\(container.name)' is privileged",
        help: "remove it, and add the capabilities that are really needed",
        fixes: [
          report.setting(
            value, to: "false", title: "set privileged to false", safety: .changesBehavior)
        ])
    }
  }
}
