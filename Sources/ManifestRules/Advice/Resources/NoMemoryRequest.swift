import ManifestSyntax

/// Flags containers for which no memory is set aside.
struct NoMemoryRequest: PodAdvice {
  static let about = AdviceDescription(
    "RES001", "no-memory-request", .warning, .recommended,
    "A container that keeps running asks for no memory.",
    why: """
      The scheduler places pods by their requests. Without one the container counts as needing \
      nothing, so its node may be full when it starts, and it is among the first to be killed when \
      memory runs out.
      """,
    bad: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec:
        containers:
        - name: app # want: container 'app' requests no memory
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
            initContainers:
            - name: proxy
              image: proxy:1.0
              restartPolicy: Always
              resources:
                requests: # want: container 'proxy' requests no memory
                  cpu: 100m
            containers:
            - name: app
              image: nginx:1.29.1
              resources: {limits: {memory: 64Mi}}
      """,
    ],
    good: [
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: limit-implies-request}
      spec:
        initContainers:
        - {name: setup, image: busybox:1.37}
        containers:
        - {name: app, image: nginx:1.29.1, resources: {limits: {memory: 64Mi}}}
      """,
      """
      apiVersion: v1
      kind: LimitRange
      metadata: {name: defaults, namespace: shop}
      spec:
        limits:
        - {type: Container, defaultRequest: {memory: 64Mi}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop}
      spec:
        containers:
        - {name: app, image: nginx:1.29.1}
      """,
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: pod-level}
      spec:
        resources: {requests: {memory: 64Mi}}
        containers:
        - {name: app, image: nginx:1.29.1}
      """,
    ])

  static func check(_ pod: AdvicePod, into report: inout AdviceReport) {
    for container in pod.longRunning where pod.request("memory", of: container) == nil {
      report.missing(
        "resources.requests.memory", in: container.node,
        "container '\(container.name)' requests no memory",
        help: "set resources.requests.memory to what it needs when it works")
    }
  }
}
