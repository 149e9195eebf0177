import ManifestModel
import ManifestSchema
import ManifestSyntax

/// Flags containers that may take all memory of their node.
struct NoMemoryLimit: PodAdvice {
  static let about = AdviceDescription(
    "RES003", "no-memory-limit", .warning, .recommended, fix: .hint,
    "A container that runs for long has no limit of memory.",
    why: """
      Memory cannot be taken back from a process. Without a limit one that leaks takes the node \
      with it, and the kernel then kills others. A limit of the pod, or of a LimitRange, holds as \
      well.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # want: container 'app' has no memory limit
          image: nginx:1.29.1
      """,
      """
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec:
        selector: {matchLabels: {app: web}}
        template:
          metadata: {labels: {app: web}}
          spec:
            containers:
            - name: app
              image: nginx:1.29.1
              resources:
                limits: # want: container 'app' has no memory limit
                  cpu: 1
                requests: {memory: 64Mi}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        initContainers:
        - {name: setup, image: "busybox:1.37"}
        containers:
        - {name: app, image: "nginx:1.29.1", resources: {limits: {memory: 64Mi}}}
      """,
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: defaults}
      spec:
        limits:
        - {type: Container, default: {memory: 64Mi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - {name: app, image: "nginx:1.29.1"}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.longRunning where pod.limit("memory", of: container) == nil {
      report.missing(
        "resources.limits.memory", in: container.node, "\(container.title) has no memory limit",
        help: "set resources.limits.memory to the most that it may take")
    }
  }
}
